import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SiteFolder } from '../../tests/support/site-folder.ts';
import { writeOffline } from './offline.ts';
import { hashOf } from './worker/store.ts';

let site: SiteFolder;
let folder: string;
const read = (file: string) => readFile(path.join(folder, file));
beforeEach(async () => {
  const names = ['a.css', 'a.css.br', 'b.zip', 'b.zip.sha256', 'hidden.txt'];
  site = await SiteFolder.of({
    ...Object.fromEntries(names.map((file) => [file, file])),
    'index.html': '<!doctype html><title>A</title>',
  });
  folder = site.directory;
});
afterEach(() => site[Symbol.asyncDispose]());

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
