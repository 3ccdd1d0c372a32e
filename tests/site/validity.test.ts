import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { validateXML, type XMLInput } from 'xmllint-wasm';
import { z } from 'zod';
import { site } from '../../src/site.ts';
import { attribute, byTag, readPages } from '../support/dom.ts';

const dist = inject('dist');
const pages = await readPages(dist);
const read = (file: string) => readFile(path.join(dist, file), 'utf8');

/** What a schema in this folder has against a document. */
async function faults(contents: string, schema: string): Promise<string[]> {
  const schemaFile = new URL(`schemas/${schema}.rng`, import.meta.url);
  const { errors } = await validateXML({
    xml: [{ fileName: 'document.xml', contents }] satisfies XMLInput[],
    schema: [await readFile(schemaFile, 'utf8')],
    extension: 'relaxng',
  });
  return errors.map(({ message }) => message);
}

/** Texts of the elements of a name, in a document that is known to be valid. */
const texts = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => text);

/** The one address of each page, as the page itself says it. */
const canonical = new Map(
  [...pages].map(([file, html]) => {
    const link = byTag(html, 'link').find((element) => attribute(element, 'rel') === 'canonical');
    return [file, link && attribute(link, 'href')];
  }),
);

describe('the sitemap', () => {
  test.for(['sitemap-index.xml', 'sitemap-0.xml'])('%s is valid', async (file) => {
    expect(await faults(await read(file), 'sitemap')).toEqual([]);
  });

  test('lists every page by its one address', async () => {
    const listed = texts(await read('sitemap-0.xml'), 'loc');
    const wanted = [...canonical].flatMap(([file, address]) =>
      file === '404.html' ? [] : address,
    );
    expect(listed.sort()).toEqual(wanted.sort());
    for (const [file, address] of canonical) expect(address).toBe(`${site.url}/${file}`);
  });

  test('is named in robots.txt', async () => {
    expect(await read('robots.txt')).toBe(
      `User-agent: *\nAllow: /\n\nSitemap: ${site.url}/sitemap-index.xml\n`,
    );
    expect(texts(await read('sitemap-index.xml'), 'loc')).toEqual([`${site.url}/sitemap-0.xml`]);
  });
});

describe('the feed', () => {
  test('is valid, and each id stands once', async () => {
    const feed = await read('feed.xml');
    expect(await faults(feed, 'atom')).toEqual([]);
    const ids = texts(feed, 'id');
    expect(ids.length).toBeGreaterThan(40);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('tells the newest first, and leads to pages of the site', async () => {
    const feed = await read('feed.xml');
    const published = texts(feed, 'published');
    expect(published).toEqual([...published].sort().reverse());
    const links = [...feed.matchAll(/<link rel="alternate"[^>]* href="([^"#]*)/g)].map(
      ([, a]) => a,
    );
    expect([...canonical.values()]).toEqual(expect.arrayContaining([...new Set(links)]));
  });

  test('is named by every page', () => {
    for (const [file, html] of pages) {
      const link = byTag(html, 'link').find((element) => attribute(element, 'rel') === 'alternate');
      expect(link && attribute(link, 'href'), file).toBe(`${site.url}/feed.xml`);
    }
  });
});

describe('the manifest', () => {
  /** What https://www.w3.org/TR/appmanifest/ says of the members that are used, and no other member. */
  const address = z.string().regex(/^(?!\/|https?:)[\w./-]+$/, 'relative, to work under any path');
  const schema = z.strictObject({
    name: z.string().min(1),
    short_name: z.string().min(1).max(12),
    description: z.string().min(1),
    lang: z.literal('en'),
    start_url: address,
    scope: address,
    display: z.enum(['fullscreen', 'standalone', 'minimal-ui', 'browser']),
    icons: z.array(
      z.strictObject({
        src: address,
        sizes: z.string().regex(/^\d+x\d+$/),
        type: z.literal('image/png'),
        purpose: z.enum(['any', 'maskable', 'monochrome']),
      }),
    ),
    theme_color: z.string().regex(/^#[0-9a-f]{6}$/),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  });

  test('is valid, and its icons are as large as it says', async () => {
    const { icons, start_url } = schema.parse(JSON.parse(await read('site.webmanifest')));
    expect([...pages.keys()]).toContain(start_url);
    for (const { src, sizes } of icons) {
      const png = await readFile(path.join(dist, src));
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      // Width and height stand at the beginning of the first chunk.
      expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, src).toBe(sizes);
    }
    for (const wanted of ['192x192', '512x512']) {
      expect(icons.map(({ sizes, purpose }) => `${purpose} ${sizes}`)).toContain(`any ${wanted}`);
    }
  });
});

describe('the check itself', () => {
  const valid = (entry: string) =>
    `<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:a,2026:b</id><title>T</title><updated>2026-01-01T00:00:00Z</updated><author><name>N</name></author><link rel="self" href="https://a.example/"/>${entry}</feed>`;
  const parts = {
    id: '<id>tag:a,2026:c</id>',
    title: '<title>T</title>',
    updated: '<updated>2026-01-01T00:00:00Z</updated>',
    link: '<link rel="alternate" href="https://a.example/"/>',
  };
  test.for([...Object.keys(parts), undefined])('an entry without %s', async (without) => {
    const left = Object.entries(parts).flatMap(([name, xml]) => (name === without ? [] : xml));
    const found = await faults(valid(`<entry>${left.join('')}</entry>`), 'atom');
    if (without === undefined) expect(found).toEqual([]);
    else expect(found).not.toEqual([]);
  });

  test('a day where an instant is wanted, an address that is not absolute', async () => {
    const entry = Object.values({ ...parts, updated: '<updated>2026-01-01</updated>' }).join('');
    expect(await faults(valid(`<entry>${entry}</entry>`), 'atom')).not.toEqual([]);
    const map = (loc: string) =>
      `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>${loc}</loc></url></urlset>`;
    expect(await faults(map('https://a.example/b.html'), 'sitemap')).toEqual([]);
    expect(await faults(map('/b.html'), 'sitemap')).not.toEqual([]);
  });
});
