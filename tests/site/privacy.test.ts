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
const asked: { method: string; address: string; cookie: string | undefined }[] = [];

let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  proxy = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    asked.push({ method, address: url, cookie: headers.cookie });
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
    asked.push({ method: 'CONNECT', address: incoming.url ?? '', cookie: undefined });
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
  await page.keyboard.type('raft');
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
  // Words that a reader looked for stand in the address of the result, and in no other.
  const result = new RegExp(`^${base}/[^?]*\\?h=raft$`);
  const told = asked.map(({ address }) => address).filter((address) => address.includes('?'));
  expect(told.filter((address) => !result.test(address))).toEqual([]);
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
