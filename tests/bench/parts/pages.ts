import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, serialize, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import type { Browser, Page } from 'puppeteer-core';
import { startChromium } from '../../support/browser.ts';
import { attribute, byTag, type Element, textOf } from '../../support/dom.ts';
import type { MarkdownPage } from '../content/export.ts';
import { type Bar, bar, row, type Table } from '../lib/report.ts';
import { compressedSize, type Sent, type Served, serveSite, slow4G } from '../lib/serve.ts';
import { median } from '../lib/stats.ts';
import type { Tool } from '../tools/tool.ts';
import { type Size, sizeName, type Workshop } from '../workshop.ts';
import type { Part } from './part.ts';

/** What a page costs a reader who has nothing of the site yet. */
interface FirstLoad {
  document: number;
  /** The document without its inline style and policy, compressed anew. */
  bare: number;
  /** And without inline pictures, of which only this site's prose has any. */
  prose: number;
  inlineStyle: number;
  css: number;
  js: number;
  /** Everything but the document, until a second after `load`. */
  rest: number;
  requests: number;
  /** Icons, manifest and service worker, which are counted apart. */
  apart: number;
}

/** What one tool's pages cost. */
interface Views {
  loads: Map<string, FirstLoad>;
  /** In ms, on the slow network, of the page about a library. */
  paint: number[];
  announced: number[];
  unannounced: number[];
}

const nextFrom = 'concepts/raft';
const nextTo = 'libraries/raft-rs';

/** What pages weigh, how fast the first one shows, and the next. */
export const pages: Part = {
  title: 'Pages',
  method: [
    'A static server sends text compressed with brotli at its highest quality; bytes are those of bodies. Counted is what is sent until a second after the load event, to a browser that has nothing of the site. Icons, manifest and service worker are counted apart.',
    "The prose of the peers is this site's without its diagrams, whose text stands there instead. So documents are compared without inline pictures, those of every tool; both sizes are given.",
    'Slow 4G: every request waits 150 ms, and everything together gets 1.6 Mbit/s. The server plays it, so that it holds for workers too. First contentful paint is what the browser says.',
    `The next view goes by a link in the text of one page to another, and ends when that page is painted, or, where scripts exchange the content, when its title is. Announced: the pointer rests on the link for half a second. Not announced: the link is followed by script, without pointer or focus.`,
  ],
  async measure(workshop) {
    const installed = await workshop.tools();
    const tables: Table[] = [];
    const found: Bar[] = [];
    await using browser = await startChromium();
    for (const size of workshop.options.sizes ?? (['story', 600] satisfies Size[])) {
      const tools = await workshop.able(installed, size);
      const names = tools.map(({ name }) => name);
      const kinds = kindsOf(await workshop.pages(size));
      const views: Views[] = [];
      for (const tool of tools) views.push(await viewsOf(workshop, browser, tool, size, kinds));
      for (const [kind, id] of kinds) {
        const loads = views.map(({ loads }) => loads.get(kind));
        tables.push({
          title: `${kind} (${id}), ${sizeName(size)}`,
          tools: names,
          rows: [
            row(
              'Document',
              'bytes',
              loads.map((load) => load?.document),
            ),
            row(
              '… without inline style and policy',
              'bytes',
              loads.map((load) => load?.bare),
            ),
            row(
              '… and without inline pictures',
              'bytes',
              loads.map((load) => load?.prose),
            ),
            row(
              'Everything else',
              'bytes',
              loads.map((load) => load?.rest),
            ),
            row(
              '… requests',
              'count',
              loads.map((load) => load?.requests),
            ),
            row(
              '… style sheets',
              'bytes',
              loads.map((load) => load?.css),
            ),
            row(
              '… scripts',
              'bytes',
              loads.map((load) => load?.js),
            ),
            row(
              'Icons and the like',
              'bytes',
              loads.map((load) => load?.apart),
            ),
          ],
        });
        const leanest = Math.min(...loads.slice(1).map((load) => load?.prose ?? Infinity));
        if (Number.isFinite(leanest)) {
          const what = `${kind}, ${sizeName(size)}: the same prose as small as the leanest peer's`;
          found.push(...bar(what, 'bytes', loads[0]?.prose, leanest));
        }
      }
      tables.push({
        title: `On slow 4G, ${sizeName(size)}`,
        tools: names,
        rows: [
          row(
            'First contentful paint',
            'ms',
            views.map(({ paint }) => median(paint)),
          ),
          row(
            'Next view, announced',
            'ms',
            views.map(({ announced }) => median(announced)),
          ),
          row(
            'Next view, not announced',
            'ms',
            views.map(({ unannounced }) => median(unannounced)),
          ),
        ],
      });
      const own = views[0];
      if (!own) continue;
      const most = (of: keyof FirstLoad) =>
        Math.max(...[...own.loads.values()].map((load) => load[of]));
      const at = (what: string) => `${what}, ${sizeName(size)}`;
      found.push(
        ...bar(at('Most of everything else on a page'), 'bytes', most('rest'), 12_000),
        ...bar(at('Most requests for it'), 'count', most('requests'), 4),
        ...bar(at('Icons and the like'), 'bytes', most('apart'), 6000),
        ...bar(at('Most inline style'), 'bytes', most('inlineStyle'), 5000),
        ...bar(at('Next view, announced'), 'ms', median(own.announced), 100),
        ...bar(at('Next view, not announced: two round trips'), 'ms', median(own.unannounced), 300),
      );
    }
    return { tables, bars: found, browser: await browser.version() };
  },
};

