import path from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { facetMistake, openEngine, overall, readTable, score, typosOf } from './evaluate.ts';

const engine = await openEngine(inject('dist'));
const { classes, facets } = await readTable(path.join(import.meta.dirname, 'queries.yaml'));
const scores = await Promise.all(
  Object.entries(classes).map(([name, queries]) => score(engine, name, queries)),
);

/** The failures, for whoever reads a failed test. */
const told = (failures: (typeof scores)[number]['failures']) =>
  failures.map(({ query, got }) => `${query} → ${got[0] ?? 'nothing'}`).join('\n');

test('the table is large enough to judge by', () => {
  expect(Object.keys(classes)).toEqual([
    'names',
    'jobs',
    'identifiers',
    'concepts',
    'questions',
    'versions',
  ]);
  for (const [name, queries] of Object.entries(classes)) {
    expect(queries.length, name).toBeGreaterThanOrEqual(25);
    for (const { query, answers } of queries) {
      expect(answers.length, query).toBeGreaterThan(0);
      expect(answers.length, query).toBeLessThanOrEqual(2);
    }
  }
  expect(facets.length).toBeGreaterThanOrEqual(8);
});

test.for(scores)('$name: the first result is right', ({ at1, failures }) => {
  expect(at1, told(failures)).toBeGreaterThanOrEqual(0.9);
});

test('over all classes', () => {
  const { at1, at5, failures } = overall(scores);
  expect(at1, told(failures)).toBeGreaterThanOrEqual(0.95);
  expect(at5, told(failures)).toBeGreaterThanOrEqual(0.99);
});

test('with a mistake in it', async () => {
  const { asked, at1, failures } = await score(engine, 'typos', typosOf(classes, 120));
  expect(asked).toBeGreaterThanOrEqual(40);
  expect(at1, told(failures)).toBeGreaterThanOrEqual(0.9);
});

test.for(facets)('$query: exactly these pages', async (facet) => {
  expect(facetMistake(facet, await engine.answer(facet.query, {}))).toBeUndefined();
});

describe('an answer', () => {
  test('is the same whatever was asked before', async () => {
    // What Pagefind has loaded for other words grows with each question; short ones begin many words.
    const short = Object.values(classes)
      .flat()
      .filter(({ query }) => /\b(ca|id|io|io_uring|c|go|tls)\b/i.test(query));
    expect(short.length).toBeGreaterThan(10);
    for (const { query } of [...short, { query: 'root ca rotation' }]) {
      const fresh = await openEngine(inject('dist'));
      const [first] = (await fresh.answer(query, {})).results;
      const [later] = (await engine.answer(query, {})).results;
      expect(later?.url, query).toBe(first?.url);
    }
  });

  test('says what was meant by words that nobody wrote', async () => {
    const answer = await engine.answer('promethues histogran', {});
    expect(answer.corrected).toBe('prometheus histogram');
    expect((await engine.answer('prometheus histogram', {})).corrected).toBeUndefined();
  });

  test.for([
    ['sections', 'leader lease', /^concepts\/raft\.html#/, 'section'],
    ['identifiers', 'raft::RawNode', /#api-raft-raw_node-rawnode$/, 'identifier'],
    ['facts', 'fail-rs licence', /^libraries\/fail-rs\.html#fact-licence$/, 'fact'],
    ['examples', 'examples with tokio', /#example-/, 'example'],
  ] as const)('opens at %s', async ([, query, address, kind]) => {
    const [first] = (await engine.answer(query, {})).results;
    expect(first?.url).toMatch(address);
    expect(first?.kind).toBe(kind);
  });

  test('is narrowed by filters, each with what it would leave', async () => {
    const answer = await engine.answer('tls', { kind: 'library', project: 'linkerd' });
    expect(answer.results.length).toBeGreaterThan(0);
    for (const { filters } of answer.results) {
      expect(filters.kind).toContain('library');
      expect(filters.project).toContain('linkerd');
    }
    const without = await engine.answer('tls', { project: 'linkerd' });
    expect(answer.counts.kind?.library).toBe(without.counts.kind?.library);
    expect(answer.total).toBe(answer.counts.kind?.library);
  });

  test('shows where, with the words marked', async () => {
    const [first] = (await engine.answer('leader lease', {})).results;
    const found = first?.excerpt
      .filter((piece) => piece.found)
      .map(({ text }) => text.toLowerCase());
    expect(found?.join(' ')).toMatch(/lease/);
  });

  test('is honest where nothing is found, and names what is near', async () => {
    const answer = await engine.answer('qqxzzy', {});
    expect(answer).toMatchObject({ total: 0, results: [] });
    expect(answer.nearest).toHaveLength(3);
  });

  test.for([
    ['ten thousand letters', 'raft '.repeat(2000)],
    ['only signs', '!?&%$ ((("'],
    ['right to left', 'שלום עולם'],
    ['emoji', '🦀🦀 🚀'],
    ['markup', '<img src=x onerror=alert(1)>'],
    ['an open quote', '"raft'],
    ['nothing', '   '],
  ] as const)('stands %s', async ([, query]) => {
    const { results } = await engine.answer(query, {});
    expect(Array.isArray(results)).toBe(true);
  });
});

test('the first result is on the screen before pages below it are fetched; once is enough', async () => {
  const fresh = await openEngine(inject('dist'));
  const ask = async () => {
    const told: string[] = [];
    const answer = await fresh.answer(
      'raft leader',
      {},
      {
        first: ({ results }) => told.push(`${results.length} result`),
        shown: async () => void told.push('shown'),
        typing: async () => undefined,
        lost: () => false,
      },
    );
    return [...told, `${answer && answer.results.length > 1 ? 'all' : 'no'} results`];
  };
  expect(await ask()).toEqual(['1 result', 'shown', 'all results']);
  expect(await ask()).toEqual(['1 result', 'all results']);
});
