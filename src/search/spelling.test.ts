import { describe, expect, test } from 'vitest';
import { mistakes, Speller } from './spelling.ts';

describe('mistakes', () => {
  test.for([
    ['raft', 'raft', 0],
    ['raft', 'rafts', 1],
    ['raft', 'rat', 1],
    ['raft', 'rift', 1],
    ['raft', 'rfat', 1],
    ['prometheus', 'promethues', 1],
    ['prometheus', 'prometeuss', 2],
    ['', 'ab', 2],
  ] as const)('%s, %s: %d', ([a, b, expected]) => {
    expect(mistakes(a, b, 2)).toBe(expected);
    expect(mistakes(b, a, 2)).toBe(expected);
  });

  test('stops counting above the limit', () => {
    expect(mistakes('hyper', 'tracing', 2)).toBe(3);
    expect(mistakes('abcdef', 'ghijkl', 2)).toBe(3);
  });
});

describe('a speller', () => {
  const speller = new Speller(
    ['linkerd', 'prometheus', 'leader', 'raft', 'tls'],
    ['lease', 'linked', 'rust'],
  );

  test.for([
    ['linkred', ['linkerd']],
    ['prometeus', ['prometheus']],
    ['raftt', ['raft']],
    ['tsl', ['tls']],
    ['leaderlease', ['leader', 'lease']],
    ['whylinkerd', ['why', 'linkerd']],
    ['kubernetes', undefined],
    ['zz', undefined],
  ] as const)('%s', ([word, expected]) => {
    expect(speller.guesses(word)[0]).toEqual(expected);
  });

  test('prefers names over other words that are as near', () => {
    expect(speller.guesses('linkerr')).toEqual([['linkerd']]);
  });

  test('knows what words begin with', () => {
    expect(speller.begins('prom')).toBe(true);
    expect(speller.begins('prometheusx')).toBe(false);
    expect(speller.knows('prom')).toBe(false);
  });
});
