import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * Every file below a folder: paths relative to it, with forward slashes, in the same order on every
 * machine.
 *
 * @throws as `readdir` does, where the folder is not there
 */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((file) => file.split(path.sep).join('/'))
    .sort();
}

/** Eight letters for the name of a file, which change with what is in it: such a file may be kept for ever. */
export function nameHash(content: string): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 8);
}

/** The value of a JSON text; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
