import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { filesBelow } from '../files.ts';

/** Address under which Pagefind believes its files to be; nothing is ever requested from it. */
const pretended = 'disk:///pagefind/';

/**
 * Writes Pagefind a second time as two classic scripts, because a browser that opened a page from
 * disk refuses modules, workers and requests. One holds the index, the other the engine with its
 * requests answered from the first. They are loaded on first use, and only from disk.
 *
 * The engine sets `globalThis.pagefindFromDisk` to what `import('pagefind.js')` gives elsewhere.
 *
 * @param directory folder that holds `pagefind/`
 * @returns the scripts, relative to the folder
 */
export async function writeSearchFromDisk(directory: string): Promise<string[]> {
  const bundle = path.join(directory, 'pagefind');
  const files = (await filesBelow(bundle)).filter(
    (file) => /\.(json|pf_\w+|pagefind)$/.test(file) && !file.includes('unknown'),
  );
  const index: Record<string, string> = {};
  for (const file of files)
    index[file] = (await readFile(path.join(bundle, file))).toString('base64');
  await writeFile(
    path.join(bundle, 'disk-index.js'),
    `globalThis.pagefindFiles=${JSON.stringify(index)};\n`,
  );

  await build({
    stdin: {
      contents: `
        import { createInstance } from './pagefind.js';
        globalThis.pagefindFromDisk = createInstance({
          basePath: ${JSON.stringify(pretended)},
          baseUrl: '/',
          noWorker: true,
        });`,
      resolveDir: bundle,
    },
    outfile: path.join(bundle, 'disk-engine.js'),
    bundle: true,
    format: 'iife',
    charset: 'utf8',
    minify: true,
    target: 'es2022',
    logLevel: 'error',
    define: {
      'import.meta.url': JSON.stringify(`${pretended}pagefind.js`),
      fetch: 'answerFromIndex',
    },
    banner: {
      js: `async function answerFromIndex(address){
        const name=decodeURIComponent(String(address).slice(${pretended.length}).replace(/[?#].*$/,''));
        const data=globalThis.pagefindFiles[name];
        if(data===undefined)return new Response(null,{status:404});
        return new Response(Uint8Array.from(atob(data),(c)=>c.charCodeAt(0)));
      }`,
    },
  });
  return ['pagefind/disk-index.js', 'pagefind/disk-engine.js'];
}
