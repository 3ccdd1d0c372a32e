import { expect, test } from 'vitest';
import { highlight } from './highlight.ts';

test('known languages get classes, and neither styles nor scripts', () => {
  const html = highlight('echo "hi" # there', 'sh');
  expect(html).toContain('<span class="hljs-string">');
  expect(html).not.toMatch(/style=|<script/);
});

test('unknown languages stay text, escaped', () => {
  expect(highlight('a <b> & c', 'klingon')).toBe('a &lt;b&gt; &amp; c');
});
