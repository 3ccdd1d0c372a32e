import { expect, test } from 'vitest';
import { codeBlock, highlight } from './highlight.ts';

test('known languages get elements and classes, and neither styles nor scripts', () => {
  const html = highlight('echo "hi" # there', 'sh');
  expect(html).toContain('<span class="s">');
  expect(html).not.toMatch(/style=|<script/);
});

test('elements that would have no colour are left out, whatever they hold', () => {
  expect(highlight('fn f(a: &str) {}', 'rust')).toBe('<b>fn</b> <i>f</i>(a: &amp;<i>str</i>) {}');
});

test('unknown languages stay text, escaped', () => {
  expect(highlight('a <b> & c', 'klingon')).toBe('a &lt;b&gt; &amp; c');
});

test('a block of code tells its lines, without empty ones at its end', () => {
  expect(codeBlock('one\n\nthree\n\n', 'text')).toBe(
    '<div class="code-box"><pre class="code" tabindex="0" data-language="text" data-lines="3">' +
      '<code>one\n\nthree</code></pre></div>',
  );
  expect(codeBlock('ready', 'text', { output: true })).toContain(
    '<pre class="code output" data-pagefind-ignore tabindex="0" data-language="text" data-lines="1">',
  );
});
