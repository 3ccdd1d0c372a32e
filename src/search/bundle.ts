import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, transform } from 'esbuild';
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
 * Writes the scripts of search beside the index. All are classic scripts, which load from disk too:
 * `engine.js` answers questions, in a worker where there is one; `dialog.js` is what readers see;
 * `highlight.js` marks on a page what it was found by.
 *
 * @param output folder of the index
 * @param runtime text of Pagefind's own script, which becomes part of the engine
 */
export async function bundleBrowserScripts(output: string, runtime: string): Promise<void> {
  const shared = {
    bundle: true,
    format: 'iife',
    charset: 'utf8',
    minify: true,
    target: 'es2022',
    logLevel: 'error',
  } as const;
  await build({
    ...shared,
    entryPoints: [source('engine-script.ts')],
    outfile: path.join(output, 'engine.js'),
    // Pagefind asks for its files with fetch; which files there are, and how they are read, is ours.
    inject: [source('read-index.ts')],
    plugins: [pagefindRuntime(runtime)],
    define: { 'import.meta.url': JSON.stringify(`${pretendedBase}pagefind.js`) },
  });
  await build({
    ...shared,
    entryPoints: [source('dialog.ts'), source('highlight.ts')],
    outdir: output,
    plugins: [styleAsText],
  });
}
