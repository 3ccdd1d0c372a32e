import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { filesBelow } from '../files.ts';
import { namesOn, wordsOf } from './names.ts';
import { StyleSheet } from './style-sheet.ts';

/**
 * Astro integration that puts into each page the style that the page can use, so that nothing but
 * the document stands before the first paint. It knows the site only as files.
 *
 * - Style sheets that a page's head links are taken apart; the rules that can match on the page go
 *   into one `<style>`. A rule is kept where its tags, classes and ids are on the page or are words
 *   of a script that the page loads; attributes and states such as `[aria-selected]` or `:target`
 *   are taken for possible always.
 * - Rules for paper go into one sheet with `media="print"`, which blocks nothing.
 * - Sheets that are linked in the body stay as they are.
 */
export function inlineStyle(): AstroIntegration {
  return {
    name: 'inline-style',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const { pages, styles } = await inlineStyles(fileURLToPath(dir));
        logger.info(`${pages} pages carry their style, in ${styles} versions`);
      },
    },
  };
}

/**
 * Rewrites the pages of a built site in place, and removes the sheets that went into them.
 *
 * @param directory folder of the site; addresses of its sheets and scripts begin at its root
 * @returns how many pages were rewritten, and how many different styles they have
 * @throws where a sheet is not there or cannot be read
 */
export async function inlineStyles(directory: string): Promise<{ pages: number; styles: number }> {
  const files = await filesBelow(directory);
  const read = (file: string) => readFile(path.join(directory, file), 'utf8');
  const sheetText = remember(read);
  const scriptWords = remember(async (file: string) => wordsOf(file, read));

  /** What pages that link the same sheets have in common. */
  const sheets = remember(async (key: string) => {
    const { screen, print } = JSON.parse(key) as Links;
    const textOf = async (names: string[]) => (await Promise.all(names.map(sheetText))).join('\n');
    // Sheets that are linked in the body, and what scripts bring, may use what is defined here.
    const others = files.filter(
      (name) => /\.(css|js)$/.test(name) && !screen.includes(name) && !print.includes(name),
    );
    const sheet = new StyleSheet(
      `@media print{${await textOf(print)}}${await textOf(screen)}`,
      await textOf(others),
    );
    const folder = path.posix.dirname(screen[0] ?? '');
    const paper = sheet.print();
    const hash = createHash('sha256').update(paper).digest('base64url').slice(0, 8);
    const file = path.posix.join(folder, `print.${hash}.css`);
    if (paper !== '') await writeFile(path.join(directory, file), paper);
    const link = paper === '' ? '' : `<link rel="stylesheet" href="/${file}" media="print">`;
    return { sheet, link };
  });

  const taken = new Set<string>();
  const styles = new Set<string>();
  let pages = 0;
  for (const file of files.filter((name) => name.endsWith('.html'))) {
    const html = await read(file);
    const { links, head } = takeLinks(html);
    if (links.screen.length === 0) continue;
    const { sheet, link } = await sheets(JSON.stringify(links));
    const names = namesOn(html);
    for (const [, script = ''] of html.matchAll(/<script\b[^>]*\bsrc="\/([^"]+\.js)"/g)) {
      for (const word of await scriptWords(script)) names.add(word);
    }
    const style = sheet.screen(names);
    for (const name of [...links.screen, ...links.print]) taken.add(name);
    styles.add(style);
    pages++;
    const rest = html.slice(html.indexOf('</head>'));
    // A function, because a style may hold what `replace` takes for a pattern.
    await writeFile(
      path.join(directory, file),
      head.replace(place, () => `<style>${style}</style>${link}`) + rest,
    );
  }
  for (const file of taken) await rm(path.join(directory, file));
  return { pages, styles: styles.size };
}

/** Files of the sheets that a page's head links. */
interface Links {
  screen: string[];
  print: string[];
}

/** Where the first link stood. */
const place = '<!--style-->';

/** The head of a page without its links to style sheets, and what they lead to. */
function takeLinks(html: string): { links: Links; head: string } {
  const links: Links = { screen: [], print: [] };
  let first = true;
  const head = html
    .slice(0, html.indexOf('</head>'))
    .replace(/<link\b[^>]*\brel="stylesheet"[^>]*>/g, (link) => {
      const [, file] = /\bhref="\/([^"]+)"/.exec(link) ?? [];
      const [, media = 'all'] = /\bmedia="([^"]+)"/.exec(link) ?? [];
      if (!file || !['all', 'screen', 'print'].includes(media)) return link;
      links[media === 'print' ? 'print' : 'screen'].push(file);
      const replacement = first ? place : '';
      first = false;
      return replacement;
    });
  return { links, head };
}

/** The same function, which does its work once for each argument. */
function remember<T>(work: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const done = new Map<string, Promise<T>>();
  return (key) => {
    const result = done.get(key) ?? work(key);
    done.set(key, result);
    return result;
  };
}
