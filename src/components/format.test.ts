import { expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatMeasured,
  formatMoment,
  formatShare,
  inlineCode,
  isDay,
  shortCommit,
} from './format.ts';

test.for([
  ['2020-09-02', '2 September 2020'],
  ['2019-05', 'May 2019'],
  ['2015', '2015'],
] as const)('%s reads as %s', ([moment, text]) => {
  expect(formatMoment(moment)).toBe(text);
});

test('a share is never rounded to all or nothing', () => {
  expect(formatShare(1, 1000)).toBe('under 1 %');
  expect(formatShare(999, 1000)).toBe('over 99 %');
  expect(formatShare(98, 100)).toBe('98 %');
  expect(formatShare(0, 100)).toBe('0 %');
  expect(formatShare(100, 100)).toBe('100 %');
});

test('counts are grouped, commits cut, days told from other values', () => {
  expect(formatCount(608667)).toBe('608,667');
  expect(shortCommit('8e964719db0d2088d47a280a1dde3fefa1b31d6b')).toBe('8e96471');
  expect([isDay('2020-09-02'), isDay('2020-09'), isDay(2020)]).toEqual([true, false, false]);
});

test('one-line texts keep their code and lose their markup', () => {
  expect(inlineCode('use `Vec<u8>` & <b>')).toBe('use <code>Vec&lt;u8&gt;</code> &amp; &lt;b&gt;');
});

test('sizes have the unit that fits', () => {
  expect([999, 37_534, 1.5e6, 1.6e11, 4.9e12].map(formatBytes)).toEqual([
    '999 B',
    '37.5 kB',
    '1.5 MB',
    '160.0 GB',
    '4.9 TB',
  ]);
});

test.for([
  [null, 's', '–'],
  [3.204, 's', '3.20 s'],
  [88.7, 's', '88.7 s'],
  [36.4, 'ms', '36 ms'],
  [999, 'bytes', '999 B'],
  [499.5, 'bytes', '500 B'],
  [-1500, 'bytes', '-1.5 kB'],
  [2.47e9, 'bytes', '2.5 GB'],
  [1234, 'count', '1,234'],
  [0.123, 'share', '12.3 %'],
  [1.2, 'times', '1.20 ×'],
] as const)('%s %s is written as %s', ([value, unit, text]) => {
  expect(formatMeasured(value, unit)).toBe(text);
});
