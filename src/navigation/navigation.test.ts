import { expect, test } from 'vitest';
import { Catalog, loadCatalog } from '../catalog/index.ts';
import { neighbours, sectionOf, sections } from './navigation.ts';

const loaded = await loadCatalog(
  new URL('../../tests/catalog/fixtures/good', import.meta.url).pathname,
);
if ('problems' in loaded) throw new Error('the sound project has problems');
const all = sections(new Catalog(loaded.catalog));

test('sections hold their pages, libraries by job', () => {
  expect(
    all.map(({ id, groups }) => [id, groups.flatMap(({ links }) => links.map((l) => l.href))]),
  ).toEqual([
    ['projects', ['/projects/store.html']],
    ['libraries', ['/libraries/log-rs.html']],
    ['concepts', ['/concepts/quorum.html']],
    ['about', []],
  ]);
  expect(all[1]?.groups[0]?.label).toBe('Consensus and replication');
});

test('a page has neighbours in its own section only', () => {
  const libraries = sectionOf(all, 'libraries/log-rs');
  expect(neighbours(libraries, 'libraries/log-rs')).toMatchObject({
    previous: { href: '/libraries.html' },
    next: undefined,
  });
  expect(neighbours(libraries, 'libraries')).toMatchObject({
    previous: undefined,
    next: { href: '/libraries/log-rs.html' },
  });
  expect(sectionOf(all, 'index')).toBeUndefined();
  expect(neighbours(undefined, 'index')).toEqual({ previous: undefined, next: undefined });
});
