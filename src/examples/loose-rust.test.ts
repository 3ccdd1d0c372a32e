import { parse } from 'parse5';
import { describe, expect, test } from 'vitest';
import { formatProblem } from '../catalog/report.ts';
import { looseRust } from './loose-rust.ts';

const problemsOf = (html: string) => looseRust('p.html', parse(html)).map(formatProblem);
const notRun = (first: string) => [
  `p.html: the Rust '${first}' was not run: make it an example in content/examples, or tag the fence with not-run: and the reason`,
];

describe('Rust that was not run is refused', () => {
  test.for([
    ['by its tag', '<pre data-language="rust"><code>let a = 1;</code></pre>', 'let a = 1;'],
    ['by a short tag', '<pre class="code" data-language="rs">x</pre>', 'x'],
    ['by a tag with attributes', '<pre data-language="rust,ignore">x</pre>', 'x'],
    ['by a tag in capitals', '<pre data-language="Rust">x</pre>', 'x'],
    ['by a class on the code', '<pre><code class="language-rust">x</code></pre>', 'x'],
    [
      'tagged as text',
      '<pre data-language="text">use std::fs;\n\nfn main() {}</pre>',
      'use std::fs;',
    ],
    ['without a tag', '<pre>pub struct Point { x: f64 }</pre>', 'pub struct Point { x: f64 }'],
    ['with an empty reason', '<div data-not-run=" "><pre data-language="rust">x</pre></div>', 'x'],
  ] as const)('%s', ([, html, first]) => {
    expect(problemsOf(html)).toEqual(notRun(first));
  });
});

describe('what is fine', () => {
  test.for([
    ['inside an example', '<div data-example="a"><pre data-language="rust">x</pre></div>'],
    [
      'an outline with a reason',
      '<div data-not-run="a sketch"><pre data-language="rust">x</pre></div>',
    ],
    ['a shell', '<pre data-language="sh">cargo build</pre>'],
    ['plain words', '<pre data-language="text">leader elected: 1</pre>'],
    ['TOML', '<pre data-language="toml">[dependencies]</pre>'],
    ['prose that mentions fn', '<pre>fn is a keyword, use it</pre>'],
  ] as const)('%s', ([, html]) => {
    expect(problemsOf(html)).toEqual([]);
  });
});

test('outlines are few, and none stands where examples belong', () => {
  const outline = '<div data-not-run="a sketch"><pre data-language="rust">x</pre></div>';
  expect(problemsOf(outline.repeat(3))).toEqual([
    "p.html: 'x' is outline number 3 on the page: keep at most 2",
  ]);
  expect(problemsOf(`<h2>Recipes</h2>${outline}<h2>Related</h2>${outline}`)).toEqual([
    "p.html: the outline 'x' stands in Recipes: show an example that ran there",
  ]);
});
