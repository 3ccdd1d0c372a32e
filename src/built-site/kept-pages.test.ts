import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { SiteFolder } from '../../tests/support/site-folder.ts';
import { type SiteStep, takeSteps } from './built-site.ts';
import { element, insertAfter, textOf, visit } from './tree.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'kept-pages-'));
afterAll(() => rm(folder, { recursive: true }));

/** What the step saw and noted of a build. */
let made: string[] = [];
let taken: string[] = [];

/** Marks the first paragraph, and notes its text; needs a sheet of the site for it. */
const marking: SiteStep = {
  name: 'marking',
  start: (site) => ({
    async page(page) {
      made.push(page.file);
      const sheet = await site.read('a.css');
      let note: { text: string } | undefined;
      visit(page.document, (found) => {
        if (found.tagName !== 'p' || note) return;
        note = { text: textOf(found) };
        insertAfter(found, element('i', {}, sheet));
        page.changed = true;
      });
      return note;
    },
    take(note: { text: string } | undefined, file) {
      taken.push(`${file} ${note?.text}`);
    },
  }),
};

/** Builds a site with what earlier builds kept, and gives its files. */
async function build(
  files: Record<string, string>,
  madeBy = 'one',
): Promise<Record<string, string>> {
  [made, taken] = [[], []];
  await using site = await SiteFolder.of(files);
  await takeSteps(site.directory, [marking], { kept: { folder, madeBy } });
  return await site.files();
}

const files = { 'a.css': 'p{}', 'b.html': '<p>b', 'c.html': 'none', 'd/e.html': '<p>e' };
const all = ['b.html', 'c.html', 'd/e.html'];
let first: Record<string, string>;

beforeEach(async () => {
  await rm(folder, { recursive: true, force: true });
  first = await build(files);
  expect(made).toEqual(all);
  expect(first['b.html']).toContain('<p>b</p><i>p{}</i>');
});

test('pages that are as they were are not made again, and are noted as before', async () => {
  const noted = taken;
  expect(await build(files)).toEqual(first);
  expect(made).toEqual([]);
  expect(taken).toEqual(noted);
  expect(taken).toEqual(['b.html b', 'c.html undefined', 'd/e.html e']);
});

test('a page that has changed is made again, the others are not', async () => {
  const built = await build({ ...files, 'b.html': '<p>x' });
  expect(made).toEqual(['b.html']);
  expect(taken).toEqual(['b.html x', 'c.html undefined', 'd/e.html e']);
  expect(built).toEqual({ ...first, 'b.html': expect.stringContaining('<p>x</p><i>p{}</i>') });
});

test.for<[string, Record<string, string>, string, string[]]>([
  ['another file of the site', { ...files, 'a.css': 'q{}' }, 'one', all],
  ['the code of the steps', files, 'two', all],
  ['the files that there are', { ...files, 'f.html': '<p>f' }, 'one', [...all, 'f.html']],
])('all pages are made again when %s changes', async ([, changed, madeBy, expected]) => {
  await build(changed, madeBy);
  expect(made).toEqual(expected);
});

test('a page whose copy cannot be read is made again', async () => {
  for (const name of await readdir(folder)) await writeFile(path.join(folder, name), 'torn');
  expect(await build(files)).toEqual(first);
  expect(made).toEqual(all);
});

test('what the last build had no use for is deleted', async () => {
  await build({ ...files, 'b.html': '<p>x' });
  expect(await readdir(folder)).toHaveLength(3);
  await build(files);
  expect(made).toEqual(['b.html']);
});
