import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, inject, test } from 'vitest';

const read = (file: string) => readFile(path.join(inject('dist'), file), 'utf8');

test('the bill of materials and the licences name the same packages, as they are locked', async () => {
  const { components } = JSON.parse(await read('sbom.cdx.json'));
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8'));
  const licences = await read('licences.txt');
  const names: string[] = [];
  for (const { name, version, licenses } of components) {
    expect(packages[`node_modules/${name}`].version).toBe(version);
    expect(licences).toContain(`\n${name} ${version}, ${licenses[0].license.id}\n`);
    names.push(name);
  }
  // The theme is found in what was bundled; the search is written by a step of its own.
  expect(names).toEqual(expect.arrayContaining(['@astrojs/starlight', 'pagefind']));
  expect(licences.match(/^-+\n.*, .*\n-+$/gm)).toHaveLength(names.length);
});
