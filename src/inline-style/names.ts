import path from 'node:path';

/**
 * Names by which a style sheet can mean something on a page: `tag`, `.class`, `#id`. May hold more
 * than is there, such as what a code example shows, never less.
 */
export function namesOn(html: string): Set<string> {
  const names = new Set<string>();
  for (const [, tag = ''] of html.matchAll(/<([a-z][\w-]*)/gi)) names.add(tag.toLowerCase());
  for (const [, name = '', ...values] of html.matchAll(
    /\b(class|id)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))/gi,
  )) {
    const mark = name.toLowerCase() === 'id' ? '#' : '.';
    const value = values.find((one) => typeof one === 'string') ?? '';
    for (const word of value.split(/\s+/)) names.add(mark + word);
  }
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
