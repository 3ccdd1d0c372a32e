import { expect, test } from 'vitest';
import { formatProblem } from '../catalog/report.ts';
import { checkNames, leavesSite } from './check-names.ts';

test('sound names, spaces and accents among them', () => {
  expect(checkNames(['index.html', 'my pages/für dich.html', 'console.html', '.nojekyll'])).toEqual(
    [],
  );
});

test.for([
  [['a/Con.html'], "a/Con.html: the name 'Con.html' is that of a device on Windows: rename it"],
  [['nul'], "nul: the name 'nul' is that of a device on Windows: rename it"],
  [['what?.html'], `what?.html: the name 'what?.html' holds "?", which Windows refuses: rename it`],
  [['a\tb'], `a\tb: the name 'a\tb' holds "\\t", which Windows refuses: rename it`],
  [
    ['etc./x.html'],
    "etc./x.html: the name 'etc.' ends with a dot or a space, which Windows drops: rename it",
  ],
  [
    ['Raft.html', 'raft.html'],
    "raft.html: the name differs from 'Raft.html' only in case or in how Unicode writes it: rename one of them",
  ],
  [
    ['u\u0308.html', '\u00fc.html'],
    "\u00fc.html: the name differs from 'u\u0308.html' only in case or in how Unicode writes it: rename one of them",
  ],
  [
    ['x'.repeat(181)],
    `${'x'.repeat(181)}: the path has 181 letters, more than 180: shorten it for Windows`,
  ],
] as const)('%j', ([files, expected]) => {
  expect(checkNames(files).map(formatProblem)).toEqual([expected]);
});

test.for([
  ['a/b.html', '../c.html', false],
  ['a/b.html', '../../c.html', true],
  ['b.html', '/../c.html', true],
  ['b.html', '/a/../c.html', false],
  ['b.html', '..', true],
  ['b.html', '..c.html', false],
  ['b.html', '?q=../../x', false],
  ['b.html', 'https://a.example/../../x', false],
] as const)('from %s, %s leaves the site: %s', ([from, address, leaves]) => {
  expect(leavesSite(from, address)).toBe(leaves);
});
