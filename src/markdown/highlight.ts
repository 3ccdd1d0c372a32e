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

const keyword = { open: '<b>', close: '</b>' };
const name = { open: '<i>', close: '</i>' };
const string = { open: '<span class="s">', close: '</span>' };
const number = { open: '<span class="m">', close: '</span>' };
const comment = { open: '<span class="c">', close: '</span>' };

/**
 * Elements for highlighted kinds of words, by the name that highlight.js gives them, and short: a page
 * of programs has thousands. HTML means `b` for keywords and `i` for technical terms; the others have
 * Pygments' class names. Kinds that have no colour get no element.
 */
const elements: Record<string, { open: string; close: string }> = {
  keyword,
  built_in: keyword,
  section: keyword,
  string,
  number,
  literal: number,
  title: name,
  type: name,
  attr: name,
  attribute: name,
  variable: name,
  meta: name,
  comment,
};

const done = new Map<string, string>();

/**
 * Highlights code with elements and classes only: no style attributes, which a strict policy refuses,
 * and no script. The same code is highlighted once, however many pages show it.
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

/**
 * A block of code, focusable so that it can be scrolled by keyboard. It says how many lines it has, and
 * so how high it is before it is laid out; see src/styles/content.css.
 *
 * @param language as for `highlight`
 * @param output whether a program printed it, which search leaves out
 * @returns HTML of one element
 */
export function codeBlock(text: string, language: string, { output = false } = {}): string {
  const code = text.replace(/\n+$/, '');
  const kind = output ? 'class="code output" data-pagefind-ignore' : 'class="code"';
  const lines = code.split('\n').length;
  return (
    `<div class="code-box"><pre ${kind} tabindex="0" data-language="${language}" data-lines="${lines}">` +
    `<code>${highlight(code, language)}</code></pre></div>`
  );
}

/** Replaces the elements of highlight.js, and leaves out those that would have no colour. */
function shorten(html: string): string {
  const closing: string[] = [];
  return html.replace(/<span class="hljs-(\w+)[^"]*">|<\/span>/g, (_tag, kind?: string) => {
    if (kind === undefined) return closing.pop() ?? '';
    const { open, close } = elements[kind] ?? { open: '', close: '' };
    closing.push(close);
    return open;
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
