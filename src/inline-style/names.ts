import path from 'node:path';
import type { DefaultTreeAdapterTypes as Tree } from 'parse5';
import { visit } from '../built-site/tree.ts';

/** Names by which a style sheet can mean something on a page: `tag`, `.class`, `#id`. */
export function namesOn(document: Tree.Document): Set<string> {
  const names = new Set<string>();
  visit(document, ({ tagName, attrs }) => {
    names.add(tagName.toLowerCase());
    for (const { name, value } of attrs) {
      if (name === 'id') names.add(`#${value}`);
      if (name !== 'class') continue;
      for (const word of value.split(/\s+/)) names.add(`.${word}`);
    }
  });
  return names;
}

/**
 * Names that a script, or a module that it imports, may give to what it makes: every word of it, as
 * a tag, a class and an id.
 *
 * @param file script of the site, relative to its folder
 * @param read gives the text of such a file
 */
export async function wordsOf(
  file: string,
  read: (file: string) => Promise<string>,
): Promise<Set<string>> {
  const names = new Set<string>();
  const seen = new Set<string>();
  const visit = async (script: string): Promise<void> => {
    if (seen.has(script)) return;
    seen.add(script);
    const text = await read(script);
    for (const [word] of text.matchAll(/[a-z][\w-]*/gi)) {
      for (const mark of ['', '.', '#']) names.add(mark + word);
    }
    for (const [, other = ''] of text.matchAll(/["'`](\.{1,2}\/[^"'`]+\.js)["'`]/g)) {
      await visit(path.posix.join(path.posix.dirname(script), other));
    }
  };
  await visit(file);
  return names;
}
