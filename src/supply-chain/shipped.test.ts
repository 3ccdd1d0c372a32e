import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageOf, writeShipped } from './shipped.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'shipped-'));
});
afterEach(() => rm(root, { recursive: true }));

const bytes = Buffer.alloc(64, 7);
const integrity = `sha512-${bytes.toString('base64')}`;

/** Installs packages by name, with their licence texts by file. */
async function install(
  packages: Record<string, { license?: string; texts: Record<string, string> }>,
): Promise<void> {
  const locked: Record<string, object> = {};
  for (const [name, { license, texts }] of Object.entries(packages)) {
    const folder = path.join(root, 'node_modules', name);
    const manifest = JSON.stringify({ name, version: '1.2.3', license, author: 'a@b.example' });
    for (const [file, text] of Object.entries({ 'package.json': manifest, ...texts })) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), text);
    }
    locked[`node_modules/${name}`] = { version: '1.2.3', integrity };
  }
  await writeFile(path.join(root, 'package-lock.json'), JSON.stringify({ packages: locked }));
}

const read = (file: string) => readFile(path.join(root, file), 'utf8');

test.for([
  ['/p/node_modules/astro/dist/prefetch/index.js', 'astro'],
  ['/p/node_modules/@astrojs/starlight/style/a.css?url', '@astrojs/starlight'],
  ['/p/node_modules/a/node_modules/@b/c/d.js', '@b/c'],
  ['C:\\p\\node_modules\\@b\\c\\d.js', '@b/c'],
  ['/p/src/components/copy-buttons.ts', undefined],
] as const)('%s belongs to %s', ([id, name]) => {
  expect(packageOf(id)).toBe(name);
});

test('licences stand below what the site says of itself, each package once, by name', async () => {
  await install({
    zeta: { license: 'MIT', texts: { 'LICENSE.md': 'terms of zeta' } },
    '@a/b': { license: 'MIT', texts: { 'LICENSE/ONE': 'first', 'LICENSE/TWO': 'second' } },
  });
  await writeShipped(root, ['zeta', '@a/b', 'zeta'], { root, own: 'Own terms\n' });
  const rule = '-'.repeat(80);
  expect(await read('licences.txt')).toBe(
    [
      'Own terms\n',
      `${rule}\n@a/b 1.2.3, MIT\n${rule}\n\nfirst\n\nsecond\n`,
      `${rule}\nzeta 1.2.3, MIT\n${rule}\n\nterms of zeta\n`,
    ].join('\n'),
  );
});

test('the bill of materials names what was installed, and is the same every time', async () => {
  await install({
    zeta: { license: '(MIT OR Apache-2.0)', texts: { licence: 'terms' } },
    '@a/b': { license: 'MIT', texts: { LICENSE: 'terms' } },
  });
  await writeShipped(root, ['zeta', '@a/b'], { root, own: '' });
  const first = await read('sbom.cdx.json');
  await writeShipped(root, ['@a/b', 'zeta'], { root, own: '' });
  expect(await read('sbom.cdx.json')).toBe(first);
  expect(first).not.toContain('a@b.example');
  const hashes = [{ alg: 'SHA-512', content: bytes.toString('hex') }];
  expect(JSON.parse(first)).toMatchObject({
    bomFormat: 'CycloneDX',
    components: [
      {
        name: '@a/b',
        version: '1.2.3',
        purl: 'pkg:npm/%40a/b@1.2.3',
        licenses: [{ license: { id: 'MIT' } }],
        hashes,
      },
      { name: 'zeta', licenses: [{ expression: '(MIT OR Apache-2.0)' }], hashes },
    ],
  });
});

test.for([
  ['no licence', { texts: { LICENSE: 'terms' } }],
  ['no text of it', { license: 'MIT', texts: {} }],
] as const)('a package with %s is refused', async ([, found]) => {
  await install({ zeta: found });
  const writing = writeShipped(root, ['zeta'], { root, own: '' });
  await expect(writing).rejects.toThrow('zeta reaches readers, but its licence');
});
