import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startChromium } from '../support/browser.ts';
import { byClass, type Element, readPages } from '../support/dom.ts';
import { visit as visitPage } from '../support/visit.ts';

const base = inject('base');
const pages = await readPages(inject('dist'));
const files = [...pages.keys()];
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser.close());

const visit = (file: string, prepare?: (page: Page) => Promise<unknown>) =>
  visitPage(browser, base, file, prepare);

/** What axe finds on the page as it is: rule and element. */
async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as { axe: typeof import('axe-core') }
    ).axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target}`));
  });
}

/** Lets the system prefer a theme, and waits until the page has followed. */
async function theme(page: Page, value: 'light' | 'dark'): Promise<void> {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
  if (page.url() === 'about:blank') return;
  await page.waitForFunction(
    (wanted) => document.documentElement.dataset.theme === wanted,
    { polling: 20 },
    value,
  );
}

describe.for(files)('%s', (file) => {
  test('is quiet, stays at home, and satisfies axe in both themes, wide and narrow', async () => {
    await using visited = await visit(file);
    const { page, complaints } = visited;
    const findings: Record<string, string[]> = {};
    for (const width of [1280, 320]) {
      await page.setViewport({ width, height: 800 });
      for (const scheme of ['light', 'dark'] as const) {
        await theme(page, scheme);
        const found = await axeFindings(page);
        if (found.length > 0) findings[`${width} ${scheme}`] = found;
      }
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `scrolls sideways at ${width}`).toBe(0);
    }
    expect(findings).toEqual({});
    expect(complaints).toEqual([]);
  });
});

describe('search', () => {
  test('loads nothing before it is asked for', async () => {
    await using visited = await visit('index.html');
    expect(visited.requests.filter((url) => url.includes('/pagefind/'))).toEqual([]);
  });

  test('opens by shortcut, finds while one types, and follows the arrow keys', async () => {
    await using visited = await visit('about.html');
    const { page } = visited;
    await page.keyboard.down('Control');
    await page.keyboard.press('k');
    await page.keyboard.up('Control');
    // At once, as by pasting: no answer to the beginning of the word is taken for its own.
    await page.waitForSelector('site-search [role=combobox]');
    await page.keyboard.sendCharacter('raft');
    await expect
      .poll(() => page.$eval('site-search [role=status]', (e) => e.textContent))
      .toMatch(/pages? found/);
    expect(await page.$eval('[role=option] .search-title', (e) => e.textContent)).toMatch(/raft/i);
    await page.keyboard.press('ArrowDown');
    const chosen = await page.$eval('[aria-selected=true] a', (a) => (a as HTMLAnchorElement).href);
    // Following writes the question into this page's address first, which Puppeteer takes for a
    // navigation: the address of the page that was chosen is what is waited for.
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toBe(chosen);
    expect(visited.complaints).toEqual([]);
  });

  test('gives the focus back when it closes', async () => {
    await using visited = await visit('index.html');
    const { page } = visited;
    await page.click('.search-open');
    expect(await page.$eval('site-search dialog', (d) => (d as HTMLDialogElement).open)).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.$eval('site-search dialog', (d) => (d as HTMLDialogElement).open)).toBe(
      false,
    );
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('search-open');
  });

  test('shows markup that was typed as text, and says when nothing is found', async () => {
    await using visited = await visit('index.html');
    const { page } = visited;
    await page.click('search-start button');
    await page.keyboard.type('<img src=x onerror=alert(1)> qqqqzzzz');
    await page.waitForFunction(() =>
      /found/.test(document.querySelector('site-search [role=status]')?.textContent ?? ''),
    );
    expect(await page.$$('site-search [role=listbox] img')).toEqual([]);
    expect(visited.complaints).toEqual([]);
  });

  test('says so when the index cannot be loaded, and the page goes on', async () => {
    await using visited = await visit('index.html', async (page) => {
      // What the service worker asks for cannot be intercepted here.
      await page.setBypassServiceWorker(true);
      await page.setRequestInterception(true);
      page.on('request', (request) =>
        request.url().includes('/pagefind/') ? request.abort() : request.continue(),
      );
    });
    const { page } = visited;
    await page.click('.search-open');
    await page.keyboard.type('raft');
    await page.waitForFunction(() =>
      /could not be loaded/.test(
        document.querySelector('site-search [role=status]')?.textContent ?? '',
      ),
    );
  });
});

describe('the theme', () => {
  test('follows the choice from page to page, and the system again on Auto', async () => {
    await using visited = await visit('index.html', (page) => theme(page, 'light'));
    const { page } = visited;
    const shown = () => page.evaluate(() => document.documentElement.dataset.theme);
    expect(await shown()).toBe('light');
    await page.select('.bar-theme select', 'dark');
    expect(await shown()).toBe('dark');
    await page.goto(`${base}/projects.html`);
    expect(await shown()).toBe('dark');
    await page.select('.bar-theme select', 'auto');
    expect(await shown()).toBe('light');
  });

  test('survives a browser that refuses storage', async () => {
    await using visited = await visit('index.html', (page) =>
      page.evaluateOnNewDocument(() =>
        Object.defineProperty(window, 'localStorage', {
          get: () => {
            throw new DOMException('refused', 'SecurityError');
          },
        }),
      ),
    );
    const { page, complaints } = visited;
    await page.select('.bar-theme select', 'dark');
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
    expect(complaints).toEqual([]);
  });
});

describe('the index tables', () => {
  const shown = (page: Page) =>
    page.$$eval('data-table tbody tr:not([hidden]) th', (cells) =>
      cells.map((c) => c.textContent?.trim()),
    );

  test('sort by a column, both ways', async () => {
    await using visited = await visit('libraries.html');
    const { page } = visited;
    await page.click('data-table thead th:first-child button');
    const up = await shown(page);
    expect(up).toEqual([...up].sort(new Intl.Collator('en').compare));
    await page.click('data-table thead th:first-child button');
    expect(await shown(page)).toEqual([...up].reverse());
    expect(await page.$eval('data-table thead th:first-child', (th) => th.ariaSort)).toBe(
      'descending',
    );
  });

  test('filter by words and by group, and tell how many are left', async () => {
    await using visited = await visit('libraries.html');
    const { page } = visited;
    const all = await shown(page);
    await page.type('data-table input', 'raft');
    expect(await shown(page)).toContain('raft-rs');
    expect((await shown(page)).length).toBeLessThan(all.length);
    await page.select('data-table select', 'tls');
    expect(await page.$eval('data-table [role=status]', (e) => e.textContent)).toBe(
      `0 of ${all.length} shown`,
    );
  });
});

describe('without scripts', () => {
  const noScripts = (page: Page) => page.setJavaScriptEnabled(false);

  test('everything can be reached, and what needs scripts is not there', async () => {
    await using visited = await visit('index.html', noScripts);
    const { page } = visited;
    const visible = (selector: string) => page.$eval(selector, (e) => e.checkVisibility());
    expect(await visible('.bar-sections a[href$="libraries.html"]')).toBe(true);
    for (const selector of ['site-search', 'search-start', '.bar-theme theme-select']) {
      expect(await visible(selector), selector).toBe(false);
    }
  });

  test('the tables are complete', async () => {
    await using visited = await visit('libraries.html', noScripts);
    const { page } = visited;
    expect((await page.$$('data-table tbody tr')).length).toBeGreaterThanOrEqual(12);
    expect(await page.$eval('.table-tools', (e) => e.checkVisibility())).toBe(false);
  });

  test('the menu opens on a phone', async () => {
    await using visited = await visit('libraries/raft-rs.html', async (page) => {
      await noScripts(page);
      await page.setViewport({ width: 390, height: 844 });
    });
    const { page } = visited;
    const open = () => page.$eval('#menu a[href$="projects.html"]', (e) => e.checkVisibility());
    expect(await open()).toBe(false);
    await page.click('.menu-button');
    expect(await open()).toBe(true);
  });
});

describe('facts', () => {
  const withClock = (day: string) => (page: Page) =>
    page.evaluateOnNewDocument((now) => {
      Date.now = () => now;
    }, Date.parse(day));
  const warns = (page: Page) =>
    page.$eval('.facts-stale', (e) => e.checkVisibility({ visibilityProperty: true }));
  const oldest = (page: Page) =>
    page.$eval('.facts-stale', (e) => (e as HTMLElement).dataset.oldest ?? '');

  test('warn when the reader’s clock says that they are more than 180 days old', async () => {
    await using first = await visit('libraries/raft-rs.html');
    const day = Date.parse(await oldest(first.page));
    const later = (days: number) => new Date(day + days * 86_400_000).toISOString();
    await using fresh = await visit('libraries/raft-rs.html', withClock(later(179)));
    expect(await warns(fresh.page)).toBe(false);
    await using stale = await visit('libraries/raft-rs.html', withClock(later(181)));
    expect(await warns(stale.page)).toBe(true);
  });

  test('lead from a number to their source', async () => {
    await using visited = await visit('libraries/raft-rs.html');
    const { page } = visited;
    const number = await page.$eval(
      '.sl-markdown-content > p .cite',
      ({ textContent }) => textContent,
    );
    await page.click('.sl-markdown-content > p .cite');
    expect(new URL(page.url()).hash).toBe(`#source-${number}`);
    const source = `.sources > :nth-child(${number}):target a`;
    expect(await page.$eval(source, (a) => (a as HTMLAnchorElement).href)).toMatch(/^https:/);
  });
});

