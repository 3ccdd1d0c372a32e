import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startChromium } from '../support/browser.ts';
import { serveFolder } from '../support/serve-folder.ts';
import { visit as visitPage } from '../support/visit.ts';

const base = inject('base');
let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser.close());

const visit = (address: string, root = base) => visitPage(browser, root, address);

const status = (page: Page) => page.$eval('site-search [role=status]', (e) => e.textContent ?? '');
const results = (page: Page) =>
  page.$$eval('site-search [role=option] a', (links) =>
    links.map((a) => decodeURI((a as HTMLAnchorElement).href)),
  );

/** Waits until the dialog says something that matches. */
const says = (page: Page, what: RegExp) => expect.poll(() => status(page)).toMatch(what);

/** Waits until what is shown answers all that has been asked. */
const settles = (page: Page) => page.waitForSelector('site-search [role=listbox][aria-busy=false]');

async function open(page: Page): Promise<void> {
  await page.click('.search-open');
  await page.waitForSelector('site-search [role=combobox]');
}

/** Asks at once, as by pasting: no answer to the beginning of a question is taken for its own. */
async function ask(page: Page, query: string): Promise<void> {
  await open(page);
  await page.keyboard.sendCharacter(query);
  await settles(page);
}

describe('the keyboard', () => {
  test('what is typed before search has loaded is not lost', async () => {
    await using visited = await visit('about.html');
    const { page } = visited;
    await page.keyboard.down('Control');
    await page.keyboard.press('k');
    await page.keyboard.up('Control');
    await page.keyboard.type('openebs');
    await expect.poll(async () => (await results(page))[0]).toContain('/projects/openebs.html');
    expect(visited.complaints).toEqual([]);
  });

  test('arrows go round, Enter follows, Escape closes at once and gives the focus back', async () => {
    await using visited = await visit('about.html');
    const { page } = visited;
    await ask(page, 'raft');
    const chosen = () =>
      page.$$eval('[role=option]', (all) => all.findIndex((o) => o.ariaSelected === 'true'));
    const count = (await results(page)).length;
    await page.keyboard.press('ArrowUp');
    expect(await chosen()).toBe(count - 1);
    await page.keyboard.press('ArrowDown');
    expect(await chosen()).toBe(0);
    const active = await page.$eval('[role=combobox]', (e) =>
      e.getAttribute('aria-activedescendant'),
    );
    expect(await page.$eval(`#${active}`, (e) => e.ariaSelected)).toBe('true');
    await page.keyboard.press('Escape');
    expect(await page.$('dialog[open]')).toBeNull();
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('search-open');
  });

  test('Enter before the answer is there follows it when it comes', async () => {
    await using visited = await visit('about.html');
    const { page } = visited;
    await open(page);
    await page.keyboard.type('linkerd');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).pathname).toBe('/projects/linkerd.html');
  });

  test('Ctrl and Enter open the result beside the page', async () => {
    await using visited = await visit('about.html');
    const { page } = visited;
    await ask(page, 'tikv');
    const [target] = await Promise.all([
      page.browserContext().waitForTarget((t) => t.url().includes('/projects/tikv.html')),
      page.keyboard.down('Control').then(() => page.keyboard.press('Enter')),
    ]);
    await page.keyboard.up('Control');
    expect(target.url()).toContain('/projects/tikv.html');
    expect(await page.$('dialog[open]')).not.toBeNull();
  });

  test('no single key opens it', async () => {
    await using visited = await visit('about.html');
    await visited.page.keyboard.press('/');
    await visited.page.keyboard.press('s');
    expect(await visited.page.$('dialog[open]')).toBeNull();
  });
});

