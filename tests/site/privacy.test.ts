import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startChromium } from '../support/browser.ts';
import { readPages } from '../support/dom.ts';

const base = inject('base');
const files = [...(await readPages(inject('dist'))).keys()];

/** Everything that a browser asks of anybody, pages, scripts and workers alike, goes through here. */
let proxy: Server;
const asked: { method: string; address: string; cookie?: string; referer?: string }[] = [];

let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  proxy = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const { cookie, referer } = headers;
    asked.push({ method, address: url, ...(cookie && { cookie }), ...(referer && { referer }) });
    if (!url.startsWith(`${base}/`)) {
      outgoing.writeHead(403).end();
      return;
    }
    const passed = request(url, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  proxy.on('connect', (incoming, socket) => {
    asked.push({ method: 'CONNECT', address: incoming.url ?? '' });
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));

  browser = await startChromium();
  context = await browser.createBrowserContext({
    proxyServer: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    // This machine's own servers through the proxy too.
    proxyBypassList: ['<-loopback>'],
  });
  page = await context.newPage();

  for (const file of files) await page.goto(`${base}/${file}`, { waitUntil: 'load' });
  await page.goto(`${base}/index.html`, { waitUntil: 'networkidle0' });
  await page.select('.bar-theme select', 'dark');
  await page.click('.search-open');
  // As on a first visit: what the worker has kept would not be asked for.
  const network = await page.createCDPSession();
  await network.send('Network.enable');
  await network.send('Network.setBypassServiceWorker', { bypass: true });
  // The second question is asked from an address that holds the first.
  await page.keyboard.type('tonic');
  await page.waitForFunction(() => location.search === '?q=tonic');
  await page.$eval('site-search input', (input) => (input as HTMLInputElement).select());
  await page.keyboard.type('raft');
  await page.waitForFunction(() => location.search === '?q=raft');
  await page.waitForSelector('site-search [role=option]');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
});
afterAll(async () => {
  await browser.close();
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
});

test('nobody but the site is asked for anything, and nothing is sent to it', () => {
  expect(asked.length).toBeGreaterThan(files.length);
  expect(asked.filter(({ address }) => !address.startsWith(`${base}/`))).toEqual([]);
  expect(asked.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
  // Words that a reader looks for stand in the address of the page, which no request may carry.
  const carried = asked.flatMap(({ address, referer = '' }) => [address, referer]);
  expect(carried.filter((address) => address.includes('?'))).toEqual([]);
});

test('there are no cookies', async () => {
  expect(asked.filter(({ cookie }) => cookie !== undefined)).toEqual([]);
  expect(await context.cookies()).toEqual([]);
});

test('theme and last searches are all that stays, and both can be removed; the menu’s state goes with the tab', async () => {
  const stays = () => page.evaluate(() => ({ ...localStorage }));
  expect(await stays()).toEqual({ theme: 'dark', 'site-search-recent': '["raft"]' });
  await page.select('.bar-theme select', 'auto');
  await page.click('.search-open');
  await page.waitForSelector('.search-forget');
  await page.click('.search-forget');
  expect(await stays()).toEqual({});
  expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual(['sl-sidebar-state']);
});

test('the check itself sees what a page and what a worker asks of others', async () => {
  const before = asked.length;
  await page.goto(`${base}/favicon.svg`);
  await page.evaluate(async () => {
    const ask = (address: string) => fetch(address).catch(() => undefined);
    await ask('http://page.example/');
    const source = `fetch('http://worker.example/').catch(() => {}).then(() => postMessage(0))`;
    const worker = new Worker(URL.createObjectURL(new Blob([source])));
    await new Promise((resolve) => {
      worker.onmessage = resolve;
    });
  });
  expect(asked.slice(before).map(({ address }) => address)).toEqual(
    expect.arrayContaining(['http://page.example/', 'http://worker.example/']),
  );
});
