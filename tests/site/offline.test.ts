import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { filesBelow } from '../../src/files.ts';
import { removeOffline, writeOffline } from '../../src/portable/offline.ts';
import type { OfflineList } from '../../src/portable/worker/store.ts';
import { startChromium } from '../support/browser.ts';
import { type FolderServer, serveFolder } from '../support/serve-folder.ts';

const dist = inject('dist');
const list: OfflineList = JSON.parse(await readFile(path.join(dist, 'offline.json'), 'utf8'));

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser.close());

/** The server of the test at hand: below a path, on a port of its own, so that nothing is stored yet. */
let server: FolderServer;
beforeEach(async () => {
  server = await serveFolder(dist, '/a/b/');
  return () => server[Symbol.asyncDispose]();
});

/** Takes the network away: every request is dropped. */
const cutNetwork = () => {
  server.instead = () => 'drop';
};

async function open(file: string): Promise<Page & AsyncDisposable> {
  const page = await browser.newPage();
  await page.goto(server.base + file, { waitUntil: 'load' });
  return Object.assign(page, { [Symbol.asyncDispose]: () => page.close() });
}

/** Opens a first page, and waits until the worker has it with its parts. */
async function openFirst(file: string): Promise<Page & AsyncDisposable> {
  const page = await open(file);
  await isStored(page, file);
  for (const part of await partsOf(page)) await isStored(page, part);
  return page;
}

const isStored = (page: Page, file: string) =>
  page.waitForFunction(
    async (address) => (await caches.match(address)) !== undefined,
    { polling: 20 },
    new URL(file, server.base).href,
  );

/** Styles, scripts and pictures that a page has loaded; its icon may still be under way. */
const partsOf = (page: Page) =>
  page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .filter((name) => /\.(css|js|svg)$/.test(name) && !/\/(sw\.js|favicon\.svg)$/.test(name)),
  );

const heading = (page: Page) => page.$eval('h1', (h1) => h1.textContent?.trim());
const isStyled = (page: Page) =>
  page.$eval('header', (header) => getComputedStyle(header).position === 'fixed');

const hasRunScripts = (page: Page) =>
  page.evaluate(() => customElements.get('site-search') !== undefined);

async function firstResult(page: Page, query: string): Promise<string> {
  await page.click('.search-open');
  await page.$eval(
    'site-search input',
    (input, text) => {
      (input as HTMLInputElement).value = text;
      input.dispatchEvent(new Event('input'));
    },
    query,
  );
  await page.waitForSelector('site-search [role=option] a');
  return page.$eval('[role=option] a', (a) => (a as HTMLAnchorElement).href);
}

const keepSays = (page: Page) => page.$eval('keep-offline [role=status]', (e) => e.textContent);
const waitUntilKeepSays = (page: Page, words: string) =>
  page.waitForFunction(
    (wanted) => document.querySelector('keep-offline [role=status]')?.textContent?.includes(wanted),
    { polling: 20 },
    words,
  );

/** Gives styles and scripts other names, as a build does whose styles and scripts have changed. */
async function renameParts(folder: string): Promise<void> {
  for (const name of await readdir(path.join(folder, '_astro'))) {
    await rename(path.join(folder, '_astro', name), path.join(folder, '_astro', `next-${name}`));
  }
  for (const file of (await filesBelow(folder)).filter((name) => name.endsWith('.html'))) {
    const html = await readFile(path.join(folder, file), 'utf8');
    await writeFile(path.join(folder, file), html.replaceAll('_astro/', '_astro/next-'));
  }
}

