import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import ini from 'highlight.js/lib/languages/ini';
import json from 'highlight.js/lib/languages/json';
import protobuf from 'highlight.js/lib/languages/protobuf';
import rust from 'highlight.js/lib/languages/rust';
import yaml from 'highlight.js/lib/languages/yaml';

hljs.registerLanguage('rust', rust);
hljs.registerLanguage('toml', ini);
hljs.registerLanguage('sh', bash);
hljs.registerLanguage('yaml', yaml);
hljs.registerLanguage('json', json);
hljs.registerLanguage('protobuf', protobuf);

/**
 * Highlighted kinds of words, by the name that highlight.js gives them, with Pygments' short class
 * names: a page of programs has thousands. Kinds that have no colour get no element.
 */
const classes: Record<string, string> = {
  keyword: 'k',
  built_in: 'k',
  section: 'k',
  string: 's',
  number: 'm',
  literal: 'm',
  title: 'n',
  type: 'n',
  attr: 'n',
  attribute: 'n',
  variable: 'n',
  meta: 'n',
  comment: 'c',
};

const done = new Map<string, string>();

/**
 * Highlights code with classes only: no style attributes, which a strict policy refuses, and no
 * script. The same code is highlighted once, however many pages show it.
 *
 * @param language name after the fence; code in one that is not known stays plain
 * @returns HTML for the inside of a `<code>` element
 */
export function highlight(code: string, language: string): string {
  const key = `${language}\n${code}`;
  const known = done.get(key);
  if (known !== undefined) return known;
  const html = hljs.getLanguage(language)
    ? shorten(hljs.highlight(code, { language }).value)
    : escapeHtml(code);
  done.set(key, html);
  return html;
}

/** Replaces the classes of highlight.js, and leaves out elements that would have no colour. */
function shorten(html: string): string {
  const open: boolean[] = [];
  return html.replace(/<span class="hljs-(\w+)[^"]*">|<\/span>/g, (tag, kind?: string) => {
    if (kind === undefined) return open.pop() ? tag : '';
    const name = classes[kind];
    open.push(name !== undefined);
    return name === undefined ? '' : `<span class="${name}">`;
  });
}

/** Text as it stands in HTML, between tags or in an attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
