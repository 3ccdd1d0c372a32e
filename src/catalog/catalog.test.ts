import { expect, test } from 'vitest';
import { Catalog, type CatalogData, compareVersions } from './catalog.ts';

test('versions compare by number, and a pre-release comes before its release', () => {
  const sorted = ['1.10.0', '1.9.0', '2.0.0-rc.1', '2.0.0', '0.10.0-alpha.2', '0.10.0', '1.9'];
  expect([...sorted].sort(compareVersions)).toEqual([
    '0.10.0-alpha.2',
    '0.10.0',
    '1.9',
    '1.9.0',
    '1.10.0',
    '2.0.0-rc.1',
    '2.0.0',
  ]);
});

test('an address is dead where it was asked for and gone, whatever stands behind its #', () => {
  const links = {
    checked: '2026-11-28',
    alive: ['https://a.example/alive'],
    moved: {},
    dead: { 'https://a.example/gone': 404 },
    notChecked: { 'https://a.example/unknown': 'ENOTFOUND' },
  };
  const catalog = new Catalog({ links } as Partial<CatalogData> as CatalogData);
  expect(catalog.deadSince('https://a.example/gone#L12')).toBe('2026-11-28');
  for (const path of ['alive', 'unknown', 'new']) {
    expect(catalog.deadSince(`https://a.example/${path}`)).toBeUndefined();
  }
  const unasked = new Catalog({ links: undefined } as Partial<CatalogData> as CatalogData);
  expect(unasked.deadSince('https://a.example/gone')).toBeUndefined();
});

const provenance = { source: 'log', read: '2026-01-02' };

test('a project has the releases of the repositories that ship it, or the one that its facts state', () => {
  const catalog = new Catalog({
    repositories: {
      'acme/store': { release: { tag: 'v2.1.0', version: '2.1.0', date: '2026-01-01' } },
      'acme/notes': { release: null },
      'acme/tool': { release: { tag: 'v9.0.0', version: '9.0.0', date: '2026-01-02' } },
    },
  } as Partial<Record<keyof CatalogData, unknown>> as CatalogData);
  const repositories = [
    { repo: 'acme/store', ships: true },
    { repo: 'acme/notes', ships: true },
    { repo: 'acme/tool', ships: false },
  ];
  const releasesOf = (facts: object) =>
    catalog.releasesOf({ repositories, facts } as Parameters<Catalog['releasesOf']>[0]);
  expect(releasesOf({})).toEqual([
    { repo: 'acme/store', tag: 'v2.1.0', version: '2.1.0', date: '2026-01-01' },
  ]);
  expect(releasesOf({ release: { value: '3.0', ...provenance } })).toEqual([
    { version: '3.0', date: undefined, source: 'log' },
  ]);
  const day = { value: '2026-02-03', ...provenance };
  expect(releasesOf({ release: { value: '3.0', ...provenance }, 'release-day': day })).toEqual([
    { version: '3.0', date: '2026-02-03', source: 'log' },
  ]);
});

test('the oldest Rust of a library is what its manifest says, unless its record does', () => {
  const catalog = new Catalog({
    repositories: {
      'acme/log': { manifest: { rustVersion: '1.70' } },
      'acme/bare': { manifest: { rustVersion: null } },
    },
  } as Partial<Record<keyof CatalogData, unknown>> as CatalogData);
  const msrvOf = (repo: string, msrv?: object) =>
    catalog.msrvOf({ repository: { repo }, msrv } as Parameters<Catalog['msrvOf']>[0]);
  expect(msrvOf('acme/log')).toEqual({ version: '1.70' });
  expect(msrvOf('acme/bare')).toBeUndefined();
  const stated = { value: '1.80', note: 'with all features', ...provenance };
  expect(msrvOf('acme/log', stated)).toEqual({
    version: '1.80',
    note: 'with all features',
    source: 'log',
  });
});

test('a library is looked after by a project of the site or by somebody else', () => {
  const projects = { store: { name: 'Store', summary: '' } };
  const catalog = new Catalog({
    projects,
    libraries: {},
    concepts: {},
  } as Partial<Record<keyof CatalogData, unknown>> as CatalogData);
  const stewardOf = (steward: object) =>
    catalog.stewardOf({ steward } as Parameters<Catalog['stewardOf']>[0]);
  expect(stewardOf({ project: 'store' })).toMatchObject({
    name: 'Store',
    href: '/projects/store.html',
  });
  expect(stewardOf({ name: 'log-rs', url: 'https://log.example' })).toEqual({
    name: 'log-rs',
    href: 'https://log.example',
  });
});

test('the licence of a project is that of its first manifest, unless a fact states it', () => {
  const catalog = new Catalog({
    repositories: {
      'acme/store': { manifest: { licence: null } },
      'acme/tool': { manifest: { licence: 'Apache2' } },
      'acme/notes': { manifest: null },
    },
  } as Partial<Record<keyof CatalogData, unknown>> as CatalogData);
  const licenceOf = (repos: string[], facts: object) =>
    catalog.licenceOf({ repositories: repos.map((repo) => ({ repo })), facts } as Parameters<
      Catalog['licenceOf']
    >[0]);
  expect(licenceOf(['acme/store', 'acme/tool'], {})).toEqual({ name: 'Apache2' });
  expect(licenceOf(['acme/store', 'acme/notes'], {})).toBeUndefined();
  const licence = { value: 'Apache-2.0', source: 'log', read: '2026-01-01' };
  expect(licenceOf(['acme/tool'], { licence })).toEqual({ name: 'Apache-2.0', source: 'log' });
});

test('a project uses a library itself where it says what for, and not only through another', () => {
  const lock = { packages: 1, crates: [{ name: 'log', version: '1.0.0', from: 'crates.io' }] };
  const catalog = new Catalog({
    projects: Object.fromEntries(
      ['store', 'proxy', 'disk', 'other'].map((id) => [id, { repositories: [{ repo: id }] }]),
    ),
    repositories: {
      store: { lock },
      proxy: { lock },
      disk: { lock },
      other: { lock: null },
    },
  } as Partial<Record<keyof CatalogData, unknown>> as CatalogData);
  const production = [
    { project: 'store', indirect: false },
    { project: 'proxy', indirect: true },
  ];
  const library = { crate: 'log', production } as Parameters<Catalog['usersOf']>[0];
  expect(catalog.usersOf(library)).toEqual([
    { project: 'store', direct: true },
    { project: 'proxy', direct: false },
    { project: 'disk', direct: false },
  ]);
});