/** A copy of the site as it is before the worker's step. */
async function copyOfSite(): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(path.join(tmpdir(), 'next-'));
  await cp(dist, folder, { recursive: true });
  for (const file of (await filesBelow(folder)).filter((name) => name.endsWith('.html'))) {
    const html = await readFile(path.join(folder, file), 'utf8');
    await writeFile(path.join(folder, file), html.replace(`<!--${list.version}-->`, ''));
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** A copy of the site in which one page says something else: the next version. */
async function nextVersion({
  renamed = false,
} = {}): Promise<{ folder: string; version: string } & AsyncDisposable> {
  const copy = await copyOfSite();
  const { folder } = copy;
  const page = path.join(folder, 'projects.html');
  const html = await readFile(page, 'utf8');
  await writeFile(page, html.replace(/<h1([^>]*)>[^<]*/, '<h1$1>Changed'));
  if (renamed) await renameParts(folder);
  const { version } = await writeOffline(folder);
  return Object.assign(copy, { version });
}

/** Starts `astro dev` as authors do, outside the test runner's environment; resolves when it answers. */
async function startDevelopment(port: string): Promise<ChildProcess> {
  const { NODE_ENV: _test, VITEST: _runner, ...env } = process.env;
  const astro = path.resolve('node_modules/astro/bin/astro.mjs');
  const child = spawn(process.execPath, [astro, 'dev', '--port', port, '--host', '127.0.0.1'], {
    env: { ...env, ASTRO_DEV_BACKGROUND: '0', ASTRO_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text) => String(text).includes(`:${port}`) && resolve());
    child.on('exit', (code) => reject(new Error(`astro dev ended with ${code}`)));
  });
  return child;
}

describe('without a network', () => {
  test('visited pages open with their parts, the very first one too', async () => {
    await using page = await openFirst('libraries/pprof-rs.html');
    // A picture is loaded, and stored, when it comes into view.
    await page.$eval('main img', (img) => img.scrollIntoView());
    await page.waitForNetworkIdle();
    for (const picture of await partsOf(page)) await isStored(page, picture);
    await page.goto(`${server.base}projects.html`);
    cutNetwork();
    for (const file of ['libraries/pprof-rs.html', 'projects.html']) {
      await page.goto(server.base + file);
      expect(await isStyled(page), file).toBe(true);
    }
    await page.goto(`${server.base}libraries/pprof-rs.html?q=1#x`);
    expect(await heading(page)).toBe('pprof-rs');
    await page.$eval('main img', (img) => img.scrollIntoView());
    await page.waitForFunction(() => document.images[0]?.complete, { polling: 20 });
    expect(await page.$eval('main img', (img) => img.naturalWidth)).toBeGreaterThan(0);
  });

  test('a page that was never visited gives a plain message', async () => {
    await using page = await openFirst('index.html');
    cutNetwork();
    const response = await page.goto(`${server.base}concepts/raft.html`);
    expect(response?.status()).toBe(503);
    expect(await heading(page)).toBe('No network');
    await Promise.all([page.waitForNavigation(), page.click('p a:last-of-type')]);
    expect(await isStyled(page)).toBe(true);
  });

  test('search that was used finds again', async () => {
    await using page = await openFirst('index.html');
    await page.reload();
    const found = await firstResult(page, 'poll mode');
    cutNetwork();
    await page.reload();
    expect(await firstResult(page, 'poll mode')).toBe(found);
  });
});

