import type { DefaultTreeAdapterTypes as Tree } from 'parse5';
import type { SiteStep } from '../built-site/built-site.ts';
import { attributeOf, textOf } from '../built-site/tree.ts';
import type { Problem } from '../catalog/report.ts';
import { checkNames, leavesSite } from '../portable/check-names.ts';
import { rewriteCss } from '../portable/css.ts';
import { addressesOn } from '../portable/html.ts';
import { place, type SourceOf } from './place.ts';

/** What to ask of one page: its file, and its document. */
export type PageCheck = (file: string, document: Tree.Document) => Problem[];

/** What one page offers to others, and what it asks of them. */
interface CheckedPage {
  file: string;
  ids: Set<string>;
  references: { attribute: string; address: string }[];
  problems: Problem[];
}

export interface SiteCheckOptions {
  /** File that a page was made from, and its text, so that problems can name the place. */
  sourceOf?: SourceOf;
  /** Files that a later step of the build writes; links may lead to them. */
  later?: readonly string[];
  /** What else to ask of each page. */
  checks?: readonly PageCheck[];
}

/**
 * Checks a built site as a reader's browser would meet it: every link and anchor resolves, on any
 * host and from disk, headings go step by step, pictures have text alternatives, every page says what
 * it is. Comes before the steps that change pages, and changes none.
 */
export function siteCheck({
  sourceOf = async () => undefined,
  later = [],
  checks = [],
}: SiteCheckOptions = {}): SiteStep {
  return {
    name: 'site-check',
    async start(site) {
      // As it is now: later steps replace files, and may write more.
      const files = new Set([...site.files, ...later]);
      const problems = checkNames([...files]);
      const pages = new Map<string, CheckedPage>();
      const inSheets: { file: string; address: string }[] = [];
      for (const file of site.files) {
        if (!file.endsWith('.css')) continue;
        rewriteCss(await site.read(file), 'stylesheet', (address) => {
          inSheets.push({ file, address });
          return address;
        });
      }
      return {
        page({ file, document }) {
          const page = readPage(file, document);
          for (const check of checks) page.problems.push(...check(file, document));
          return page;
        },
        take(page: CheckedPage) {
          pages.set(page.file, page);
        },
        async problems() {
          const wrongAddress = (file: string, what: string, address: string): Problem[] => {
            const wrong = brokenReference(file, address, files, pages);
            if (wrong === undefined) return [];
            return [
              { file, what: `the ${what} '${address}' ${wrong}`, mend: 'correct the address' },
            ];
          };
          for (const { file, address } of inSheets) {
            problems.push(...wrongAddress(file, 'url', address));
          }
          for (const page of pages.values()) {
            const found = page.references.flatMap(({ attribute, address }) =>
              wrongAddress(page.file, attribute, address),
            );
            found.unshift(...page.problems);
            if (found.length === 0) continue;
            const source = await sourceOf(page.file);
            problems.push(...found.map((problem) => place(problem, source)));
          }
          return problems;
        },
      };
    },
  };
}

/** What is wrong with an address on a page; undefined if it leads somewhere. */
function brokenReference(
  from: string,
  address: string,
  files: ReadonlySet<string>,
  pages: ReadonlyMap<string, CheckedPage>,
): string | undefined {
  if (/^(https?:|mailto:|data:)/.test(address)) return undefined;
  if (leavesSite(from, address)) return 'leaves the site';
  const url = new URL(address, `https://site.invalid/${from}`);
  if (url.origin !== 'https://site.invalid') return undefined;
  const file = decodeURIComponent(url.pathname).slice(1) || 'index.html';
  if (!files.has(file)) return 'leads to no file';
  const anchor = decodeURIComponent(url.hash.slice(1));
  if (anchor === '' || pages.get(file)?.ids.has(anchor) !== false) return undefined;
  return 'names an anchor that is not there';
}

function readPage(file: string, document: Tree.Document): CheckedPage {
  const page: CheckedPage = { file, ids: new Set(), references: [], problems: [] };
  const report = (what: string, mend: string) => page.problems.push({ file, what, mend });
  const seen = { title: false, description: false, h1: 0, heading: 0 };

  const visit = (node: Tree.ChildNode): void => {
    if (!('tagName' in node)) return;
    const attribute = (name: string) => attributeOf(node, name);
    const id = attribute('id');
    if (id !== undefined) {
      if (page.ids.has(id)) report(`the id '${id}' stands twice`, 'rename one of the headings');
      page.ids.add(id);
    }
    switch (node.tagName) {
      case 'html':
        if (!attribute('lang')) report('the page does not say its language', 'set lang on <html>');
        break;
      case 'title':
        seen.title ||= textOf(node).trim() !== '' && node.parentNode?.nodeName === 'head';
        break;
      case 'meta':
        seen.description ||= attribute('name') === 'description' && !!attribute('content')?.trim();
        break;
      case 'img':
        if (attribute('alt') === undefined) {
          report(`the image '${attribute('src') ?? ''}' has no text alternative`, 'add alt text');
        }
        break;
      case 'svg':
        if (
          attribute('aria-hidden') !== 'true' &&
          !attribute('aria-labelledby') &&
          !attribute('aria-label')
        ) {
          report(
            'an SVG has no text alternative',
            'name it with aria-label, or hide it with aria-hidden',
          );
        }
        break;
      case 'h1':
      case 'h2':
      case 'h3':
      case 'h4':
      case 'h5':
      case 'h6': {
        // Navigation beside the text has headings of its own.
        if (!isInside(node, 'main')) break;
        const level = Number(node.tagName[1]);
        const text = textOf(node).trim();
        if (level === 1) seen.h1++;
        if (level > seen.heading + 1) {
          report(
            `the heading '${text}' skips a level, from ${seen.heading} to ${level}`,
            `make it level ${seen.heading + 1}`,
          );
        }
        seen.heading = level;
        break;
      }
    }
    for (const child of node.childNodes) visit(child);
  };
  for (const child of document.childNodes) visit(child);
  for (const { tag, attribute, address } of addressesOn(document)) {
    if (address === '') report(`a <${tag}> has an empty ${attribute}`, 'give it an address');
    else page.references.push({ attribute: tag === 'a' ? 'link' : attribute, address });
    if (tag === 'use' && address !== '' && !address.startsWith('#')) {
      report(
        `the picture '${address}' is used from another file, which browsers refuse from disk`,
        'put it into the page, or show it with <img>',
      );
    }
  }

  if (!seen.title) report('the page has no title', 'add title to its frontmatter');
  if (!seen.description)
    report('the page has no description', 'add description to its frontmatter');
  if (seen.h1 !== 1) report(`the page has ${seen.h1} main headings`, 'keep exactly one');
  return page;
}

function isInside(node: Tree.Element, tagName: string): boolean {
  let parent: Tree.ParentNode | null = node.parentNode;
  while (parent && 'tagName' in parent) {
    if (parent.tagName === tagName) return true;
    parent = parent.parentNode;
  }
  return false;
}