describe('results', () => {
  test('say what they are for misspelt words, and of which kind', async () => {
    await using visited = await visit('index.html');
    const { page } = visited;
    await ask(page, 'promethues');
    expect(await status(page)).toMatch(/^Results for “prometheus”: \d+ pages? found$/);
    expect(await page.$eval('.search-where', (e) => e.textContent)).toContain('Library');
  });

  test('open at the section, with the words marked, in a clean address', async () => {
    await using visited = await visit('index.html');
    const { page } = visited;
    await ask(page, 'leader lease');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toMatch(/\/concepts\/raft\.html#[a-z-]+$/);
    await expect
      .poll(() => page.evaluate(() => CSS.highlights.get('site-search')?.size ?? 0))
      .toBeGreaterThan(3);
    expect(visited.complaints).toEqual([]);
  });

  test('on the same page close the dialog and go there', async () => {
    await using visited = await visit('concepts/raft.html');
    const { page } = visited;
    await ask(page, 'raft leader lease');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => location.hash)).not.toBe('');
    expect(await page.$('dialog[open]')).toBeNull();
    expect(new URL(page.url()).search).toBe('');
  });

  test('never move while one types: the dialog keeps its place and size', async () => {
    await using visited = await visit('index.html');
    const { page } = visited;
    await ask(page, 'ra');
    const box = () =>
      page.$eval('.search-scroll', (e) => JSON.stringify(e.getBoundingClientRect()));
    const before = await box();
    await page.keyboard.type('ft');
    await expect.poll(async () => (await results(page))[0]).toMatch(/raft(-rs)?\.html/);
    expect(await box()).toBe(before);
  });

  test('where there are none, near names and all sections are offered', async () => {
    await using visited = await visit('index.html');
    const { page } = visited;
    await ask(page, 'qqxzzy');
    expect(await status(page)).toBe('0 pages found');
    expect(await page.$$eval('.search-aside a', (links) => links.length)).toBeGreaterThan(5);
  });
});

describe('filters', () => {
  test('narrow, combine, show counts, and stand in an address that can be shared', async () => {
    await using visited = await visit('index.html');
    const { page } = visited;
    await ask(page, 'tls');
    const select = (facet: string, value: string) =>
      page.$$eval(
        '.search-facets select',
        (selects, facet, value) => {
          const select = selects.find((s) => s.parentElement?.textContent?.startsWith(facet));
          if (!select) throw new Error(`no filter ${facet}`);
          select.value = value;
          select.dispatchEvent(new Event('change'));
        },
        facet,
        value,
      );
    const found = async () => Number.parseInt(await status(page), 10);
    const all = await found();
    await select('Kind', 'library');
    await settles(page);
    const libraries = await found();
    expect(libraries).toBeLessThan(all);
    await select('Project', 'linkerd');
    await settles(page);
    expect(await found()).toBeLessThan(libraries);
    await expect.poll(() => new URL(page.url()).search).toBe('?q=tls&kind=library&project=linkerd');
    expect(await page.$eval('.search-facets option[value=library]', (o) => o.textContent)).toBe(
      `Libraries (${await found()})`,
    );
    const shown = await results(page);
    await page.reload();
    await expect.poll(() => results(page)).toEqual(shown);
    expect(
      await page.$$eval('.search-facets select', (all) => all.map(({ value }) => value)),
    ).toEqual(['library', '', 'linkerd', '']);
  });

  test('and the question reach the address once typing pauses, not with each letter', async () => {
    await using visited = await visit('index.html');
    const { page } = visited;
    await open(page);
    await page.$eval('site-search input', (input) => {
      const write = history.replaceState.bind(history);
      Object.assign(globalThis, { written: 0 });
      history.replaceState = (...given) => {
        (globalThis as unknown as { written: number }).written++;
        write(...given);
      };
      for (const text of ['ra', 'raf', 'raft']) {
        (input as HTMLInputElement).value = text;
        input.dispatchEvent(new Event('input'));
      }
    });
    await expect.poll(() => new URL(page.url()).search).toBe('?q=raft');
    expect(await page.evaluate('written')).toBe(1);
  });

  test('survive following a result before typing has paused', async () => {
    await using visited = await visit('index.html');
    const { page } = visited;
    await open(page);
    await page.keyboard.type('raft');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).not.toContain('index.html');
    await page.goBack();
    await expect.poll(() => new URL(page.url()).search).toBe('?q=raft');
  });

  test('survive following a result and coming back', async () => {
    await using visited = await visit('index.html?q=rate%20limit&kind=library');
    const { page } = visited;
    await settles(page);
    const shown = await results(page);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).not.toContain('index.html');
    await page.goBack();
    await expect.poll(() => results(page)).toEqual(shown);
  });
});

