import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles module scripts into one classic script, which browsers also run from disk.
 *
 * @param directory folder of the site
 * @param modules files of the site, in the order in which the page loads them
 * @param folder where the script is written, relative to the site
 * @returns the script, relative to the site, and the files that went into it
 */
export async function bundleClassic(
  directory: string,
  modules: readonly string[],
  folder: string,
): Promise<{ script: string; inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: modules.map((file) => `import ${JSON.stringify(`./${file}`)};`).join('\n'),
      resolveDir: directory,
    },
    absWorkingDir: directory,
    bundle: true,
    format: 'iife',
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    minify: true,
    target: 'es2022',
    write: false,
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  const hash = createHash('sha256').update(code).digest('base64url').slice(0, 8);
  const script = path.posix.join(folder, `scripts.${hash}.js`);
  await writeFile(path.join(directory, script), code);
  const inputs = Object.keys(metafile.inputs).filter((input) => input !== '<stdin>');
  return { script, inputs };
}