// What stands above a heading has its height before it is laid out, or the heading would move away.
test.for([1280, 390])(
  'a link to a section shows it at the top of a window %i wide',
  async (width) => {
    const programs = (file: string) => byClass(pages.get(file) as Element, 'code').length;
    const file = files.reduce((most, other) => (programs(other) > programs(most) ? other : most));
    await using visited = await visit(file);
    const { page } = visited;
    await page.setViewport({ width, height: 800 });
    const ids = await page.$$eval('main :is(h2, h3)[id]', (all) => all.map(({ id }) => id));
    expect(ids.length).toBeGreaterThan(20);
    const wrong: string[] = [];
    for (const id of ids) {
      await page.goto('about:blank');
      await page.goto(`${base}/${file}#${id}`);
      const { top, atEnd } = await settled(page, id);
      // The last sections cannot come up to the top.
      if (top < 0 || top > (atEnd ? 800 : 200)) wrong.push(`${file}#${id} is at ${top}`);
    }
    expect(wrong).toEqual([]);
  },
);

/** Where an element is once it stays there, and whether the page cannot scroll on to bring it up. */
function settled(page: Page, id: string): Promise<{ top: number; atEnd: boolean }> {
  return page.evaluate(async (id) => {
    const position = () =>
      Math.round(document.getElementById(id)?.getBoundingClientRect().top ?? -1);
    let [top, frames] = [position(), 0];
    while (frames < 10) {
      await new Promise(requestAnimationFrame);
      const now = position();
      frames = now === top ? frames + 1 : 0;
      top = now;
    }
    const { scrollHeight, clientHeight } = document.documentElement;
    return { top, atEnd: scrollY + clientHeight >= scrollHeight - 1 };
  }, id);
}

