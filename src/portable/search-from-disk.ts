import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { filesBelow } from '../files.ts';

/**
 * Writes the files of a Pagefind index a second time, as one classic script, because a browser that
 * opened a page from disk refuses requests. The script sets `globalThis.pagefindFiles` to the files in
 * base64, by name; whoever asks the index reads them there. It is loaded on first use, and only from disk.
 *
 * @param directory folder that holds `pagefind/`
 * @returns the script, relative to the folder
 */
export async function writeSearchFromDisk(directory: string): Promise<string> {
  const folder = path.join(directory, 'pagefind');
  const files: Record<string, string> = {};
  for (const file of await filesBelow(folder)) {
    if (!/\.(json|pf_\w+|pagefind)$/.test(file)) continue;
    files[file] = (await readFile(path.join(folder, file))).toString('base64');
  }
  const script = 'pagefind/disk-index.js';
  await writeFile(
    path.join(directory, script),
    `globalThis.pagefindFiles=${JSON.stringify(files)};\n`,
  );
  return script;
}
