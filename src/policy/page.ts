import { createHash } from 'node:crypto';
import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { textOf } from '../site-check/html.ts';

/** A mistake on a page that no policy can allow. */
export interface Refusal {
  /** Line in the built page. */
  line: number;
  what: string;
  mend: string;
}

/** What a policy has to know of a page. */
export interface PageContent {
  /** Hashes of inline scripts: `sha256-…`. */
  scripts: string[];
  /** Hashes of style elements. */
  styles: string[];
  /** Where the policy belongs: behind the character set, before all that it governs. */
  insertAt: number;
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
 * Reads a built page as a policy sees it.
 *
 * @param scriptsInText whether inline scripts may stand outside the head
 */
export function readContent(html: string, scriptsInText = false): PageContent {
  const content = read(html, scriptsInText, false);
  // Lines take as long to know as all the rest, and are wanted only for what is refused.
  return content.refusals.length > 0 ? read(html, scriptsInText, true) : content;
}

function read(html: string, scriptsInText: boolean, withLines: boolean): PageContent {
  const insertAt = endOfCharset(html);
  const content: PageContent = { scripts: [], styles: [], insertAt, refusals: [] };

  const visit = (element: Tree.Element, inHead: boolean): void => {
    const { tagName, attrs, sourceCodeLocation: place } = element;
    const refuse = (what: string, mend: string) =>
      content.refusals.push({ line: place?.startLine ?? 1, what, mend });
    const get = (name: string) => attrs.find((attribute) => attribute.name === name)?.value;

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
        name === 'href' ? tagName === 'link' && loading.test(get('rel') ?? '') : tagName !== 'form';
      if (loads && addresses.has(name) && /(^|,)\s*(https?:)?\/\//i.test(value)) {
        refuse(
          `a <${tagName}> loads '${excerpt(value)}' from another server`,
          'keep the file in this project',
        );
      }
    }
    if (offElements.has(tagName)) refuse(`a <${tagName}> is not allowed`, 'do without it');

    if (tagName === 'style') content.styles.push(hashOf(textOf(element)));
    if (tagName === 'script' && get('src') === undefined && obeyed.test(get('type') ?? '')) {
      const text = textOf(element);
      content.scripts.push(hashOf(text));
      if (!inHead && !scriptsInText && get('type') !== 'speculationrules') {
        refuse(
          `the inline script '${excerpt(text)}' stands in the text`,
          'put it into a component, or into the head if it must run before the first paint',
        );
      }
    }
    const { childNodes } = tagName === 'template' ? (element as Tree.Template).content : element;
    for (const child of childNodes) {
      if ('tagName' in child) visit(child, inHead || tagName === 'head');
    }
  };
  for (const node of parse(html, { sourceCodeLocationInfo: withLines }).childNodes) {
    if ('tagName' in node) visit(node, false);
  }
  if (insertAt < 0) {
    content.refusals.push({
      line: 1,
      what: 'the page names no character set',
      mend: 'begin its head with <meta charset="utf-8">',
    });
  }
  return content;
}

/** Where the element ends that names the character set, in the head; -1 if there is none. */
function endOfCharset(html: string): number {
  const head = html.slice(0, html.indexOf('</head>'));
  let end = -1;
  const visit = (node: Tree.ChildNode): void => {
    if (!('tagName' in node)) return;
    if (node.tagName === 'meta' && node.attrs.some(({ name }) => name === 'charset')) {
      end = node.sourceCodeLocation?.endOffset ?? -1;
    }
    for (const child of node.childNodes) visit(child);
  };
  for (const node of parse(head, { sourceCodeLocationInfo: true }).childNodes) visit(node);
  return end;
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
