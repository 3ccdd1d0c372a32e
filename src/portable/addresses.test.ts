import { describe, expect, test } from 'vitest';
import { relativeAddress } from './addresses.ts';

const files = new Set([
  'index.html',
  'a.html',
  'deep/er/page.html',
  'deep/index.html',
  'my pages/für dich.html',
  'c:d.html',
  'style.css',
]);
const site = { base: '/', files };

describe('addresses inside the site become relative to the page, and end at a file', () => {
  test.for([
    ['index.html', '/a.html', 'a.html'],
    ['index.html', '/a', 'a.html'],
    ['index.html', '/deep/', 'deep/index.html'],
    ['index.html', '/deep', 'deep/index.html'],
    ['deep/er/page.html', '/', '../../index.html'],
    ['deep/er/page.html', '/a.html?q=1#x', '../../a.html?q=1#x'],
    ['deep/er/page.html', '/deep/er/page.html#x', 'page.html#x'],
    ['a.html', '/my%20pages/f%C3%BCr%20dich.html', 'my%20pages/f%C3%BCr%20dich.html'],
    ['my pages/für dich.html', '/style.css', '../style.css'],
    ['index.html', '/c%3Ad.html', 'c%3Ad.html'],
  ] as const)('%s: %s → %s', ([from, address, expected]) => {
    expect(relativeAddress(from, address, site)).toBe(expected);
  });
});

describe('other addresses stay', () => {
  test.for([
    'https://a.example/',
    '//a.example/x',
    'mailto:a@a.example',
    '#x',
    'a.html',
    '/gone.html',
    '/%zz',
    'data:,x',
  ])('%s', (address) => {
    expect(relativeAddress('index.html', address, site)).toBe(address);
  });
});

test('a base path belongs to the address, not to the file', () => {
  expect(relativeAddress('deep/index.html', '/docs/a.html', { base: '/docs/', files })).toBe(
    '../a.html',
  );
  expect(relativeAddress('deep/index.html', '/a.html', { base: '/docs/', files })).toBe('/a.html');
});