/** A page of each kind, and the one that shows the most code. */
function kindsOf(pages: readonly MarkdownPage[]): Map<string, string> {
  const code = ({ body }: MarkdownPage) =>
    [...body.matchAll(/^(`{3,})[^`].*?^\1$/gms)].reduce((sum, [text]) => sum + text.length, 0);
  const [most] = pages.toSorted((a, b) => code(b) - code(a));
  return new Map([
    ['Home', 'index'],
    ['Project', 'projects/tikv'],
    ['Library', nextTo],
    ['Concept', nextFrom],
    ['Index', 'libraries/index'],
    ['Most code', most?.id ?? nextTo],
  ]);
}

async function viewsOf(
  workshop: Workshop,
  browser: Browser,
  tool: Tool,
  size: Size,
  kinds: ReadonlyMap<string, string>,
): Promise<Views> {
  const folder = await workshop.built(tool, size);
  await using served = await serveSite(folder);
  console.error(`Pages: ${tool.name}, ${sizeName(size)} …`);
  const views: Views = { loads: new Map(), paint: [], announced: [], unannounced: [] };
  for (const [kind, id] of kinds) {
    views.loads.set(kind, await firstLoad(browser, served, folder, tool.address(id)));
  }
  // Every page that is timed has been sent by now: nothing is compressed while the clock runs.
  served.link = slow4G;
  for (let i = 0; i < workshop.options.runs; i++) {
    views.paint.push(await firstPaint(browser, served, tool.address(nextTo)));
    for (const announced of [true, false]) {
      const taken = await nextView(browser, served, tool, announced);
      if (taken !== undefined) views[announced ? 'announced' : 'unannounced'].push(taken);
    }
  }
  return views;
}

