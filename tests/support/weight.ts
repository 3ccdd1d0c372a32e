import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { filesBelow } from '../../src/files.ts';

/** What a host sends: brotli at its best, as for files that are compressed once. */
export function brotli(content: Uint8Array | string): Buffer {
  return brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
}

/** Kinds of page, told apart by where they are. */
export const kinds = {
  home: /^index\.html$/,
  'not found': /^404\.html$/,
  index: /^(?!index|404|about)[\w-]+\.html$/,
  project: /^projects\/./,
  library: /^libraries\/./,
  concept: /^concepts\/./,
  about: /^about(\/|\.html$)/,
} as const;

export type Kind = keyof typeof kinds;

/** The kind of a page, by its file; undefined for a page of a kind that nobody has named. */
export function kindOf(file: string): Kind | undefined {
  const found = Object.entries(kinds).find(([, pattern]) => pattern.test(file));
  return found?.[0] as Kind | undefined;
}

/** Pages to look at closely: of each kind the heaviest, and the four libraries with the most code. */
export async function samplePages(dist: string): Promise<string[]> {
  const files = (await filesBelow(dist)).filter((file) => file.endsWith('.html'));
  const texts = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(path.join(dist, file), 'utf8') })),
  );
  const heaviest = Object.keys(kinds).flatMap((kind) => {
    const own = texts.filter(({ file }) => kindOf(file) === kind);
    return own.sort((a, b) => b.text.length - a.text.length).slice(0, 1);
  });
  const code = (text: string) => text.split('<pre').length;
  const programs = texts.sort((a, b) => code(b.text) - code(a.text)).slice(0, 4);
  return [...new Set([...heaviest, ...programs].map(({ file }) => file))].sort();
}
