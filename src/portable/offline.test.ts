import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeOffline } from './offline.ts';
import { hashOf } from './worker/store.ts';

let folder: string;
const read = (file: string) => readFile(path.join(folder, file));
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'offline-'));
  for (const file of ['a.css', 'a.css.br', 'b.zip', 'b.zip.sha256', 'hidden.txt']) {
    await writeFile(path.join(folder, file), file);
  }
  await writeFile(path.join(folder, 'index.html'), '<!doctype html><title>A</title>');
});
afterEach(() => rm(folder, { recursive: true }));

test('the list holds the final bytes of what readers may keep, and nothing else', async () => {
  const list = await writeOffline(folder, { leaveOut: /^hidden/ });
  expect(JSON.parse((await read('offline.json')).toString())).toEqual(list);
  expect(Object.keys(list.files)).toEqual(['a.css', 'index.html']);
  for (const [file, [hash, bytes]] of Object.entries(list.files)) {
    const content = await read(file);
    expect([hash, bytes]).toEqual([await hashOf(new Uint8Array(content).buffer), content.length]);
  }
});

test('pages and worker carry the version, which follows from the files', async () => {
  const { version } = await writeOffline(folder);
  expect((await read('index.html')).toString()).toBe(
    `<!doctype html><title>A</title><!--${version}-->`,
  );
  expect((await read('sw.js')).toString()).toContain(JSON.stringify(version));
  await writeFile(path.join(folder, 'index.html'), '<!doctype html><title>A</title>');
  expect((await writeOffline(folder)).version).toBe(version);
  await writeFile(path.join(folder, 'a.css'), 'other');
  expect((await writeOffline(folder)).version).not.toBe(version);
});
