import { parse } from 'parse5';
import { describe, expect, test } from 'vitest';
import { namesOn, wordsOf } from './names.ts';
import { StyleSheet } from './style-sheet.ts';

const screen = (css: string, html: string, later = '') =>
  new StyleSheet(css, later).screen(namesOn(parse(html)));

describe('rules that a page can use', () => {
  test.for([
    ['a tag, a class, an id', 'p{a:b}.x{a:b}#y{a:b}'],
    ['combinations', 'p .x>#y{a:b}'],
    ['states and attributes, which scripts change', '.x[aria-selected=true]{a:b}#y:target{a:b}'],
    ['one alternative of several', ':is(p,table) .x{a:b}'],
    ['what holds something', 'p:has(.x){a:b}'],
    ['the absence of something', 'p:not(.gone){a:b}'],
    ['escaped names', '.md\\:hidden{a:b}'],
    ['conditions', '@media (width>=50rem){.x{a:b}}'],
    ['the order of layers', '@layer one,two;@layer two{.x{a:b}}'],
  ])('keeps %s', ([, css]) => {
    expect(screen(css as string, '<p class="x md:hidden"><b id="y">')).toBe(css);
  });

  test.for([
    ['a tag', 'table{a:b}'],
    ['a class', '.gone{a:b}'],
    ['part of a combination', 'p .gone a{a:b}'],
    ['all alternatives', ':is(table,.gone) .x{a:b}'],
    ['what nothing holds', 'p:has(.gone){a:b}'],
    ['emptied conditions', '@media (width>=50rem){.gone{a:b}}'],
  ])('leaves out what is not there: %s', ([, css]) => {
    expect(screen(css as string, '<p class="x"><b id="y"><a>')).toBe('');
  });

  test('of a list of selectors keeps those that can match', () => {
    expect(screen('p,table,.x{a:b}', '<p class=x>')).toBe('p,.x{a:b}');
  });

  test('keeps what a script or a module of it may make', async () => {
    const files: Record<string, string> = {
      'a/one.js': 'import"./two.js";',
      'a/two.js': 'e.className="made"',
    };
    const words = await wordsOf('a/one.js', async (file) => files[file] ?? '');
    expect(new StyleSheet('.made{a:b}.other{a:b}', '').screen(words)).toBe('.made{a:b}');
  });
});

describe('custom properties', () => {
  test('stay where something refers to them, by way of others too', () => {
    const css = ':root{--a:var(--b);--b:1;--c:2}p{x:var(--a)}';
    expect(screen(css, '<p>')).toBe(':root{--a:var(--b);--b:1}p{x:var(--a)}');
  });

  test('stay where a later sheet or paper refers to them', () => {
    const css = ':root{--a:1;--b:2;--c:3}@media print{p{x:var(--b)}}';
    expect(screen(css, '<p>', 'q{x:var(--a)}')).toBe(':root{--a:1;--b:2}');
  });
});

test('what an unlayered rule overrides in any case is left out of the layered one', () => {
  expect(screen('@layer one{p{a:1;b:2}}p{a:3}', '<p>')).toBe('@layer one{p{b:2}}p{a:3}');
  const conditional = '@layer one{p{a:1}}@media (width>=50rem){p{a:3}}';
  expect(screen(conditional, '<p>')).toBe(conditional);
});

test('rules for paper stand apart, and keep their conditions', () => {
  const sheet = new StyleSheet('p{a:b}@media print{p{a:c}}', '');
  expect(sheet.screen(namesOn(parse('<p>')))).toBe('p{a:b}');
  expect(sheet.print()).toBe('@media print{p{a:c}}');
});

test('an address that would change its meaning in a page is refused', () => {
  expect(() => new StyleSheet('p{background:url(x.png)}', '')).toThrow('x.png');
});
