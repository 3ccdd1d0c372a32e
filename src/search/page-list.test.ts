import { describe, expect, test } from 'vitest';
import { PageList } from './page-list.ts';

const page = (id: string, title: string, names: string[], kind: string) => ({
  id,
  url: `${id}.html`,
  title,
  names,
  filters: { kind: [kind] },
});
const pages = new PageList({
  pages: [
    page('raft-rs', 'raft-rs', ['raft crate'], 'library'),
    page('raft', 'Raft', ['consensus'], 'concept'),
    page('linkerd', 'Linkerd', ['linkerd2 proxy'], 'project'),
  ],
  facets: {
    kind: {
      label: 'Kind',
      values: {
        library: { label: 'Libraries', words: [] },
        concept: { label: 'Concepts', words: [] },
        project: { label: 'Projects', words: [] },
      },
    },
  },
  strong: '',
  common: [],
});
const asking = (...words: string[]) => ({
  words,
  sequence: words,
  code: false,
  corrected: undefined,
  filters: {},
});

describe('pages by name', () => {
  test('are called by a name as a whole, written in one or in parts', () => {
    expect(pages.namedBy(asking('consensus')).get('raft')?.exactly).toBe(true);
    expect(pages.namedBy(asking('linkerd2', 'proxy')).get('linkerd')?.exactly).toBe(true);
    expect(pages.namedBy(asking('linkerd2proxy')).get('linkerd')?.exactly).toBe(true);
    expect(pages.isName(['Linkerd2', 'proxy'])).toBe(true);
    expect(pages.isName(['proxy'])).toBe(false);
  });

  test('and by a part of one, among other words', () => {
    const named = pages.namedBy(asking('proxy', 'memory'));
    expect(named.get('linkerd')).toMatchObject({ share: 0.5, exactly: false });
    expect(named.has('raft')).toBe(false);
  });

  test('what half of all crates are called is no part of a name', () => {
    expect(pages.namedBy(asking('rs')).size).toBe(0);
    expect([...pages.namedBy(asking('raft')).keys()].sort()).toEqual(['raft', 'raft-rs']);
  });

  test('the nearest come first where nothing was found', () => {
    expect(pages.nearest(asking('linkrd'))[0]?.title).toBe('Linkerd');
  });
});

describe('pages by filter', () => {
  test('pass where they have what is asked for', () => {
    expect(pages.passing({ kind: 'library' }).map(({ id }) => id)).toEqual(['raft-rs']);
    expect(pages.passing({ kind: 'library', job: 'tls' })).toEqual([]);
    expect(pages.passing({})).toEqual([]);
  });

  test('are counted as if the facet itself asked for nothing', () => {
    const all = { library: 1, concept: 1, project: 1 };
    expect(pages.count({})).toEqual({ kind: all });
    expect(pages.count({ kind: 'library' })).toEqual({ kind: all });
    expect(pages.count({}, ['raft'])).toEqual({ kind: { library: 0, concept: 1, project: 0 } });
  });

  test('one that the index knows and the lexicon does not is of another build', () => {
    expect(() => pages.get('other')).toThrow(/another build/);
  });
});
