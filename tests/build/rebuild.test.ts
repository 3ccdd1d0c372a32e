import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { pageSteps } from '../../src/build/finish.ts';
import { takeSteps } from '../../src/built-site/built-site.ts';
import { SiteFolder } from '../support/site-folder.ts';

const page = (name: string, text: string) =>
  `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${name}</title>
  <meta name="description" content="${name}">
  <link rel="stylesheet" href="/_astro/main.css"><script type="module" src="/_astro/${name}.js"></script>
  </head><body><main data-pagefind-body><h1 id="_top" data-search-filters="kind:${name}">${name}</h1>
  <h2 id="part">Part</h2><p class="note">${text}</p><a href="/sub/other.html#part">on</a></main></body></html>`;

const raw = {
  '_astro/main.css': ':root{--a:1}.note{color:var(--a)}.gone{a:b}@media print{.note{color:red}}',
  '_astro/shared.js': 'export const word = "shared";',
  '_astro/one.js': 'import{word}from"./shared.js";console.log(word);',
  '_astro/other.js': 'import{word}from"./shared.js";console.log(word,2);',
  'index.html': page('one', 'leader lease'),
  '404.html': page('one', 'not here'),
  'sub/other.html': page('other', 'read index'),
};

/** The site that the steps of a build make of a raw one. */
async function finish(files: Record<string, string>, folder?: string) {
  await using site = await SiteFolder.of(files);
  const kept = folder === undefined ? {} : { kept: { folder, madeBy: 'this' } };
  await takeSteps(site.directory, pageSteps(process.cwd()), kept);
  return await site.files();
}

test('a rebuild makes the same site as a build from nothing', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'rebuild-'));
  try {
    const fresh = await finish(raw);
    expect(Object.keys(fresh)).toContain('pagefind/engine.js');
    expect(await finish(raw, folder)).toEqual(fresh);
    const keys = await readdir(folder);
    expect(keys).toHaveLength(3);
    expect(await finish(raw, folder)).toEqual(fresh);
    expect(await readdir(folder)).toEqual(keys);

    const edited = { ...raw, 'sub/other.html': page('other', 'follower read') };
    expect(await finish(edited, folder)).toEqual(await finish(edited));
    const broken = { ...edited, 'sub/other.html': page('other', '<a href="/gone.html">x</a>') };
    const failure = await finish(broken).catch(String);
    expect(failure).toContain('gone.html');
    // The second time, what is wrong is known from the first.
    expect(await finish(broken, folder).catch(String)).toBe(failure);
    expect(await finish(broken, folder).catch(String)).toBe(failure);
  } finally {
    await rm(folder, { recursive: true });
  }
});
