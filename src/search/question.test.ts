import { describe, expect, test } from 'vitest';
import type { Facets } from './lexicon.ts';
import { readQuestion, runsOf } from './question.ts';
import { Speller } from './spelling.ts';

const facets: Facets = {
  kind: {
    label: 'Kind',
    values: {
      project: { label: 'Projects', words: ['projects'] },
      example: { label: 'Examples', words: ['examples'], sections: true },
    },
  },
  job: { label: 'Job', values: { tls: { label: 'TLS', words: ['tls', 'transport', 'security'] } } },
  level: {
    label: 'Level',
    alone: true,
    values: { top: { label: 'Top', words: ['graduated'] } },
  },
};
const speller = new Speller(
  ['graduated', 'leader', 'linkerd', 'openebs', 'projects'],
  [{ file: 'words', from: 'lease' }],
  async () => ['lease'],
);
const read = (text: string, stands: string[] = []) =>
  readQuestion(text, facets, speller, {
    prepare: async () => {},
    stands: async (word) => stands.includes(word),
    choose: async ([first = []]) => first,
  });

describe('filters', () => {
  test.for([
    ['projects', { kind: 'project' }],
    ['graduated projects', { kind: 'project', level: 'top' }],
    ['list all projects for transport security', { kind: 'project', job: 'tls' }],
    ['graduated', { level: 'top' }],
    ['graduted projecst', { kind: 'project', level: 'top' }],
  ] as const)('%s', async ([text, filters]) => {
    expect(await read(text)).toMatchObject({ filters, words: [] });
  });

  test('other words make it a question about them', async () => {
    expect((await read('linkerd projects')).filters).toEqual({});
    expect((await read('tls')).filters).toEqual({});
    expect((await read('is tls graduated')).filters).toEqual({});
  });

  test('of sections leave words to look for', async () => {
    expect(await read('examples with linkerd')).toMatchObject({
      filters: { kind: 'example' },
      words: ['linkerd'],
    });
  });
});

describe('words', () => {
  test.for([
    ['linkred', ['linkerd'], 'linkerd'],
    ['open ebs', ['openebs'], 'openebs'],
    ['leaderlease', ['leader', 'lease'], 'leader lease'],
    ['leader-leese', ['leader', 'lease'], 'leader lease'],
    ['what is the lease', ['lease'], undefined],
    ['the', ['the'], undefined],
    ['ofthe lease', ['lease'], 'of the lease'],
    ['leade lease', ['leader', 'lease'], 'leader lease'],
    ['lea lease', ['lea', 'lease'], undefined],
    ['lease leade', ['lease', 'leade'], undefined],
    // Names in code are read as a whole before they are taken apart.
    ['LinkredProxy', ['linkerd', 'proxy'], 'linkerd proxy'],
    ['OpenEbss', ['openebs'], 'openebs'],
    ['HTTP/2 lease', ['http2', 'lease'], undefined],
    ['raft/lease', ['raft', 'lease'], undefined],
  ] as const)('%s', async ([text, words, corrected]) => {
    expect(await read(text)).toMatchObject({ words, corrected });
  });

  test('that stand somewhere are left as they are', async () => {
    expect((await read('linkred', ['linkred'])).words).toEqual(['linkred']);
  });

  test('are not more than ten, of two hundred letters', async () => {
    expect((await read('a1 b2 c3 d4 e5 f6 g7 h8 i9 j0 k1 l2')).words.length).toBe(10);
    expect((await read('x'.repeat(10_000))).words[0]?.length).toBe(200);
  });
});

test('runs put neighbouring words together', () => {
  expect(runsOf(['a', 'b', 'c']).map(({ run }) => run)).toEqual(['a', 'ab', 'abc', 'b', 'bc', 'c']);
});