describe('Keep offline', () => {
  test('says the size, stores everything, works, and is removed', async () => {
    await using page = await openFirst('about/offline.html');
    const megabytes = Object.values(list.files).reduce((sum, [, bytes]) => sum + bytes, 0) / 1e6;
    await waitUntilKeepSays(page, `takes ${megabytes.toFixed(1)} MB`);
    await page.click('[data-keep]');
    await waitUntilKeepSays(page, 'The whole site is kept');
    cutNetwork();
    for (const file of Object.keys(list.files).filter((name) => name.endsWith('.html'))) {
      await page.goto(server.base + file);
      expect(await page.$eval('html', (html) => html.dataset.theme), file).toBeDefined();
    }
    await page.goto(`${server.base}concepts/raft.html`);
    expect(await firstResult(page, 'poll mode')).toContain('concepts/poll-mode-io.html');

    await page.goto(`${server.base}about/offline.html`);
    await waitUntilKeepSays(page, 'The whole site is kept');
    await page.click('[data-remove]');
    await waitUntilKeepSays(page, 'takes');
    expect(await page.evaluate(() => caches.keys())).toEqual([]);
  });

  test('goes on where it was after page and worker were killed half-way', async () => {
    const page = await openFirst('about/offline.html');
    await waitUntilKeepSays(page, 'takes');
    const before = server.requests.length;
    server.instead = () => (server.requests.length > before + 40 ? 'wait' : undefined);
    await page.click('[data-keep]');
    await page.waitForFunction(
      async (name, files) => (await (await caches.open(name)).keys()).length >= files,
      { polling: 20 },
      `${server.base} ${list.version}`,
      40,
    );
    const stored = await page.evaluate(async () => {
      const caught = await Promise.all(
        (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
      );
      return caught.flat().map(({ url }) => url);
    });
    const devtools = await page.createCDPSession();
    await devtools.send('ServiceWorker.enable');
    await devtools.send('ServiceWorker.stopAllWorkers');
    await page.close();

    server.instead = () => undefined;
    await using again = await open('about/offline.html');
    await waitUntilKeepSays(again, 'files are kept on this device');
    expect(await again.$eval('[data-keep]', (e) => e.textContent)).toBe('Continue');
    const resumed = server.requests.length;
    await again.click('[data-keep]');
    await waitUntilKeepSays(again, 'The whole site is kept');
    const fetched = server.requests.slice(resumed).map((file) => server.base + file);
    expect(fetched.length).toBeGreaterThan(0);
    expect(fetched.filter((address) => stored.includes(address))).toEqual([]);
    expect(fetched.length).toBeLessThan(Object.keys(list.files).length - 35);
  });

  test('says so when the disk is full, and breaks nothing', async () => {
    await using page = await openFirst('about/offline.html');
    await waitUntilKeepSays(page, 'takes');
    const devtools = await page.createCDPSession();
    const { origin } = new URL(server.base);
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000_000 });
    await page.click('[data-keep]');
    await waitUntilKeepSays(page, 'no more room');
    expect(await keepSays(page)).toMatch(/\d+ of \d+ files are kept/);
    await page.goto(`${server.base}concepts/raft.html`);
    expect(await isStyled(page)).toBe(true);
    cutNetwork();
    await page.goto(`${server.base}about/offline.html`);
    expect(await isStyled(page)).toBe(true);
  });

  test('accepts nothing but the files as they were built', async () => {
    await using page = await openFirst('about/offline.html');
    await waitUntilKeepSays(page, 'takes');
    server.instead = (file) =>
      file === 'projects.html' ? { type: 'text/html', body: '<h1>Log in first</h1>' } : undefined;
    await page.click('[data-keep]');
    await waitUntilKeepSays(page, 'did not give 1 of the files');
    server.instead = () => undefined;
    await page.click('[data-keep]');
    await waitUntilKeepSays(page, 'The whole site is kept');
  });
});

test('an error page in the place of a file is never stored', async () => {
  await using page = await openFirst('about/facts.html');
  // The table has a script that the first page has not.
  server.instead = (file) =>
    /\.js$|^projects\.html$/.test(file)
      ? { type: 'text/html', body: '<h1>Log in first</h1>' }
      : undefined;
  await page.goto(`${server.base}projects.html`);
  await page.goto(`${server.base}libraries.html`);
  expect(await hasRunScripts(page)).toBe(false);
  server.instead = () => undefined;
  await page.reload();
  expect(await hasRunScripts(page)).toBe(true);
  await page.goto(`${server.base}projects.html`);
  expect(await heading(page)).toBe('Projects');
});

