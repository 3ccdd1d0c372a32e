import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gfm } from '@joplin/turndown-plugin-gfm';
import { parse, serialize } from 'parse5';
import Turndown from 'turndown';
import { filesBelow } from '../../../src/files.ts';
import { attribute, byClass, byTag, type Element, textOf } from '../../support/dom.ts';

/** A page as plain Markdown, with facts and examples in their places. */
export interface MarkdownPage {
  /** Path without ending: `libraries/raft-rs`, `libraries/index`. */
  id: string;
  title: string;
  description: string;
  /** Without the title. Links to other pages read `/libraries/raft-rs.md#anchor`. */
  body: string;
}

/**
 * Turns the main content of a built site back into Markdown that any generator reads. Left out are
 * diagrams, whose text alternative stays, and pictures.
 */
export async function exportPages(dist: string): Promise<MarkdownPage[]> {
  const files = (await filesBelow(dist)).filter(
    (file) => file.endsWith('.html') && file !== '404.html',
  );
  const folders = new Set(files.map((file) => path.posix.dirname(file)));
  const ids = new Map(
    files.map((file) => {
      const id = file.replace(/\.html$/, '');
      return [file, folders.has(id) ? `${id}/index` : id];
    }),
  );
  const pages: MarkdownPage[] = [];
  // One after the other: thousands of parsed pages do not fit into memory together.
  for (const [file, id] of ids) {
    const document = parse(await readFile(path.join(dist, file), 'utf8'));
    const html = document.childNodes.find((node): node is Element => 'tagName' in node);
    if (!html) throw new Error(`${file} has no root element`);
    pages.push({ id, ...exportPage(html, (address) => linkTo(file, address, ids)) });
  }
  return pages;
}

function exportPage(
  html: Element,
  link: (address: string) => string | undefined,
): Omit<MarkdownPage, 'id'> {
  const [main] = byTag(html, 'main');
  const [title] = main ? byTag(main, 'h1') : [];
  const [content] = byClass(html, 'sl-markdown-content');
  if (!main || !title || !content) throw new Error('a page has no title or no content');
  const description = byTag(html, 'meta').find((meta) => attribute(meta, 'name') === 'description');
  const lead = byClass(main, 'lead').map((element) => `<p>${serialize(element)}</p>`);
  return {
    title: textOf(title),
    description: (description && attribute(description, 'content')) ?? '',
    body: converter(link).turndown(lead.join('') + serialize(content)),
  };
}

/** An address on a built page as a link between Markdown files; undefined where it leads to no page. */
function linkTo(file: string, address: string, ids: Map<string, string>): string | undefined {
  if (/^(https?:|mailto:|#)/.test(address)) return address;
  const [target = '', anchor] = address.split('#');
  const id = ids.get(path.posix.normalize(path.posix.join(path.posix.dirname(file), target)));
  return id && `/${id}.md${anchor === undefined ? '' : `#${anchor}`}`;
}

const notProse = ['svg', 'img', 'button', 'script', 'style', 'template', 'dialog', 'select'];

function converter(link: (address: string) => string | undefined): Turndown {
  const turndown = new Turndown({
    headingStyle: 'atx',
    codeBlockStyle: 'fenced',
    bulletListMarker: '-',
  });
  turndown.use(gfm);
  const escapeText = turndown.escape.bind(turndown);
  // Markdown takes `Vec<u8>` in running text for a tag.
  turndown.escape = (text) => escapeText(text).replaceAll('<', '&lt;');
  turndown.addRule('fence', {
    filter: 'pre',
    replacement: (_content, node) => {
      const code = (node.textContent ?? '').replace(/\n$/, '');
      const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
      const fence = '`'.repeat(longest + 1);
      const language = (node as HTMLElement).getAttribute('data-language') ?? '';
      return `\n\n${fence}${language === 'text' ? '' : language}\n${code}\n${fence}\n\n`;
    },
  });
  turndown.addRule('link', {
    filter: (node) => node.nodeName === 'A' && node.hasAttribute('href'),
    replacement: (content, node) => {
      const target = link((node as HTMLElement).getAttribute('href') ?? '');
      return target && content.trim() ? `[${content.trim()}](${target})` : content;
    },
  });
  turndown.addRule('term', { filter: 'dt', replacement: (content) => `\n- **${content}**: ` });
  turndown.addRule('definition', {
    filter: 'dd',
    replacement: (content) => `${content.trim().replaceAll(/\s*\n\s*/g, ' ')}\n`,
  });
  // Added last, and so asked first.
  turndown.addRule('left out', {
    filter: (node) =>
      notProse.includes(node.nodeName.toLowerCase()) ||
      node.hasAttribute('hidden') ||
      node.classList.contains('sl-anchor-link'),
    replacement: () => '',
  });
  return turndown;
}
