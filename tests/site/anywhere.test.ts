import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { unzipSync } from 'fflate';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { browsers } from '../support/browser.ts';
import { readPages } from '../support/dom.ts';
import { serveFolder } from '../support/serve-folder.ts';

const dist = inject('dist');
const files = [...(await readPages(dist)).keys()].filter((file) => file !== '404.html');

let browser: Browser;
let folder: string;
let served: Awaited<ReturnType<typeof serveFolder>>;
beforeAll(async () => {
  // A name that people give folders: a space, an accent.
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'site-')), 'une clé USB');
  await unpack(path.join(dist, 'rust-at-cncf.zip'), folder);
  served = await serveFolder(dist, '/a/b/');
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await rm(path.dirname(folder), { recursive: true });
});

/** Unpacks the archive of the site, as readers do: its pages lie in one folder of its name. */
async function unpack(archive: string, into: string): Promise<void> {
  for (const [name, content] of Object.entries(unzipSync(await readFile(archive)))) {
    const file = path.join(into, name.replace('rust-at-cncf/', ''));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/** The same site, opened in two ways that a build for `/` does not expect. From disk it is the archive. */
const ways = {
  'from disk': () => `${pathToFileURL(folder).href}/`,
  'below a path': () => served.base,
};

async function open(
  address: string,
): Promise<{ page: Page; complaints: string[] } & AsyncDisposable> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${String(error)}`));
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  await page.goto(address, { waitUntil: 'load' });
  return { page, complaints, [Symbol.asyncDispose]: () => page.close() };
}

/** Address of the first result for a query that is put in at once, as by pasting. */
async function firstResult(page: Page, query: string): Promise<string> {
  for (const value of ['', query]) {
    await page.$eval(
      'site-search input',
      (input, text) => {
        (input as HTMLInputElement).value = text;
        input.dispatchEvent(new Event('input'));
      },
      value,
    );
  }
  await page.waitForFunction(
    () => /found/.test(document.querySelector('site-search [role=status]')?.textContent ?? ''),
    { polling: 20 },
  );
  return page.$eval('[role=option] a', (a) => (a as HTMLAnchorElement).href);
}

describe.for(await browsers())('$name', ({ start }) => {
  beforeAll(async () => {
    browser = await start();
  });
  afterAll(() => browser.close());

  test('the browser is as strict as a reader’s: from disk it refuses to fetch a neighbour', async () => {
    await using opened = await open(`${ways['from disk']()}index.html`);
    const refused = await opened.page.evaluate(() =>
      fetch('projects.html').then(
        () => false,
        () => true,
      ),
    );
    expect(refused).toBe(true);
  });

  describe.for(Object.entries(ways))('%s', ([, root]) => {
    test.for(files)('%s loads whole, with its styles', async (file) => {
      await using opened = await open(root() + file);
      expect(opened.complaints).toEqual([]);
      const position = await opened.page.$eval(
        'header',
        (header) => getComputedStyle(header).position,
      );
      expect(position).toBe('fixed');
    });

    test('links lead from page to page, and the theme goes along', async () => {
      await using opened = await open(`${root()}index.html`);
      const { page } = opened;
      await page.select('.bar-theme select', 'dark');
      await Promise.all([page.waitForNavigation(), page.click('.home a[href*="raft-rs"]')]);
      expect(page.url()).toBe(`${root()}libraries/raft-rs.html`);
      expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
      await Promise.all([page.waitForNavigation(), page.click('.word-mark')]);
      expect(page.url()).toBe(`${root()}index.html`);
    });

    test('search finds, shows where, and leads there', async () => {
      await using opened = await open(`${root()}concepts/raft.html`);
      const { page } = opened;
      await page.click('.search-open');
      expect(await firstResult(page, 'poll mode')).toContain(`${root()}concepts/poll-mode-io.html`);
      expect(await page.$('site-search mark')).not.toBeNull();
      const address = await firstResult(page, 'openebs');
      expect(address).toContain(`${root()}projects/openebs.html`);
      await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
      expect(page.url()).toBe(address);
      expect(opened.complaints).toEqual([]);
    });
  });
});
