import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cacheControl, securityHeaders } from '../../src/hosting/headers.ts';
import { policyHeader } from '../../src/policy/directives.ts';
import { files, PackagedSite } from './fixture.ts';
import { get as ask, caddy, nginx, type Running } from './servers.ts';

const lowerCase = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
const served = Object.keys(files).filter((file) => !file.includes('/.') && !file.startsWith('.'));
const compressed = served.filter((file) =>
  /\.(html|css|js|json|svg|xml|md|webmanifest)$/.test(file),
);

describe.for([
  { server: nginx, configuration: 'nginx.conf' },
  { server: caddy, configuration: 'Caddyfile' },
])('$server.name', ({ server, configuration }) => {
  describe.skipIf(server.missing)(server.missing ?? 'serves the packaged site', () => {
    let site: PackagedSite;
    let running: Running;
    let safety: Record<string, string>;
    const get = (address: string, headers?: Record<string, string>, method?: string) =>
      ask(running, address, headers, method);
    beforeAll(async () => {
      site = await PackagedSite.create();
      safety = lowerCase(securityHeaders(await policyHeader(site.dist)));
      running = await server.start(site.configuration(configuration), site.dist);
    });
    afterAll(async () => {
      await running[Symbol.asyncDispose]();
      await site[Symbol.asyncDispose]();
    });

    test.for(served)('%s, byte for byte, with headers for safety', async (file) => {
      const { status, headers, body } = await get(`/${file}`);
      expect(status).toBe(200);
      expect(body).toEqual(Buffer.from(files[file] as string));
      expect(headers).toMatchObject(safety);
      expect(headers).not.toHaveProperty('content-encoding');
    });

    test.for([
      ['index.html', 'text/html; charset=utf-8'],
      ['_astro/index.DVxxuf-V.css', 'text/css; charset=utf-8'],
      ['_astro/scripts.gfA0p-qB.js', /^(text|application)\/javascript; charset=utf-8$/],
      ['pagefind/pagefind-entry.json', /^application\/json/],
      ['site.webmanifest', 'application/manifest+json'],
      ['sitemap.xml', /^(text|application)\/xml/],
      ['favicon.svg', 'image/svg+xml'],
      ['llms.md', 'text/markdown; charset=utf-8'],
      ['rust-at-cncf.zip', 'application/zip'],
      ['pagefind/wasm.en.pagefind', 'application/octet-stream'],
      ['pagefind/pagefind.en_2eab92c649.pf_meta', 'application/octet-stream'],
      ['pagefind/fragment/en_149a2d4.pf_fragment', 'application/octet-stream'],
      ['pagefind/index/en_54847ba.pf_index', 'application/octet-stream'],
    ] as const)('%s has its type, compressed or not', async ([file, type]) => {
      for (const encoding of ['identity', 'br', 'gzip']) {
        const { headers } = await get(`/${file}`, { 'accept-encoding': encoding });
        expect(headers['content-type']).toMatch(type);
      }
    });

    test.for(compressed)('%s is sent as its twin to those who take it', async (file) => {
      const plain = Buffer.from(files[file] as string);
      const kinds = { br: brotliDecompressSync, gzip: gunzipSync };
      for (const [encoding, decode] of Object.entries(kinds)) {
        const { headers, body } = await get(`/${file}`, { 'accept-encoding': encoding });
        expect(headers).toMatchObject({ 'content-encoding': encoding, vary: 'Accept-Encoding' });
        expect(body.length).toBeLessThan(plain.length);
        expect(decode(body)).toEqual(plain);
      }
      const both = await get(`/${file}`, { 'accept-encoding': 'gzip, deflate, br' });
      expect(both.headers['content-encoding']).toBe('br');
    });

    test.for(served)('%s is kept as long as its name says', async (file) => {
      const hashed = /^_astro\/|\.pf_/.test(file);
      const wanted = cacheControl[hashed ? 'immutable' : 'revalidated'];
      for (const encoding of ['identity', 'br']) {
        const first = await get(`/${file}`, { 'accept-encoding': encoding });
        expect(first.headers['cache-control']).toBe(wanted);
        const again = await get(`/${file}`, {
          'accept-encoding': encoding,
          'if-none-match': String(first.headers.etag),
        });
        expect(again.status).toBe(304);
        expect(again.body).toHaveLength(0);
        expect(again.headers).toMatchObject({
          'cache-control': wanted,
          ...safety,
        });
      }
    });

    test('twins are told apart by their tags', async () => {
      const tags = await Promise.all(
        ['identity', 'br', 'gzip'].map(
          async (encoding) => (await get('/', { 'accept-encoding': encoding })).headers.etag,
        ),
      );
      expect(new Set(tags).size).toBe(3);
    });

    test.for(['/', '/libraries', '/libraries/raft-rs'])('%s needs no .html', async (address) => {
      const { status, body, headers } = await get(address);
      expect(status).toBe(200);
      const file = address === '/' ? 'index.html' : `${address.slice(1)}.html`;
      expect(body.toString()).toBe(files[file]);
      expect(headers['cache-control']).toBe(cacheControl.revalidated);
      const twin = await get(address, { 'accept-encoding': 'br' });
      expect(twin.headers['content-encoding']).toBe('br');
    });

    test('a slash at the end leads to the page', async () => {
      const { status, headers } = await get('/libraries/?a=b');
      expect(status).toBe(301);
      expect(headers.location).toBe('/libraries.html');
    });

    test.for([
      '/nothing',
      '/nothing.html',
      '/libraries/a/b/c/nothing',
      '/_astro/gone.DVxxuf-V.css',
      '/pagefind/fragment/en_0000000.pf_fragment',
      '/nothing/',
      '/_astro/',
      '/_astro',
      '/pagefind/',
      '/.git/config',
      '/libraries/.env',
      '/_headers',
      '//example.org/',
    ])('%s is not found, and says so on the page', async (address) => {
      for (const encoding of ['identity', 'gzip']) {
        const { status, headers, body } = await get(address, { 'accept-encoding': encoding });
        expect(status).toBe(404);
        const page = encoding === 'gzip' ? gunzipSync(body) : body;
        expect(page.toString()).toBe(files['404.html']);
        expect(headers).toMatchObject({
          'content-type': 'text/html; charset=utf-8',
          'cache-control': cacheControl.revalidated,
          ...safety,
        });
      }
    });

    test('a part of a file can be asked for, as downloads that go on do', async () => {
      const { status, headers, body } = await get('/rust-at-cncf.zip', { range: 'bytes=1-2' });
      expect(status).toBe(206);
      expect(headers['content-range']).toBe('bytes 1-2/4');
      expect(body).toEqual(Buffer.of(0x4b, 3));
      expect((await get('/rust-at-cncf.zip', { range: 'bytes=9-' })).status).toBe(416);
    });

    test.skipIf(server === caddy)('an error is not kept for a year', async () => {
      const { status, headers } = await get('/_astro/index.DVxxuf-V.css', {}, 'POST');
      expect(status).toBe(405);
      expect(headers['cache-control']).toBe(cacheControl.revalidated);
    });

    test('HEAD answers as GET, without the body', async () => {
      const { status, headers, body } = await get('/', { 'accept-encoding': 'br' }, 'HEAD');
      expect(status).toBe(200);
      expect(body).toHaveLength(0);
      expect(headers).toMatchObject({
        'content-encoding': 'br',
        'content-type': 'text/html; charset=utf-8',
      });
    });

    test('nothing can be put there', async () => {
      expect((await get('/', {}, 'POST')).status).toBe(405);
      expect((await get('/new.html', {}, 'PUT')).status).toBeGreaterThanOrEqual(400);
      expect((await get('/new.html')).status).toBe(404);
    });

    test.for(['/../hosting/nginx.conf', '/..%2fhosting/nginx.conf', '/%2e%2e/hosting/nginx.conf'])(
      '%s does not lead out of the site',
      async (address) => {
        const { status, body } = await get(address);
        expect([400, 404]).toContain(status);
        expect(body.toString()).not.toContain('server {');
      },
    );

    test('the server does not say its version', async () => {
      expect((await get('/')).headers.server).toMatch(/^(nginx|Caddy)$/);
    });
  });
});
