import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startChromium } from '../support/browser.ts';
import { difference } from '../support/pictures.ts';
import { brotli, samplePages } from '../support/weight.ts';

const dist = inject('dist');
const base = inject('base');

/** What arrives in the first window of a connection: ten packets. */
const firstWindow = 14_000;
const sizes = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
];

/** Of each kind of page the heaviest, and of pages with programs several. */
const pages = await samplePages(dist);

/** Parts of the first screen that scripts may change; everything else must stay as it was painted. */
const changedByScripts = [
  // The section that is being read.
  '.contents a',
  '.contents-current',
  // Buttons to copy code, and to sort tables.
  '.copy',
  'data-table thead th',
  'data-table [role=status]',
  // The choice of a theme, and the name of a key that differs on a Mac.
  'theme-select select',
  'kbd',
  // A warning by the reader's clock.
  '.facts-stale',
];

let browser: Browser;
let origin: string;
const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const file = await readFile(path.join(dist, decodeURIComponent(pathname))).catch(() => undefined);
  if (!file) {
    response.writeHead(404).end();
    return;
  }
  if (!pathname.endsWith('.html')) {
    const type = pathname.endsWith('.css') ? 'text/css' : 'application/octet-stream';
    response.writeHead(200, { 'content-type': type }).end(file);
    return;
  }
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-encoding': 'br',
  });
  const stream = brotli(file);
  // Of a longer page the rest never comes.
  if (searchParams.has('whole') || stream.length <= firstWindow) response.end(stream);
  else response.write(stream.subarray(0, firstWindow));
});

beforeAll(async () => {
  browser = await startChromium();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

describe.for(pages)('%s', (file) => {
  test.for(sizes)('its first window paints the first screen of $width pixels', async (size) => {
    const screen = async (query: string, waitUntil: 'load' | 'domcontentloaded') => {
      const page = await browser.newPage();
      await page.setJavaScriptEnabled(false);
      await page.setViewport(size);
      const arrived = page.goto(`${origin}/${file}${query}`, { waitUntil }).catch(() => undefined);
      // Two seconds are what a reader is asked to wait; a page that is cut off never loads.
      if (waitUntil === 'load') await arrived;
      else await new Promise((resolve) => setTimeout(resolve, 2000));
      const picture = await page.screenshot({ captureBeyondViewport: false });
      await page.close();
      return Buffer.from(picture).toString('base64');
    };
    const whole = await screen('?whole', 'load');
    const first = await screen('', 'domcontentloaded');
    expect(await difference(browser, [whole, first])).toBeUndefined();
  });

  test.for(sizes)('scripts move nothing on it, $width pixels wide', async (size) => {
    const screen = async (scripts: boolean) => {
      const page = await browser.newPage();
      await page.setViewport(size);
      // The style that hides what is listed comes from the test, and no policy foresees it.
      await page.setBypassCSP(true);
      await page.evaluateOnNewDocument(() => {
        const shifts: string[] = [];
        Object.assign(globalThis, { shifts });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            const { sources } = entry as unknown as { sources: { node: Element | null }[] };
            shifts.push(...sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? 'gone'));
          }
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await page.setRequestInterception(true);
      page.on('request', (request) =>
        !scripts && request.resourceType() === 'script' ? request.abort() : request.continue(),
      );
      await page.goto(`${base}/${file}`, { waitUntil: 'networkidle0' });
      const shifts = await page.evaluate(() => (globalThis as { shifts?: string[] }).shifts);
      await page.addStyleTag({
        content: `${changedByScripts.join(',')} { visibility: hidden !important }`,
      });
      const picture = await page.screenshot({ captureBeyondViewport: false });
      await page.close();
      return { picture: Buffer.from(picture).toString('base64'), shifts };
    };
    const without = await screen(false);
    const withScripts = await screen(true);
    expect(withScripts.shifts).toEqual([]);
    expect(await difference(browser, [without.picture, withScripts.picture], 32)).toBeUndefined();
  });

  test('until a second after it has loaded, little else is fetched', async () => {
    const page = await browser.newPage();
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(new URL(request.url()).pathname.slice(1)));
    await page.goto(`${base}/${file}`, { waitUntil: 'load' });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await page.close();
    expect(fetched[0]).toBe(file);
    // Once the first service worker is there, the page asks for itself and its parts again, so that the
    // worker sees them; they come from the browser's cache.
    const counted = [...new Set(fetched.slice(1))].filter(
      (name) =>
        name !== file && !/^(favicon|icons?\/|apple-touch|sw\.js$)|\.webmanifest$/.test(name),
    );
    expect(counted.length, counted.join(', ')).toBeLessThanOrEqual(4);
    const weights = counted.map(
      async (name) => brotli(await readFile(path.join(dist, name))).length,
    );
    const total = (await Promise.all(weights)).reduce((sum, weight) => sum + weight, 0);
    expect(total, `bytes of ${counted.join(', ')}`).toBeLessThanOrEqual(12_000);
  });

  test('nothing but the document blocks its first paint', async () => {
    const page: Page = await browser.newPage();
    await page.goto(`${base}/${file}`, { waitUntil: 'load' });
    const blocking = await page.evaluate(() =>
      (
        performance.getEntriesByType('resource') as (PerformanceResourceTiming & {
          renderBlockingStatus?: string;
        })[]
      )
        .filter((entry) => entry.renderBlockingStatus === 'blocking')
        .map(({ name }) => name),
    );
    await page.close();
    expect(blocking).toEqual([]);
  });
});
