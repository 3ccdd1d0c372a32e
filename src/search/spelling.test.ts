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

/** A speller over two files of common words, and the names of the files that it has read. */
function speller() {
  const files: Record<string, string[]> = {
    'a.json': ['axum', 'lease', 'linked'],
    'r.json': ['rate', 'rust'],
  };
  const read: string[] = [];
  const made = new Speller(
    ['leader', 'linkerd', 'prometheus', 'raft', 'tls'],
    Object.entries(files).map(([file, words]) => ({ file, from: words[0] ?? '' })),
    async (file) => {
      read.push(file);
      return files[file] ?? [];
    },
  );
  return { speller: made, read };
}

describe('a speller', () => {
  test.for([
    ['linkred', ['linkerd']],
    ['prometeus', ['prometheus']],
    ['raftt', ['raft']],
    ['tsl', ['tls']],
    ['leaderlease', ['leader', 'lease']],
    ['whylinkerd', ['why', 'linkerd']],
    ['whydoes', ['why', 'does']],
    ['kubernetes', undefined],
    ['zz', undefined],
  ] as const)('%s', async ([word, expected]) => {
    expect((await speller().speller.guesses(word))[0]).toEqual(expected);
  });

  test('prefers names over other words that are as near', async () => {
    const { speller: made } = speller();
    await made.meet('linkx');
    expect(await made.guesses('linkerr')).toEqual([['linkerd']]);
  });

  test('takes words apart at names first', async () => {
    const files = [{ file: 'x', from: 'linkerds' }];
    const made = new Speller(['linkerd', 'stable'], files, async () => ['linkerds', 'table']);
    expect(await made.guesses('linkerdstable')).toEqual([
      ['linkerd', 'stable'],
      ['linkerds', 'table'],
    ]);
  });

  test('knows what words begin with', () => {
    const { speller: made } = speller();
    expect(made.begins('prom')).toBe(true);
    expect(made.begins('prometheusx')).toBe(false);
    expect(made.knows('prom')).toBe(false);
  });

  test.for([
    ['a word of a name', 'raft', []],
    ['a beginning of one', 'prom', []],
    ['a word between two', 'leases', ['a.json']],
    ['a word before all', 'abc', ['a.json']],
    ['a word after all', 'zebra', ['r.json']],
    ['the first of a file', 'rate', []],
  ] as const)('that meets %s reads what it must', async ([, word, expected]) => {
    const { speller: made, read } = speller();
    await made.meet(word);
    await made.meet(word);
    expect(read).toEqual(expected);
  });

  test('knows the common words that it has met', async () => {
    const { speller: made } = speller();
    expect(made.knows('lease')).toBe(false);
    await made.meet('lease');
    expect(made.knows('lease')).toBe(true);
    expect(made.knows('rust')).toBe(false);
  });

  test('reads all words only where no name is near', async () => {
    const near = speller();
    expect(await near.speller.guesses('raftt')).toEqual([['raft']]);
    expect(near.read).toEqual([]);
    const far = speller();
    expect(await far.speller.guesses('axmu')).toEqual([['axum']]);
    expect(far.read).toEqual(['a.json', 'r.json']);
  });

  test('passes on that words cannot be read', async () => {
    const made = new Speller([], [{ file: 'x', from: 'a' }], () => Promise.reject(new Error('no')));
    await expect(made.meet('b')).rejects.toThrow('no');
    await expect(made.guesses('beta')).rejects.toThrow('no');
  });
});