test('a question that was answered before is answered at once', async () => {
  await using visited = await visit('index.html');
  const { page } = visited;
  await ask(page, 'tls');
  const shown = await results(page);
  await page.$eval('[role=combobox]', (input) => (input as HTMLInputElement).select());
  await page.keyboard.sendCharacter('raft');
  await settles(page);
  expect(await results(page)).not.toEqual(shown);
  // The engine has no time to answer between these.
  const atOnce = await page.$eval('[role=combobox]', (input) => {
    (input as HTMLInputElement).value = 'tls';
    input.dispatchEvent(new Event('input'));
    return [...document.querySelectorAll<HTMLAnchorElement>('[role=option] a')].map((a) =>
      decodeURI(a.href),
    );
  });
  expect(atOnce).toEqual(shown);
});

describe('recent searches', () => {
  test('are kept here only, offered, and cleared on request', async () => {
    await using visited = await visit('index.html');
    const { page } = visited;
    await ask(page, 'mayastor');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('/projects/openebs.html');
    await open(page);
    await expect.poll(() => page.$$eval('.search-aside li', (all) => all.length)).toBe(1);
    await page.click('.search-aside li button');
    await says(page, /found/);
    expect((await results(page))[0]).toContain('/projects/openebs.html');
    await page.$eval('[role=combobox]', (input) => {
      (input as HTMLInputElement).value = '';
      input.dispatchEvent(new Event('input'));
    });
    await page.click('.search-forget');
    expect(await page.$$('.search-aside li')).toHaveLength(0);
    expect(await page.evaluate(() => Object.keys(localStorage))).not.toContain(
      'site-search-recent',
    );
  });
});

describe('bad input', () => {
  test.for([
    ['markup', '"><img src=x onerror=alert(1)>'],
    ['ten thousand letters', 'x'.repeat(10_000)],
    ['nothing but signs', '%00"<>&'],
    ['right to left, with an emoji', 'שלום 🦀'],
  ] as const)('%s in the address is text', async ([, query]) => {
    await using visited = await visit(
      `index.html?q=${encodeURIComponent(query)}&kind=%3Cscript%3E`,
    );
    const { page } = visited;
    await says(page, /found/);
    expect(await page.$eval('[role=combobox]', (e) => (e as HTMLInputElement).value)).toBe(
      query.slice(0, 200),
    );
    expect(await page.$$('site-search img, site-search script')).toHaveLength(0);
    expect(visited.complaints).toEqual([]);
  });

  test.for([
    ['the names cannot be had', 'pagefind/lexicon.json', 'drop'],
    ['a page comes instead of the names', 'pagefind/lexicon.json', '<!doctype html>'],
    ['the words cannot be had', 'pagefind/words/', 'drop'],
    ['a page comes instead of the words', 'pagefind/words/', '<!doctype html>'],
    ['the engine is cut short', 'pagefind/engine.js', 'globalThis.x = {'],
    ['the engine cannot be had', 'pagefind/engine.js', 'drop'],
    ['the places of words cannot be had', 'pagefind/index/', 'drop'],
    ['pages cannot be had', 'pagefind/fragment/', 'drop'],
    ['pages are of something else', 'pagefind/fragment/', '<!doctype html>'],
  ] as const)('%s: a plain message, and the page goes on', async ([, file, answer]) => {
    await using served = await serveFolder(inject('dist'), '/');
    served.instead = (asked) => {
      if (!asked.startsWith(file)) return undefined;
      return answer === 'drop' ? 'drop' : { type: 'text/html', body: answer };
    };
    await using visited = await visit('index.html', served.base.slice(0, -1));
    const { page } = visited;
    await open(page);
    // One word is in a name, the other in no name: each is fetched from elsewhere.
    await page.keyboard.type('raft sometimes');
    await says(page, /could not be loaded/);
    await page.keyboard.press('Escape');
    await page.$eval('.home a[href*="raft-rs"]', (a) => (a as HTMLAnchorElement).click());
    await expect.poll(() => page.url()).toContain('/libraries/raft-rs.html');
  });
});
