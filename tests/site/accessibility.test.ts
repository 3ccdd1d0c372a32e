import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startChromium } from '../support/browser.ts';

const base = inject('base');

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser.close());

async function open(
  file: string,
  size: { width: number; height: number },
  prepare?: (page: Page) => Promise<unknown>,
): Promise<Page> {
  const page = await browser.newPage();
  await page.setViewport(size);
  await prepare?.(page);
  await page.goto(`${base}/${file}`, { waitUntil: 'load' });
  return page;
}

const wide = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

/** A stop of the keyboard: what it is, in which part of the page, and whether one sees that it is there. */
interface Stop {
  name: string;
  part: string;
  complaint: string | undefined;
}

/** Walks through the page with the tab key until it comes round. */
async function walk(page: Page): Promise<Stop[]> {
  const stops: Stop[] = [];
  for (;;) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return undefined;
      const seen = element as Element & { walked?: boolean };
      if (seen.walked) return undefined;
      seen.walked = true;
      const style = getComputedStyle(element);
      // Of a link that goes on in the next line, its first part; between its two parts lies other text.
      const [box = element.getBoundingClientRect()] = element.getClientRects();
      // What is higher than the window may begin above it: then the part that is in it counts.
      const y =
        box.top < 0
          ? Math.min(box.bottom, innerHeight) / 2
          : box.top + Math.min(box.height / 2, 20);
      const top = document.elementFromPoint(box.left + box.width / 2, y);
      const name = (element.textContent || element.getAttribute('aria-label') || element.tagName)
        .trim()
        .slice(0, 40);
      // The parts of a page in the order in which they are meant to be walked.
      const parts = ['.skip-link', 'header', '.sidebar', '.contents', 'main'];
      const part = parts.find((selector) => element.closest(selector)) ?? 'elsewhere';
      let complaint: string | undefined;
      if (style.outlineStyle === 'none' || Number.parseFloat(style.outlineWidth) < 2) {
        complaint = 'its outline is not seen';
      } else if (box.width === 0 || box.bottom <= 0 || box.top >= innerHeight) {
        complaint = 'is out of the window';
      } else if (!top || !(element.contains(top) || top.contains(element))) {
        complaint = `lies under ${top?.className || top?.tagName}`;
      }
      return { name, part, complaint: complaint && `${name}: ${complaint}` };
    });
    if (!stop) return stops;
    stops.push(stop);
  }
}

describe.for([
  'index.html',
  'libraries.html',
  'projects/tikv.html',
  'concepts/raft.html',
  'about.html',
])('%s by keyboard', (file) => {
  test.for([wide, phone])(
    '$width pixels wide, every stop is seen, part after part',
    async (size) => {
      const page = await open(file, size);
      const stops = await walk(page);
      expect(stops.flatMap(({ complaint }) => complaint ?? [])).toEqual([]);
      expect(stops.length).toBeGreaterThan(10);
      const order = ['.skip-link', 'header', '.sidebar', '.contents', 'main'];
      const places = stops.map(({ part }) => order.indexOf(part));
      expect(places).toEqual([...places].sort((a, b) => a - b));
      await page.close();
    },
  );
});

describe('on a phone', () => {
  test('the menu keeps the focus off the page under it, and gives it back', async () => {
    const page = await open('concepts/raft.html', phone);
    await page.focus('.menu-button');
    await page.keyboard.press('Enter');
    const visible = () => page.$eval('#menu', (menu) => menu.matches(':popover-open'));
    expect(await visible()).toBe(true);
    await page.waitForFunction(() => document.querySelector('.main-frame')?.hasAttribute('inert'));
    await page.keyboard.press('Escape');
    expect(await visible()).toBe(false);
    await page.waitForFunction(() => !document.querySelector('.main-frame')?.hasAttribute('inert'));
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('menu-button');
    await page.close();
  });

  test('the contents open, lead to a section, and are gone', async () => {
    const page = await open('concepts/raft.html', phone);
    await page.click('.contents-button');
    await page.click('#contents a[href="#related"]');
    expect(await page.$eval('#contents', (menu) => menu.matches(':popover-open'))).toBe(false);
    // The heading is not under the bars at the top.
    const clear = await page.evaluate(() => {
      const heading = document.getElementById('related')?.getBoundingClientRect();
      const bar = document.querySelector('.contents')?.getBoundingClientRect();
      return (heading?.top ?? 0) - (bar?.bottom ?? 0);
    });
    expect(clear).toBeGreaterThanOrEqual(0);
    await page.waitForFunction(
      () => document.querySelector('.contents-current')?.textContent === 'Related',
    );
    await page.close();
  });
});

