import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { filesBelow } from '../../src/files.ts';
import { fill, packageSite } from '../../src/hosting/package.ts';
import { files, PackagedSite } from './fixture.ts';

const run = promisify(execFile);
const cli = fileURLToPath(new URL('../../src/cli/package.ts', import.meta.url));

test('text files have twins that say the same; what is compressed already has none', async () => {
  await using site = await PackagedSite.create();
  const found = await filesBelow(site.dist);
  const twins = found.filter((file) => /\.(br|gz)$/.test(file));
  const text = Object.keys(files).filter((file) =>
    /\.(html|css|js|json|svg|xml|md|webmanifest)$/.test(file),
  );
  expect(twins).toEqual(text.flatMap((file) => [`${file}.br`, `${file}.gz`]).sort());
  for (const twin of twins) {
    const decode = twin.endsWith('.br') ? brotliDecompressSync : gunzipSync;
    const plain = decode(await readFile(path.join(site.dist, twin)));
    expect(plain.toString()).toBe(files[twin.slice(0, -3)]);
  }
});

test('a twin that would be larger is left out, and one from before removed', async () => {
  await using site = await PackagedSite.create();
  await site.write('favicon.svg', '<svg/>');
  await packageSite(site.root);
  const names = await readdir(site.dist);
  expect(names.filter((name) => name.startsWith('favicon'))).toEqual(['favicon.svg']);
});

test('packaging again, or elsewhere, gives the same bytes', async () => {
  await using site = await PackagedSite.create();
  const copy = await mkdtemp(path.join(tmpdir(), 'packaged-'));
  await cp(site.root, copy, { recursive: true });
  await packageSite(site.root);
  const names = await filesBelow(site.root);
  expect(await filesBelow(copy)).toEqual(names);
  for (const name of names) {
    const [now, before] = [site.root, copy].map((root) => readFile(path.join(root, name)));
    expect(await now, name).toEqual(await before);
  }
  await rm(copy, { recursive: true });
});

test('every place of the templates is filled', async () => {
  await using site = await PackagedSite.create();
  for (const name of ['nginx.conf', 'Caddyfile']) {
    const text = await readFile(site.configuration(name), 'utf8');
    expect(text).not.toContain('#=');
    expect(text).toContain('Content-Security-Policy');
  }
  expect(await readFile(path.join(site.dist, '_headers'), 'utf8')).toContain('X-Content-Type-');
});

test('a place that nobody knows is an error', () => {
  expect(fill('a\n\t#= x\nb', { x: ['1', '2'] })).toBe('a\n\t1\n\t2\nb');
  expect(() => fill('#= y', { x: [] })).toThrow("'#= y'");
});

test('without a built site, the command says what to run', async () => {
  const empty = await mkdtemp(path.join(tmpdir(), 'empty-'));
  const failed = await run(process.execPath, [cli], { cwd: empty }).catch((error) => error);
  expect(failed).toMatchObject({
    code: 1,
    stderr: 'there is no built site to package: run npm run build first\n',
  });
  await rm(empty, { recursive: true });
});