/** Runs something on a page of a browser that knows nothing of the site. */
async function withFreshPage<T>(browser: Browser, use: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.createBrowserContext();
  try {
    return await use(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Loads a page for the first time and counts what is sent. */
export async function firstLoad(
  browser: Browser,
  served: Served,
  folder: string,
  address: string,
): Promise<FirstLoad> {
  const visit = () =>
    withFreshPage(browser, async (page) => {
      const started = performance.now();
      await page.goto(served.base + address, { waitUntil: 'load' });
      await sleep(1000);
      return served.sent.filter(({ at }) => at >= started);
    });
  // The first visit makes the server compress what the second one is sent.
  await visit();
  const sent = await visit();
  const [document, ...others] = sent;
  const isApart = ({ path }: Sent) => /favicon|\.ico$|manifest|icon[-.]|\/sw\.js$/.test(path);
  const rest = others.filter((file) => !isApart(file));
  const sum = (files: Sent[]) => files.reduce((bytes, file) => bytes + file.bytes, 0);
  const ending = (name: string) => sum(rest.filter((file) => file.path.endsWith(name)));
  return {
    document: document?.bytes ?? 0,
    ...(await inlineParts(await htmlOf(folder, address))),
    css: ending('.css'),
    js: ending('.js'),
    rest: sum(rest),
    requests: rest.length,
    apart: sum(others.filter(isApart)),
  };
}

async function htmlOf(folder: string, address: string): Promise<string> {
  const file = path.join(folder, address);
  for (const name of [file, path.join(file, 'index.html'), `${file}.html`]) {
    const html = await readFile(name, 'utf8').catch(() => undefined);
    if (html !== undefined) return html;
  }
  throw new Error(`there is no page at ${address} in ${folder}`);
}

/** Compressed sizes of a document's inline style, and of what is left without such parts. */
async function inlineParts(
  html: string,
): Promise<Pick<FirstLoad, 'bare' | 'prose' | 'inlineStyle'>> {
  const document = parse(html);
  const root = document.childNodes.find((node): node is Element => 'tagName' in node);
  if (!root) throw new Error('the page has no root element');
  const styles = byTag(root, 'style');
  const policies = byTag(root, 'meta').filter(
    (meta) => attribute(meta, 'http-equiv')?.toLowerCase() === 'content-security-policy',
  );
  const style = styles.map((element) => textOf(element)).join('');
  const inlineStyle = style === '' ? 0 : await compressedSize(style);
  const without = (elements: readonly Element[]) => {
    for (const element of elements) {
      const { childNodes } = element.parentNode as Tree.ParentNode;
      childNodes.splice(childNodes.indexOf(element), 1);
    }
    return compressedSize(serialize(document));
  };
  const bare = await without([...styles, ...policies]);
  const prose = await without(byTag(root, 'svg'));
  return { bare, prose, inlineStyle };
}

/** First contentful paint in ms after navigation. */
function firstPaint(browser: Browser, served: Served, address: string): Promise<number> {
  return withFreshPage(browser, async (page) => {
    await page.goto(served.base + address, { waitUntil: 'load' });
    const paint = await page.waitForFunction(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    );
    return (await paint.jsonValue()) ?? 0;
  });
}

declare global {
  interface Window {
    /** Where the old document notes when it shows the new content: ms of the clock, or 0 before. */
    shownAt?: number;
  }
}

/**
 * Follows a link from one page to another on the slow network.
 *
 * @param announced whether the pointer rests on the link before
 * @returns ms from click to paint; undefined where the page has no such link
 */
function nextView(
  browser: Browser,
  served: Served,
  tool: Tool,
  announced: boolean,
): Promise<number | undefined> {
  return withFreshPage(browser, async (page) => {
    await page.setViewport({ width: 1280, height: 900 });
    await page.goto(served.base + tool.address(nextFrom), { waitUntil: 'load' });
    await sleep(2000);
    const handle = await page.evaluateHandle((target) => {
      const plain = (address: string) => address.replace(/#.*$/, '').replace(/(\/|\.html)$/, '');
      // Some put their navigation into the main part too; the text is what is meant.
      const text = document.querySelector('main article') ?? document.querySelector('main');
      for (const link of text?.querySelectorAll('a') ?? []) {
        // A link to a section shows the middle of the page, which is another measure.
        if (link.hash !== '' || plain(link.href) !== plain(target)) continue;
        link.scrollIntoView({ block: 'center', behavior: 'instant' });
        const [box] = link.getClientRects();
        const hit = box && document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        if (hit && link.contains(hit)) return link;
      }
      return null;
    }, served.base + tool.address(nextTo));
    const link = handle.asElement();
    if (!link) return undefined;

    await page.evaluate(() => {
      window.shownAt = 0;
      const before = document.querySelector('h1')?.textContent;
      const look = () => {
        const title = document.querySelector('h1')?.textContent;
        if (title && title !== before) window.shownAt = performance.timeOrigin + performance.now();
        else requestAnimationFrame(look);
      };
      look();
    });
    await sleep(500);
    let clicked: number;
    if (announced) {
      const box = await page.evaluate((element) => {
        const [{ x, y, width, height } = new DOMRect()] = (element as HTMLElement).getClientRects();
        return { x: x + width / 2, y: y + height / 2 };
      }, link);
      await page.mouse.move(box.x, box.y);
      await sleep(500);
      await page.mouse.down();
      clicked = Date.now();
      await page.mouse.up();
    } else {
      clicked = Date.now();
      await page.evaluate((element) => (element as HTMLElement).click(), link);
    }
    for (let tries = 0; tries < 600; tries++) {
      await sleep(50);
      // While one document gives way to the other, there is none to ask.
      const shown = await page
        .evaluate(() => {
          // The old document is still there: scripts exchange its content, or the new one is on its way.
          if (window.shownAt !== undefined) return window.shownAt;
          const [paint] = performance.getEntriesByName('first-contentful-paint');
          return paint ? performance.timeOrigin + paint.startTime : 0;
        })
        .catch(() => 0);
      if (shown > 0) return shown - clicked;
    }
    throw new Error(`${tool.name} did not show ${nextTo} within half a minute of the click`);
  });
}
