import type { DefaultTreeAdapterTypes as Tree } from 'parse5';
import { attributeOf, visit } from '../built-site/tree.ts';
import type { Problem } from '../catalog/report.ts';
import { escapeHtml } from '../markdown/highlight.ts';
import { kinds, nameMark, type SectionKind } from './page-kinds.ts';
import { openPaths } from './words.ts';

/** A place on a page that a result can open at. */
export interface Section {
  /** Id of the element; the page's first section has its main heading's. */
  id: string;
  kind: SectionKind;
  title: string;
  /** Level of the heading; 1 is the top of the page. */
  level: number;
  /** Text below the heading, without what belongs to later sections. */
  text: string;
  /** How much the text counts: 1, or what a `data-pagefind-weight` in it says. */
  weight: number;
  /** Other words by which readers look for it: `slow client`, `slowloris`. Found, but never shown. */
  names: string[];
}

/** What search knows of one page. */
export interface SearchPage {
  /** Address below the root of the site: `libraries/raft-rs.html`. */
  url: string;
  title: string;
  /** Other words by which readers look for it. */
  names: string[];
  /** Values by facet: `{ kind: ['library'], job: ['consensus'] }`. */
  filters: Record<string, string[]>;
  /** Facet values that this page's title is the label of, as `facet:value`. */
  labels: string[];
  sections: Section[];
}

/** The attributes below that are of no use once the index is made. */
export const indexAttributes =
  /^data-(search-(item|title|names|sections|filters|labels)|pagefind-(ignore|weight))$/;

/**
 * Reads a built page. What search sees of it is marked in its HTML, and nowhere else:
 *
 * - `data-pagefind-body` encloses the text, `data-pagefind-ignore` leaves something out
 * - the main heading may carry `data-search-names="a|b"`, `data-search-filters="kind:library job:rpc"`
 *   and `data-search-labels="project:tikv"`; and `data-search-sections='{"id": ["a", "b"]}'`, the other
 *   words by which readers look for sections, by the id of their heading
 * - `data-search-item="identifier"` (or `example`, `fact`) on an element with an id makes it a section
 *   of its own; its title is `data-search-title`, or the text of its first child; it may carry
 *   `data-search-names` too
 * - `data-pagefind-weight` in a section says how much its text counts
 *
 * @returns undefined for a page without text to search
 */
export function readSearchPage(url: string, document: Tree.Document): SearchPage | undefined {
  const body = findBody(document);
  if (!body) return undefined;
  const page: SearchPage = { url, title: '', names: [], filters: {}, labels: [], sections: [] };
  const texts = new Map<Section, string[]>();
  /** Words of programs that the page has shown already. */
  const seen = new Set<string>();
  let heading: Section | undefined;
  let names: Record<string, string[]> = {};

  const begin = (section: Section): Section => {
    page.sections.push(section);
    texts.set(section, []);
    return section;
  };
  const visit = (node: Tree.ChildNode, into: Section | undefined): void => {
    if (node.nodeName === '#text' && 'value' in node) {
      const section = into ?? heading;
      if (section) texts.get(section)?.push(node.value);
      return;
    }
    if (!('tagName' in node) || notText.has(node.tagName)) return;
    const attribute = (name: string) => attributeOf(node, name);
    if (attribute('data-pagefind-ignore') !== undefined) return;
    const id = attribute('id');
    const level = /^h([1-4])$/.exec(node.tagName)?.[1];
    if (level && (id !== undefined || level === '1')) {
      const title = textOf(node);
      if (level === '1') names = namesOfSections(node);
      heading = begin({
        id: id ?? '',
        kind: 'section',
        title,
        level: Number(level),
        text: '',
        weight: 1,
        names: names[id ?? ''] ?? [],
      });
      if (level === '1') {
        page.title = title;
        page.names = list(attribute('data-search-names'), '|');
        page.labels = list(attribute('data-search-labels'), ' ');
        for (const filter of list(attribute('data-search-filters'), ' ')) {
          const [facet = '', value = ''] = filter.split(':');
          page.filters[facet] = [...(page.filters[facet] ?? []), value];
        }
      }
      return;
    }
    const item = attribute('data-search-item') as SectionKind | undefined;
    let target = into;
    if (item && id !== undefined) {
      const first = node.childNodes.find((child) => 'tagName' in child);
      const title = attribute('data-search-title') ?? (first ? textOf(first) : '');
      const { text: weight } = kinds[item];
      const names = list(attribute('data-search-names'), '|');
      target = begin({ id, kind: item, title, level: 5, text: '', weight, names });
    }
    const section = target ?? heading;
    if (node.tagName === 'pre') {
      if (section) texts.get(section)?.push(` ${programWords(rawText(node), seen)} `);
      return;
    }
    const weight = attribute('data-pagefind-weight');
    if (section && weight !== undefined) section.weight = Number(weight);
    for (const child of node.childNodes) visit(child, target);
    // Text of neighbouring blocks must not run together.
    if (section) texts.get(section)?.push(' ');
  };
  for (const child of body.childNodes) visit(child, undefined);

  for (const [section, parts] of texts) section.text = parts.join('').replace(/\s+/g, ' ').trim();
  if (page.sections.some(({ kind }) => kind === 'example')) {
    page.filters.kind = [...(page.filters.kind ?? []), 'example'];
  }
  return page.title === '' ? undefined : page;
}

