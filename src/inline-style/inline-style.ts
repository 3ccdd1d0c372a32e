import path from 'node:path';
import type { DefaultTreeAdapterTypes as Tree } from 'parse5';
import type { SiteStep } from '../built-site/built-site.ts';
import { attributeOf, element, remove, replace, visit } from '../built-site/tree.ts';
import { nameHash } from '../files.ts';
import { namesOn, wordsOf } from './names.ts';
import { StyleSheet } from './style-sheet.ts';

/**
 * Step that puts into each page the style that the page can use, so that nothing but the document
 * stands before the first paint. It knows the site only as files; addresses of its sheets and scripts
 * begin at its root.
 *
 * - Style sheets that a page's head links are taken apart; the rules that can match on the page go
 *   into one `<style>`. A rule is kept where its tags, classes and ids are on the page or are words
 *   of a script that the page loads; attributes and states such as `[aria-selected]` or `:target`
 *   are taken for possible always.
 * - Rules for paper go into one sheet with `media="print"`, which blocks nothing.
 * - Sheets that are linked in the body stay as they are.
 *
 * Fails where a sheet is not there or cannot be read.
 */
export function inlineStyle(): SiteStep {
  return {
    name: 'inline-style',
    start(site) {
      const files = [...site.files];
      const sheetText = remember((file) => site.read(file));
      const scriptWords = remember((file) => wordsOf(file, (name) => site.read(name)));

      /** What pages that link the same sheets have in common. */
      const sheets = remember(async (key: string) => {
        const { screen, print } = JSON.parse(key) as Links;
        const textOf = async (names: string[]) =>
          (await Promise.all(names.map(sheetText))).join('\n');
        // Sheets that are linked in the body, and what scripts bring, may use what is defined here.
        const others = files.filter(
          (name) => /\.(css|js)$/.test(name) && !screen.includes(name) && !print.includes(name),
        );
        const sheet = new StyleSheet(
          `@media print{${await textOf(print)}}${await textOf(screen)}`,
          await textOf(others),
        );
        const paper = sheet.print();
        if (paper === '') return { sheet };
        const file = path.posix.join(
          path.posix.dirname(screen[0] ?? ''),
          `print.${nameHash(paper)}.css`,
        );
        await site.write(file, paper);
        return { sheet, paper: `/${file}` };
      });

      const taken = new Set<string>();
      return {
        async page(page) {
          const { links, elements } = linkedSheets(page.document);
          const [first, ...others] = elements;
          if (!first || links.screen.length === 0) return undefined;
          const { sheet, paper } = await sheets(JSON.stringify(links));
          const names = namesOn(page.document);
          for (const script of scriptsOn(page.document)) {
            for (const word of await scriptWords(script)) names.add(word);
          }
          replace(
            first,
            element('style', {}, sheet.screen(names)),
            ...(paper ? [element('link', { rel: 'stylesheet', href: paper, media: 'print' })] : []),
          );
          for (const other of others) remove(other);
          page.changed = true;
          return links;
        },
        async take(links: Links | undefined) {
          if (!links) return;
          // Writes the sheet for paper.
          await sheets(JSON.stringify(links));
          for (const name of [...links.screen, ...links.print]) taken.add(name);
        },
        async end() {
          for (const file of taken) await site.remove(file);
        },
      };
    },
  };
}

/** Files of the sheets that a page's head links. */
interface Links {
  screen: string[];
  print: string[];
}

/** The sheets that a page's head links, and the elements that do. */
function linkedSheets(document: Tree.Document): { links: Links; elements: Tree.Element[] } {
  const links: Links = { screen: [], print: [] };
  const elements: Tree.Element[] = [];
  visit(document, (link) => {
    if (link.tagName !== 'link' || link.parentNode?.nodeName !== 'head') return;
    const href = attributeOf(link, 'href') ?? '';
    const media = attributeOf(link, 'media') ?? 'all';
    if (attributeOf(link, 'rel') !== 'stylesheet' || !href.startsWith('/')) return;
    if (!['all', 'screen', 'print'].includes(media)) return;
    links[media === 'print' ? 'print' : 'screen'].push(href.slice(1));
    elements.push(link);
  });
  return { links, elements };
}

/** Files of the scripts that a page loads. */
function scriptsOn(document: Tree.Document): string[] {
  const scripts: string[] = [];
  visit(document, (script) => {
    if (script.tagName !== 'script') return;
    const [, file] = /^\/(.+\.js)$/.exec(attributeOf(script, 'src') ?? '') ?? [];
    if (file !== undefined) scripts.push(file);
  });
  return scripts;
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
