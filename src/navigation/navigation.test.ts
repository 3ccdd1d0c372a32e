import { expect, test } from 'vitest';
import { Catalog, loadCatalog } from '../catalog/index.ts';
import { nearby, neighbours, sectionOf, sections } from './navigation.ts';

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

test('the sidebar of a large section lists what is near, in its groups', () => {
  const links = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => {
      const id = `libraries/${from + i}`;
      return { id, label: id, href: `/${id}.html` };
    });
  const groups = [
    { label: 'first', links: links(0, 50) },
    { label: 'second', links: links(50, 500) },
  ];
  const section = { id: 'libraries', label: 'Libraries', href: '/libraries.html', groups };
  const shown = (page: string) =>
    nearby(section, page).map(({ label, links }) => [
      label,
      links.length,
      links[0]?.id,
      links.at(-1)?.id,
    ]);
  expect(shown('libraries')).toEqual([
    ['first', 50, 'libraries/0', 'libraries/49'],
    ['second', 11, 'libraries/50', 'libraries/60'],
  ]);
  expect(shown('libraries/60')).toEqual([
    ['first', 20, 'libraries/30', 'libraries/49'],
    ['second', 41, 'libraries/50', 'libraries/90'],
  ]);
  expect(shown('libraries/499')).toEqual([['second', 61, 'libraries/439', 'libraries/499']]);
  const small = { ...section, groups: groups.slice(0, 1) };
  expect(nearby(small, 'libraries/7')).toEqual(small.groups);
});
