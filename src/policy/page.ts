import { createHash } from 'node:crypto';
import type { DefaultTreeAdapterTypes as Tree } from 'parse5';
import { attributeOf, element, insertAfter, textOf, visit } from '../built-site/tree.ts';

/** A mistake on a page that no policy can allow. */
export interface Refusal {
  what: string;
  mend: string;
}

/** What a policy has to know of a page. */
export interface PageContent {
  /** Hashes of inline scripts: `sha256-…`. */
  scripts: string[];
  /** Hashes of style elements. */
  styles: string[];
  refusals: Refusal[];
}

/** Elements that a policy of this kind switches off. */
const offElements = new Set(['base', 'iframe', 'frame', 'object', 'embed']);

/** Attributes whose address a browser loads at once or follows. */
const addresses = new Set(['src', 'href', 'action', 'formaction', 'poster', 'data', 'srcset']);

/** Relations of a link whose address a browser connects to or loads. */
const loading =
  /\b(stylesheet|icon|preload|modulepreload|prefetch|preconnect|dns-prefetch|manifest)\b/;

/** Script elements that browsers run or obey; all others hold data. */
const obeyed =
  /^$|^module$|^importmap$|^speculationrules$|^(text|application)\/(java|ecma)script$/i;

/**
 * Reads a page as a policy sees it.
 *
 * @param scriptsInText whether inline scripts may stand outside the head
 */
export function readContent(document: Tree.Document, scriptsInText = false): PageContent {
  const content: PageContent = { scripts: [], styles: [], refusals: [] };
  const refuse = (what: string, mend: string) => content.refusals.push({ what, mend });
  const head = headOf(document);

  visit(document, (element) => {
    const { tagName, attrs } = element;
    for (const { name, value } of attrs) {
      if (name === 'style') {
        refuse(`the style attribute '${excerpt(value)}' on a <${tagName}>`, 'use a class');
      } else if (name.startsWith('on')) {
        refuse(
          `the event handler '${name}' on a <${tagName}>`,
          'add the listener in a script of a component',
        );
      } else if (addresses.has(name) && /^\s*javascript:/i.test(value)) {
        refuse(`the address '${excerpt(value)}' is a script`, 'use a button and a script');
      }
      const loads =
        name === 'href'
          ? tagName === 'link' && loading.test(attributeOf(element, 'rel') ?? '')
          : tagName !== 'form';
      if (loads && addresses.has(name) && /(^|,)\s*(https?:)?\/\//i.test(value)) {
        refuse(
          `a <${tagName}> loads '${excerpt(value)}' from another server`,
          'keep the file in this project',
        );
      }
    }
    if (offElements.has(tagName)) refuse(`a <${tagName}> is not allowed`, 'do without it');

    if (tagName === 'style') content.styles.push(hashOf(textOf(element)));
    const type = attributeOf(element, 'type') ?? '';
    if (tagName === 'script' && attributeOf(element, 'src') === undefined && obeyed.test(type)) {
      const text = textOf(element);
      content.scripts.push(hashOf(text));
      if (element.parentNode !== head && !scriptsInText && type !== 'speculationrules') {
        refuse(
          `the inline script '${excerpt(text)}' stands in the text`,
          'put it into a component, or into the head if it must run before the first paint',
        );
      }
    }
  });
  if (charsetOf(document) === undefined) {
    refuse('the page names no character set', 'begin its head with <meta charset="utf-8">');
  }
  return content;
}

/** Puts a policy on a page: behind the character set, before all that it governs. */
export function insertPolicy(document: Tree.Document, policy: string): void {
  const charset = charsetOf(document);
  if (!charset) throw new Error('a page without a character set has no place for a policy');
  const meta = element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy });
  insertAfter(charset, meta);
}

function headOf(document: Tree.Document): Tree.Element | undefined {
  const html = document.childNodes.find((node) => node.nodeName === 'html') as Tree.Element;
  return html.childNodes.find((node) => node.nodeName === 'head') as Tree.Element | undefined;
}

/** The element in the head that names the character set. */
function charsetOf(document: Tree.Document): Tree.Element | undefined {
  return headOf(document)?.childNodes.find(
    (node): node is Tree.Element =>
      node.nodeName === 'meta' && attributeOf(node as Tree.Element, 'charset') !== undefined,
  );
}

/** A hash as a policy writes it, of the text between an element's tags. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** The beginning of a text, enough to find it by. */
function excerpt(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