describe('around the text', () => {
  test('the first stop of the keyboard skips to the text, visibly', async () => {
    await using visited = await visit('libraries/raft-rs.html');
    const { page } = visited;
    await page.keyboard.press('Tab');
    const { href, top } = await page.evaluate(() => {
      const link = document.activeElement as HTMLAnchorElement;
      return { href: link.getAttribute('href'), top: link.getBoundingClientRect().top };
    });
    expect(href).toBe('#_top');
    expect(top).toBeGreaterThanOrEqual(0);
  });

  test('the footer names the build, and carries page and commit into a report', async () => {
    await using visited = await visit('libraries/raft-rs.html');
    const { page } = visited;
    expect(await page.$eval('.page-foot', (e) => e.textContent)).toMatch(
      /Built from commit [0-9a-f]{7} of \d+ \w+ \d{4}/,
    );
    const report = await page.$$eval('.page-foot a', (links) =>
      links.map((a) => a.href).find((href) => href.includes('/issues/new')),
    );
    const query = new URL(report ?? '').searchParams;
    expect(query.get('title')).toContain('libraries/raft-rs');
    expect(query.get('body')).toMatch(/Built from: [0-9a-f]{40}/);
  });

  test('previous and next stay in the section', async () => {
    await using visited = await visit('libraries/raft-rs.html');
    const links = await visited.page.$$eval('.neighbours a', (all) =>
      all.map((a) => new URL(a.href).pathname),
    );
    expect(links.length).toBe(2);
    for (const link of links) expect(link).toMatch(/^\/libraries(\.html|\/)/);
  });

  test('code can be copied', async () => {
    await using visited = await visit('projects/tikv.html');
    const { page } = visited;
    expect(await page.$$eval('.code-box .copy', (all) => all.length)).toBe(
      await page.$$eval('pre.code', (all) => all.length),
    );
  });

  test('an address that is not there answers 404 with help', async () => {
    const page = await browser.newPage();
    const response = await page.goto(`${base}/no/such/page.html`);
    expect(response?.status()).toBe(404);
    // From there the page finds the root of the site, and leads its links to it.
    await page.waitForSelector('main a[href="/libraries.html"]');
    await page.close();
  });
});