test('the contents say which section is being read', async () => {
  const page = await open('concepts/raft.html', wide);
  const current = () =>
    page.$$eval('#contents [aria-current]', (links) => links.map((link) => link.textContent));
  await page.waitForFunction(() => document.querySelector('#contents [aria-current]'));
  expect(await current()).toEqual(['Top of the page']);
  await page.evaluate(() => document.getElementById('where-you-meet-it')?.scrollIntoView());
  await page.waitForFunction(
    () =>
      document.querySelector('#contents [aria-current]')?.getAttribute('href') ===
      '#where-you-meet-it',
  );
  expect(await current()).toHaveLength(1);
  await page.close();
});

test('nothing moves by itself where motion is to be reduced', async () => {
  const page = await open('projects/tikv.html', wide, (page) =>
    page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]),
  );
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .filter((element) => {
        const { transitionDuration, animationName } = getComputedStyle(element);
        return animationName !== 'none' || Number.parseFloat(transitionDuration) > 0;
      })
      .map((element) => element.tagName),
  );
  expect(moving).toEqual([]);
  await page.close();
});

describe('in forced colours', () => {
  const forced = async (page: Page) => {
    const session = await page.createCDPSession();
    await session.send('Emulation.setEmulatedMedia', {
      features: [{ name: 'forced-colors', value: 'active' }],
    });
  };

  test('parts of a diagram are told from what lies behind them', async () => {
    const page = await open('projects/tikv.html', wide, forced);
    const hidden = await page.evaluate(() => {
      const ground = getComputedStyle(document.body).backgroundColor;
      const unseen = (color: string) => color === ground || color === 'none';
      return [
        ...[...document.querySelectorAll('.diagram .node > :is(polygon, path, ellipse)')].filter(
          (shape) => unseen(getComputedStyle(shape).stroke),
        ),
        ...[...document.querySelectorAll('.diagram text')].filter((text) =>
          unseen(getComputedStyle(text).fill),
        ),
        ...[...document.querySelectorAll('.diagram .edge path')].filter((line) =>
          unseen(getComputedStyle(line).stroke),
        ),
      ].map((element) => element.outerHTML.slice(0, 80));
    });
    expect(hidden).toEqual([]);
    await page.close();
  });

  test('the current page and section are marked by more than colour', async () => {
    const page = await open('concepts/raft.html', wide, forced);
    const marks = await page.$$eval(
      '.bar-sections a[aria-current], #menu a[aria-current]',
      (links) =>
        links.map((link) => {
          const { fontWeight, outlineStyle, borderInlineStartStyle } = getComputedStyle(link);
          return (
            Number(fontWeight) >= 600 ||
            outlineStyle !== 'none' ||
            borderInlineStartStyle !== 'none'
          );
        }),
    );
    expect(marks).toEqual([true, true]);
    await page.close();
  });
});

describe('text twice as large', () => {
  test.for([
    'index.html',
    'libraries.html',
    'projects/tikv.html',
    'libraries/tokio.html',
    'about.html',
  ])('%s loses nothing on 320 pixels', async (file) => {
    const page = await open(file, { width: 320, height: 640 });
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    const lost = await page.evaluate(() => {
      const sideways = document.documentElement.scrollWidth - innerWidth;
      const cut = [...document.querySelectorAll('h1, h2, h3, p, li, a, button, dt, dd, summary')]
        .filter((element) => element.checkVisibility() && !element.closest('.skip-link'))
        .filter((element) => {
          const box = element.getBoundingClientRect();
          const scrolled = element.closest('.table-box, .diagram-scroll, pre');
          const outside = box.right > innerWidth + 1 || box.left < -1 || box.top < 0;
          return !scrolled && box.width > 0 && outside;
        })
        .map((element) => element.outerHTML.slice(0, 100));
      return [...(sideways > 0 ? [`scrolls ${sideways} pixels sideways`] : []), ...cut];
    });
    expect(lost).toEqual([]);
    await page.close();
  });
});
