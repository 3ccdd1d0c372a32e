import { createHash, type Hash } from 'node:crypto';
import { appendFile, copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { build } from 'esbuild';
import { filesBelow } from '../files.ts';
import { listFile, neverStored, type OfflineList, shortHash, workerFile } from './worker/store.ts';

export interface OfflineOptions {
  /** Files that no reader needs without a network, besides archives and compressed twins. */
  leaveOut?: RegExp;
}

const worker = fileURLToPath(new URL('worker/worker.ts', import.meta.url));
const removingWorker = fileURLToPath(new URL('worker/removing-worker.js', import.meta.url));

/**
 * Astro integration for the time when a site is being written: it serves a worker that removes one which
 * an earlier preview left on the port.
 */
export function withoutWorker(): AstroIntegration {
  return {
    name: 'without-worker',
    hooks: {
      'astro:server:setup': ({ server }) => {
        server.middlewares.use(`${server.config.base}${workerFile}`, async (_request, response) => {
          response.setHeader('content-type', 'text/javascript');
          response.end(await readFile(removingWorker));
        });
      },
    },
  };
}

/** Gives a site the worker that removes an earlier one. Its pages then register none. */
export async function removeOffline(directory: string): Promise<void> {
  await copyFile(removingWorker, path.join(directory, workerFile));
}

/**
 * Marks every page with the name of the build, and writes the offline list and the service worker.
 * Comes last of the steps that change files.
 *
 * @param directory folder of the site
 * @returns the list
 */
export async function writeOffline(
  directory: string,
  { leaveOut = /^pagefind\/disk-/ }: OfflineOptions = {},
): Promise<OfflineList> {
  const names = (await filesBelow(directory)).filter(
    (file) => !neverStored.test(file) && !leaveOut.test(file),
  );
  // Of a large site only hashes fit the memory; those of pages are not finished yet.
  const whole = createHash('sha256');
  const read: { file: string; hash: Hash; bytes: number }[] = [];
  for (const file of names) {
    const content = await readFile(path.join(directory, file));
    const hash = createHash('sha256').update(content);
    whole.update(`${file}\0${hash.copy().digest('hex')}\0`);
    read.push({ file, hash, bytes: content.length });
  }
  const version = whole.digest('base64url').slice(0, 8);

  const files: OfflineList['files'] = {};
  // After the end, where it changes nothing, and where half a page has none.
  const mark = `<!--${version}-->`;
  for (const { file, hash, bytes } of read) {
    const isPage = file.endsWith('.html');
    if (isPage) await appendFile(path.join(directory, file), mark);
    files[file] = isPage
      ? [shortHash(hash.update(mark).digest()), bytes + mark.length]
      : [shortHash(hash.digest()), bytes];
  }
  const list = { version, files };
  await writeFile(path.join(directory, listFile), JSON.stringify(list));
  await build({
    entryPoints: [worker],
    outfile: path.join(directory, workerFile),
    bundle: true,
    format: 'iife',
    charset: 'utf8',
    legalComments: 'none',
    minify: true,
    target: 'es2022',
    define: { VERSION: JSON.stringify(version) },
  });
  return list;
}
