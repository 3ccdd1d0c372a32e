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
