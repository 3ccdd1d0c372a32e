import { parse, serialize } from 'parse5';
import { expect, test } from 'vitest';
import { rewriteCss } from './css.ts';
import { PortablePage } from './html.ts';

const mark = (address: string) => (address.startsWith('/') ? `REL${address}` : address);

/** A page, and its text as it is by then. */
function open(html: string) {
  const document = parse(html);
  return { page: new PortablePage(document), text: () => serialize(document) };
}

/** The body of a page after its addresses were rewritten. */
function rewritten(body: string): string {
  const { page, text } = open(`<html><head></head><body>${body}</body></html>`);
  page.rewriteAddresses(mark);
  return /<body>(.*)<\/body>/s.exec(text())?.[1] ?? '';
}

test.for([
  ['<a href="/a"></a>', '<a href="REL/a"></a>'],
  [
    '<img src="/a.png" srcset="/a.png 1x, /b.png 2x" alt="">',
    '<img src="REL/a.png" srcset="REL/a.png 1x, REL/b.png 2x" alt="">',
  ],
  [
    '<img srcset="/a,b.png 1x,/c.png 2x, data:image/png;base64,AA== 3x" alt="">',
    '<img srcset="REL/a,b.png 1x, REL/c.png 2x, data:image/png;base64,AA== 3x" alt="">',
  ],
  [
    '<link rel="stylesheet" href="/a.css" integrity="x" crossorigin="">',
    '<link rel="stylesheet" href="REL/a.css">',
  ],
  [
    '<script src="https://a.example/x.js" integrity="x"></script>',
    '<script src="https://a.example/x.js" integrity="x"></script>',
  ],
  [
    '<svg><use xlink:href="/i.svg#x"></use></svg>',
    '<svg><use xlink:href="REL/i.svg#x"></use></svg>',
  ],
  ['<object data="/a.svg"></object>', '<object data="REL/a.svg"></object>'],
  ['<iframe src="/a.html"></iframe>', '<iframe src="REL/a.html"></iframe>'],
  [
    '<form action="/s"><button formaction="/t"></button></form>',
    '<form action="REL/s"><button formaction="REL/t"></button></form>',
  ],
  ['<svg><use href="/i.svg#x"></use></svg>', '<svg><use href="REL/i.svg#x"></use></svg>'],
  ['<video poster="/p.jpg"></video>', '<video poster="REL/p.jpg"></video>'],
  ['<p style="background:url(/a.png)"></p>', '<p style="background:url(REL/a.png)"></p>'],
  ['<template><a href="/a"></a></template>', '<template><a href="REL/a"></a></template>'],
  ['<style>p{background:url(/a.png)}</style>', '<style>p{background:url(REL/a.png)}</style>'],
  ['<a href="https://a.example/">x</a>', '<a href="https://a.example/">x</a>'],
  ['<p>Write /a.html &amp; &lt;b&gt;</p>', '<p>Write /a.html &amp; &lt;b&gt;</p>'],
  [
    '<script type="speculationrules">{"prefetch":[{"urls":["/a.html"]}]}</script>',
    '<script type="speculationrules">{"prefetch":[{"urls":["REL/a.html"]}]}</script>',
  ],
  [
    '<meta http-equiv="refresh" content="0; url=/a.html">',
    '<meta http-equiv="refresh" content="0; url=REL/a.html">',
  ],
] as const)('%s', ([before, after]) => {
  expect(rewritten(before)).toBe(after);
});

test('addresses that a standard wants in full stay', () => {
  const head = '<link rel="canonical" href="/a"><link rel="sitemap" href="/s.xml">';
  const { page, text } = open(`<html><head>${head}</head><body></body></html>`);
  page.rewriteAddresses(mark);
  expect(text()).toContain(head);
});

test('module scripts become one classic script, in the place of the first', () => {
  const { page, text } = open(
    '<head><link rel="modulepreload" href="/c.js"><script type="module" src="/a.js"></script>' +
      '<script type="module">inline()</script><script src="/old.js"></script></head>' +
      '<body><script type="module" src="/b.js"></script></body>',
  );
  expect(page.moduleScripts()).toEqual(['/a.js', '/b.js']);
  page.replaceModuleScripts('/all.js');
  expect(text()).toBe(
    '<html><head><script src="/all.js" defer=""></script><script type="module">inline()</script>' +
      '<script src="/old.js"></script></head><body></body></html>',
  );
});

test('style sheets: addresses and imports, and nothing else', () => {
  const css =
    '@import "/b.css";a{background:url("/c.png"), url(data:,x)}@font-face{src:url(/f.woff2)}';
  expect(rewriteCss(css, 'stylesheet', mark)).toBe(
    '@import "REL/b.css";a{background:url(REL/c.png),url(data:,x)}@font-face{src:url(REL/f.woff2)}',
  );
  const untouched = 'a  {  color : red ; }';
  expect(rewriteCss(untouched, 'stylesheet', mark)).toBe(untouched);
});
