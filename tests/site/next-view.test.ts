import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startChromium } from '../support/browser.ts';

const base = inject('base');
const from = `${base}/concepts/raft.html`;
const to = `${base}/concepts/mutual-tls.html`;
const link = '#menu a[href$="mutual-tls.html"]';

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser.close());

async function open(address: string, prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  await prepare?.(page);
  await page.goto(address, { waitUntil: 'load' });
  return page;
}

const saveData = async (page: Page) => {
  const session = await page.createCDPSession();
  await session.send('Emulation.setDataSaverOverride', { dataSaverEnabled: true });
};

const hints = (page: Page) =>
  page.$$eval('link[rel=prefetch]', (all) => all.map((hint) => (hint as HTMLLinkElement).href));

test('a page on whose link the pointer rests is there before the click', async () => {
  const page = await open(from);
  const session = await page.createCDPSession();
  // Rendering ahead is refused to a browser that is driven; fetching ahead is not.
  const ready = new Promise<string>((resolve) => {
    session.on('Preload.prefetchStatusUpdated', ({ key, status }) => {
      if (status === 'Ready' || status === 'Failure') resolve(`${status} ${key.url}`);
    });
  });
  await session.send('Preload.enable');
  await page.hover(link);
  expect(await ready).toBe(`Ready ${to}`);
  await page.click(link);
  await page.waitForFunction((address) => location.href === address, { polling: 20 }, to);
  const delivery = await page.evaluate(
    () =>
      (performance.getEntriesByType('navigation')[0] as unknown as { deliveryType: string })
        .deliveryType,
  );
  expect(delivery).toBe('navigational-prefetch');
  await page.close();
});

test('rules ahead of the pointer cover pages of the site, and not the page itself', async () => {
  const page = await open(from);
  const session = await page.createCDPSession();
  const found = new Promise<string[]>((resolve) => {
    session.on('Preload.preloadingAttemptSourcesUpdated', ({ preloadingAttemptSources }) =>
      resolve(preloadingAttemptSources.map(({ key }) => `${key.action} ${key.url}`)),
    );
  });
  await session.send('Preload.enable');
  const ahead = await found;
  expect(ahead).toContain(`Prefetch ${to}`);
  expect(ahead).toContain(`Prerender ${to}`);
  expect(ahead.filter((one) => one.includes('raft.html') || !one.includes(base))).toEqual([]);
  await page.close();
});

test('a page on whose link the keyboard stands is fetched once', async () => {
  const page = await open(from);
  await page.focus(link);
  await page.focus('.word-mark');
  await page.focus(link);
  expect(await hints(page)).toEqual([to, `${base}/index.html`]);
  await page.close();
});

test('a browser without speculation rules fetches what the pointer rests on', async () => {
  const page = await open(from, (page) =>
    page.evaluateOnNewDocument(() => {
      HTMLScriptElement.supports = () => false;
    }),
  );
  const asked = page.waitForRequest((request) => request.url() === to);
  await page.hover(link);
  expect((await asked).resourceType()).toBe('fetch');
  await page.close();
});

test('nothing is fetched ahead where data is to be saved', async () => {
  const page = await open(from, saveData);
  expect(await page.$('script[type=speculationrules]')).toBeNull();
  await page.focus(link);
  await page.hover(link);
  expect(await hints(page)).toEqual([]);
  await page.close();
});

test('nothing is fetched ahead for a place on the same page, or on another site', async () => {
  const page = await open(from);
  await page.focus('.contents a[href="#related"]');
  await page.focus('.sources a[href^="https:"]');
  expect(await hints(page)).toEqual([]);
  await page.close();
});
