import path from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles module scripts into one classic script, which browsers also run from disk.
 *
 * @param directory folder of the site
 * @param modules files of the site or absolute paths, in the order in which the page loads them
 * @param define names in them that stand for values: JavaScript expressions, by name
 * @returns the script, and the modules that went into it, relative to the folder
 */
export async function bundleClassic(
  directory: string,
  modules: readonly string[],
  define: Record<string, string> = {},
): Promise<{ code: string; inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: modules
        .map((file) => `import ${JSON.stringify(path.isAbsolute(file) ? file : `./${file}`)};`)
        .join('\n'),
      resolveDir: directory,
    },
    absWorkingDir: directory,
    bundle: true,
    format: 'iife',
    charset: 'utf8',
    define,
    legalComments: 'none',
    metafile: true,
    minify: true,
    target: 'es2022',
    write: false,
  });
  const inputs = Object.keys(metafile.inputs).filter((input) => input !== '<stdin>');
  return { code: outputFiles[0]?.text ?? '', inputs };
}
