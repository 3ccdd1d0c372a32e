import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { site } from '../../src/site.ts';
import { startChromium } from '../support/browser.ts';
import { type FolderServer, serveFolder } from '../support/serve-folder.ts';

const dist = inject('dist');

let browser: Browser;
let server: FolderServer;
beforeAll(async () => {
  browser = await startChromium();
  server = await serveFolder(dist, '/a/b/');
});
afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

test.for(['gone.html', 'no/such/folder/page.html', 'no/such/folder/'])(
  'below a path, %s answers with a page that is whole and leads on',
  async (address) => {
    const page = await browser.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    const response = await page.goto(server.base + address, { waitUntil: 'load' });
    expect(response?.status()).toBe(404);
    expect(await page.$eval('h1', (h1) => h1.textContent)).toBe('Page not found');
    expect(await page.$eval('header', (header) => getComputedStyle(header).position)).toBe('fixed');

    const { pathname } = new URL(server.base);
    await page.waitForSelector(`main a[href="${pathname}libraries.html"]`);
    const loaded = requests.filter((url) => !url.startsWith('data:'));
    expect(loaded.filter((url) => !url.startsWith(new URL('/', server.base).href))).toEqual([]);

    await page.click('.search-open');
    await page.type('site-search input', 'poll mode');
    await page.waitForSelector('site-search [role=option] a[href*="poll-mode-io"]');

    await page.goto(server.base + address);
    await page.waitForSelector(`main a[href="${pathname}libraries.html"]`);
    // Without a pointer: Puppeteer does not follow into a page that was rendered ahead.
    await Promise.all([
      page.waitForNavigation(),
      page.$eval('main a[href$="libraries.html"]', (link) => (link as HTMLElement).click()),
    ]);
    expect(page.url()).toBe(`${server.base}libraries.html`);
    await page.close();
  },
);

test('without scripts its links lead to where the site was built for', async () => {
  const page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  await page.goto(`${server.base}no/such/page.html`);
  expect(
    await page.$$eval('main a', (links) => links.map((a) => a.getAttribute('href'))),
  ).toContain(`${site.url}/libraries.html`);
  expect(await page.$eval('header', (header) => getComputedStyle(header).position)).toBe('fixed');
  await page.close();
});

test('it loads nothing by itself', async () => {
  const html = await readFile(path.join(dist, '404.html'), 'utf8');
  expect(html).not.toMatch(/<script[^>]* src=|rel="stylesheet"|rel="modulepreload"/);
});
