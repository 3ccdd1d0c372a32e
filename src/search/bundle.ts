import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin, transform } from 'esbuild';
import { pretendedBase } from './read-index.ts';

/** Gives an imported style sheet as a string, without its white space. */
const styleAsText: Plugin = {
  name: 'style-as-text',
  setup(esbuild) {
    esbuild.onLoad({ filter: /\.css$/ }, async ({ path: file }) => {
      const { code } = await transform(await readFile(file), { loader: 'css', minify: true });
      return { contents: code, loader: 'text' };
    });
  },
};

/** Gives Pagefind's script to whoever imports it. */
const pagefindRuntime = (contents: string): Plugin => ({
  name: 'pagefind-runtime',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^pagefind-runtime$/ }, ({ path: file }) => ({
      path: file,
      namespace: 'pagefind',
    }));
    esbuild.onLoad({ filter: /.*/, namespace: 'pagefind' }, () => ({ contents, loader: 'js' }));
  },
});

const source = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/**
 * Bundles what readers see of search: `dialog.js`, and `highlight.js`, which marks on a page what it
 * was found by.
 *
 * @returns the scripts by name; classic ones, which load from disk too
 */
export function bundleDialog(): Promise<Map<string, string>> {
  return bundle({
    entryPoints: [source('dialog.ts'), source('highlight.ts')],
    plugins: [styleAsText],
  });
}

/**
 * Bundles `engine.js`, which answers questions, in a worker where there is one.
 *
 * @param runtime text of Pagefind's own script, which becomes part of the engine
 * @returns the script by name
 */
export function bundleEngine(runtime: string): Promise<Map<string, string>> {
  return bundle({
    entryPoints: { engine: source('engine-script.ts') },
    // Pagefind asks for its files with fetch; which files there are, and how they are read, is ours.
    inject: [source('read-index.ts')],
    plugins: [pagefindRuntime(runtime)],
    define: { 'import.meta.url': JSON.stringify(`${pretendedBase}pagefind.js`) },
  });
}

async function bundle(options: BuildOptions): Promise<Map<string, string>> {
  const { outputFiles = [] } = await build({
    ...options,
    bundle: true,
    format: 'iife',
    charset: 'utf8',
    minify: true,
    target: 'es2022',
    logLevel: 'error',
    write: false,
    outdir: '/',
  });
  return new Map(outputFiles.map(({ path: file, text }) => [path.basename(file), text]));
}
