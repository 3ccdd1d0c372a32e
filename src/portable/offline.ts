import { createHash } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { build } from 'esbuild';
import { filesBelow } from '../files.ts';
import { hashOf, listFile, neverStored, type OfflineList, workerFile } from './worker/store.ts';

export interface OfflineOptions {
  /** Files that no reader needs without a network, besides archives and compressed twins. */
  leaveOut?: RegExp;
  /** Takes the worker, and all that it stored, away from readers who have it. */
  remove?: boolean;
}

const worker = fileURLToPath(new URL('worker/worker.ts', import.meta.url));
const removingWorker = fileURLToPath(new URL('worker/removing-worker.js', import.meta.url));

/**
 * Astro integration that gives a finished site a service worker and the list of files that it may
 * keep. Comes last of the steps that change files. While the site is being written, it serves a worker
 * that removes one which an earlier preview left on the port.
 */
export function offline(options: OfflineOptions = {}): AstroIntegration {
  return {
    name: 'offline',
    hooks: {
      'astro:server:setup': ({ server }) => {
        server.middlewares.use(`${server.config.base}${workerFile}`, async (_request, response) => {
          response.setHeader('content-type', 'text/javascript');
          response.end(await readFile(removingWorker));
        });
      },
      'astro:build:done': async ({ dir, logger }) => {
        const directory = fileURLToPath(dir);
        if (options.remove) return removeOffline(directory);
        const { version, files } = await writeOffline(directory, options);
        logger.info(`${Object.keys(files).length} files can be kept offline, version ${version}`);
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
  // Each file is read twice, because a large site need not fit the memory.
  const whole = createHash('sha256');
  for (const file of names) {
    const content = await readFile(path.join(directory, file));
    whole.update(`${file}\0${content.length}\0`).update(content);
  }
  const version = whole.digest('base64url').slice(0, 8);

  const files: OfflineList['files'] = {};
  for (const file of names) {
    const content = await readFile(path.join(directory, file));
    const isPage = file.endsWith('.html');
    // After the end, where it changes nothing, and where half a page has none.
    const marked = isPage ? Buffer.concat([content, Buffer.from(`<!--${version}-->`)]) : content;
    if (isPage) await writeFile(path.join(directory, file), marked);
    files[file] = [await hashOf(new Uint8Array(marked).buffer), marked.length];
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