/**
 * The page as Pagefind shall index it: one anchor a section, in order, each with the weight of its
 * kind, and nothing else.
 */
export function pageForPagefind(page: SearchPage): string {
  const text = (value: string) => escapeHtml(openPaths(value));
  const parts = page.sections.map((section) => {
    const { tag, weight } = kinds[section.kind];
    const name = section.level === 1 ? 'h1' : tag;
    const lift = section.level === 1 ? 6 : weight;
    const names = section.names.map((name) => `${nameMark} ${name}`).join(' ');
    return (
      `<${name} id="${escapeHtml(section.id)}" data-pagefind-weight="${lift}">${text(section.title)}</${name}>` +
      `<p data-pagefind-weight="${section.weight}">${text(section.text)}</p>` +
      (names && `<p>${text(names)}</p>`)
    );
  });
  return `<!doctype html><html lang="en"><head><title></title></head><body>${parts.join('')}</body></html>`;
}

/**
 * What of a program is worth finding: its comments, and each name once a page. Programs repeat
 * themselves, and would make up half of what a reader fetches.
 */
function programWords(program: string, seen: Set<string>): string {
  return program
    .split('\n')
    .flatMap((line) => {
      if (/^\s*(\/\/|#\s)/.test(line)) return [line.trim()];
      const fresh = (line.match(/[\p{L}_][\p{L}\p{N}_]*!?/gu) ?? []).filter(
        (word) => word.length > 2 && !seen.has(word),
      );
      for (const word of fresh) seen.add(word);
      return fresh;
    })
    .join(' ');
}

/**
 * Refuses other words for a section that the page does not have. A check of src/site-check; the index
 * would be without them.
 */
export function strayNames(file: string, document: Tree.Document): Problem[] {
  const ids = new Set<string>();
  let names: Record<string, string[]> = {};
  visit(document, (element) => {
    const id = attributeOf(element, 'id');
    if (id !== undefined && /^h[1-4]$/.test(element.tagName)) ids.add(id);
    if (element.tagName === 'h1') names = namesOfSections(element);
  });
  return Object.keys(names)
    .filter((id) => !ids.has(id))
    .map((id) => ({
      file,
      what: `aliases are given for '${id}', which is no heading of the page`,
      mend: 'use the id of a heading, or _top for the page as a whole',
    }));
}

function namesOfSections(mainHeading: Tree.Element): Record<string, string[]> {
  return JSON.parse(attributeOf(mainHeading, 'data-search-sections') ?? '{}');
}

/** Elements that lead around the site or are not text. */
const notText = new Set(['script', 'style', 'template', 'nav', 'footer', 'dialog']);

function list(value: string | undefined, separator: string): string[] {
  return (value ?? '')
    .split(separator)
    .map((item) => item.trim())
    .filter(Boolean);
}

function findBody(node: Tree.ParentNode): Tree.Element | undefined {
  for (const child of node.childNodes) {
    if (!('tagName' in child)) continue;
    if (child.attrs.some(({ name }) => name === 'data-pagefind-body')) return child;
    const found = findBody(child);
    if (found) return found;
  }
  return undefined;
}

function rawText(node: Tree.ChildNode): string {
  if ('value' in node) return node.value;
  if (!('childNodes' in node)) return '';
  if ('attrs' in node && node.attrs.some(({ name }) => name === 'data-pagefind-ignore')) return '';
  return node.childNodes.map(rawText).join('');
}

function textOf(node: Tree.ChildNode): string {
  return rawText(node).replace(/\s+/g, ' ').trim();
}