describe('a new version', () => {
  const notice = '.new-version button';

  test('is fetched in the background, offered, and taken when the reader wants it', async () => {
    await using page = await openFirst('projects.html');
    await page.goto(`${server.base}libraries.html`);
    await using next = await nextVersion({ renamed: true });
    server.folder = next.folder;
    await page.goto(`${server.base}projects.html`);
    expect(await heading(page)).toBe('Projects');
    await page.waitForSelector(notice);
    // Not forced: what was visited stays as it was.
    await page.reload();
    expect(await heading(page)).toBe('Projects');
    await page.waitForSelector(notice);
    cutNetwork();
    await Promise.all([page.waitForNavigation(), page.click(notice)]);
    expect(await heading(page)).toBe('Changed');
    expect(await isStyled(page)).toBe(true);
    await page.goto(`${server.base}libraries.html`);
    expect(await isStyled(page)).toBe(true);
    expect(await hasRunScripts(page)).toBe(true);
    const names = await page.evaluate(() => caches.keys());
    expect(names).toEqual([`${server.base} ${next.version}`]);
  });

  test('a page of it that is opened before is whole, and not stored among the old ones', async () => {
    await using page = await openFirst('index.html');
    await page.reload();
    await firstResult(page, 'poll mode');
    await using next = await nextVersion();
    server.folder = next.folder;
    await page.goto(`${server.base}projects.html`);
    expect(await heading(page)).toBe('Changed');
    expect(await isStyled(page)).toBe(true);
    const before = server.requests.length;
    await firstResult(page, 'poll mode');
    // The index of the old version lies in the store; this page gets its own.
    expect(server.requests.slice(before)).toContain('pagefind/lexicon.json');
    const stored = await page.evaluate(
      async (name, address) => (await (await caches.open(name)).match(address)) !== undefined,
      `${server.base} ${list.version}`,
      `${server.base}projects.html`,
    );
    expect(stored).toBe(false);
  });

  test('is offered where there is no room for all of it, and works', async () => {
    await using page = await openFirst('about/offline.html');
    await waitUntilKeepSays(page, 'takes');
    await page.click('[data-keep]');
    await waitUntilKeepSays(page, 'The whole site is kept');
    const devtools = await page.createCDPSession();
    const { origin } = new URL(server.base);
    const { usage } = await devtools.send('Storage.getUsageAndQuota', { origin });
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 500_000 });
    await using next = await nextVersion();
    server.folder = next.folder;
    await page.reload();
    await page.waitForSelector(notice);
    await Promise.all([page.waitForNavigation(), page.click(notice)]);
    await page.goto(`${server.base}projects.html`);
    expect(await heading(page)).toBe('Changed');
    expect(await isStyled(page)).toBe(true);
  });

  test('of a site that is kept is kept as a whole', async () => {
    await using page = await openFirst('about/offline.html');
    await waitUntilKeepSays(page, 'takes');
    await page.click('[data-keep]');
    await waitUntilKeepSays(page, 'The whole site is kept');
    await using next = await nextVersion();
    server.folder = next.folder;
    const before = server.requests.length;
    await page.reload();
    await page.waitForSelector(notice);
    // Pages carry the version; what is the same in both is not fetched again.
    const fetched = server.requests.slice(before).filter((file) => !file.endsWith('.html'));
    expect(fetched.sort()).toEqual(['offline.json', 'sw.js']);
    await Promise.all([page.waitForNavigation(), page.click(notice)]);
    cutNetwork();
    await page.goto(`${server.base}projects.html`);
    expect(await heading(page)).toBe('Changed');
    await page.goto(`${server.base}about/offline.html`);
    await waitUntilKeepSays(page, 'The whole site is kept');
  });
});

describe('the worker is removed', () => {
  const traces = (page: Page) =>
    page.evaluate(async () => ({
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      caches: await caches.keys(),
    }));
  const isGone = (page: Page) =>
    page.waitForFunction(
      async () =>
        (await navigator.serviceWorker.getRegistrations()).length === 0 &&
        (await caches.keys()).length === 0,
      { polling: 20 },
    );

  test('by publishing a build that has none', async () => {
    await using page = await openFirst('index.html');
    expect((await traces(page)).workers).toBe(1);
    await using next = await copyOfSite();
    await removeOffline(next.folder);
    server.folder = next.folder;
    // The old page from the store starts the change; the new one takes its place in the meantime.
    await page
      .goto(`${server.base}index.html`, { waitUntil: 'domcontentloaded' })
      .catch(() => undefined);
    await isGone(page);
    await page.goto(`${server.base}about/offline.html`);
    expect(await isStyled(page)).toBe(true);
    expect(await page.$eval('keep-offline', (element) => element.checkVisibility())).toBe(false);
    expect(await traces(page)).toEqual({ workers: 0, caches: [] });
  });

  test('by the author’s own server, which registers none', async () => {
    server = await serveFolder(dist, '/');
    const { port } = new URL(server.base);
    const page = await openFirst('index.html');
    expect((await traces(page)).workers).toBe(1);
    await server[Symbol.asyncDispose]();
    const authors = await startDevelopment(port);
    try {
      await page.goto(`${server.base}index.html`).catch(() => undefined);
      await isGone(page);
      let registered = 0;
      await page.exposeFunction('onRegister', () => registered++);
      await page.evaluateOnNewDocument(() => {
        const { onRegister } = globalThis as unknown as {
          onRegister: ServiceWorkerContainer['register'];
        };
        ServiceWorkerContainer.prototype.register = onRegister;
      });
      await page.goto(`${server.base}about.html`, { waitUntil: 'networkidle0' });
      expect(await heading(page)).toBe('About');
      expect(registered).toBe(0);
      await isGone(page);
    } finally {
      await page.close();
      authors.kill();
    }
  });
});
