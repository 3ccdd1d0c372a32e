import { markdownToHtml } from 'satteri';
import { expect, test } from 'vitest';
import { fences, tables } from './plugins.ts';

const render = (markdown: string) =>
  markdownToHtml(markdown, { hastPlugins: [fences, tables] }).html.trim();

test('a fence is highlighted, and can be scrolled by keyboard', () => {
  expect(render('```sh\necho "a < b"\n```')).toBe(
    '<div class="code-box"><pre class="code" tabindex="0" data-language="sh" data-lines="1"><code>' +
      '<b>echo</b> <span class="s">"a &lt; b"</span></code></pre></div>',
  );
});

test('an outline that was not run says why', () => {
  const html = render('```rust not-run: a sketch of <T>\nfn main() {}\n```');
  expect(html).toContain('data-not-run="a sketch of <T>"');
  expect(html).toContain('Not run: a sketch of &lt;T&gt;.');
});

test('a table gets a box to scroll in', () => {
  expect(render('| One | Two `x` |\n| - | - |\n| b | c |')).toMatch(
    /^<div class="table-box" tabindex="0" role="region" aria-label="Table: One, Two x"><table>.*<\/table><\/div>$/s,
  );
});
