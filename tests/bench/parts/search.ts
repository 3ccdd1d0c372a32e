import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'puppeteer-core';
import { parse } from 'yaml';
import { filesBelow } from '../../../src/files.ts';
import { startChromium } from '../../support/browser.ts';
import { type Bar, bar, row, type Table } from '../lib/report.ts';
import { compressedSize, type Sent, type Served, serveSite, slow4G } from '../lib/serve.ts';
import { median, percentile } from '../lib/stats.ts';
import { ours } from '../tools/ours.ts';
import { starlight } from '../tools/peers.ts';
import type { Tool } from '../tools/tool.ts';
import { type Size, sizeName, type Workshop } from '../workshop.ts';
import type { Part } from './part.ts';

/** How a site's search is used: selectors of what opens it, the box, and a result that has its text. */
interface Box {
  open: string;
  input: string;
  result: string;
}

const boxes = new Map<Tool, Box>([
  [
    ours,
    {
      open: 'site-search .search-open',
      input: 'site-search input',
      result: 'site-search [role=option]',
    },
  ],
  [
    starlight,
    {
      open: 'button[data-open-modal]',
      input: '.pagefind-ui__search-input',
      // Before their text is there, results are grey boxes without a link.
      result: '.pagefind-ui__result-link',
    },
  ],
]);

/** A way of searching, and on which network. */
type State = 'cold' | 'cold, 0 ms' | 'warm-new' | 'warm-again';
type Network = 'localhost' | 'slow 4G';

/** How one query went. */
interface Answer {
  /** From the query's entry to the paint of its first result, in ms. */
  ms: number;
  /** Longest task of the page's own thread over 50 ms; 0 where there was none. */
  longestTask: number;
  /** What was sent from intent to that paint. */
  sent: Sent[];
}

const wait = 300;
/** A word that no page has, and that is far from the others in the alphabet. */
const warmUp = 'zzyx';

/** How fast search answers, what it fetches, and how large its index is. */
export const search: Part = {
  title: 'Search',
  method: [
    'Each query is entered as a whole, as by pasting: no result of a part of it can be taken for its own. Time runs from that entry until the frame with the first new result has been painted.',
    'Cold: a browser that knows nothing of the site opens a page, a second later the search (the intent), and enters the query 300 ms after that, or as soon as the box has the focus (0 ms). Warm-new: the engine has answered another query, this one brings its own parts of the index. Warm-again: the same query once more.',
    'Every run asks all queries in each state on localhost; on slow 4G (150 ms, 1.6 Mbit/s) each run takes its share of them.',
    "Bytes beyond the engine are what is sent from intent to first result, less Pagefind's runtime (pagefind.js, pagefind-worker.js) and WebAssembly. This site has the runtime in a script with its own engine: of that script, the size of pagefind.js is taken off.",
  ],
  async measure(workshop) {
    const tools = await workshop.tools((tool) => boxes.has(tool));
    const queries = await readQueries(workshop.root, workshop.options.queries);
    const tables: Table[] = [];
    const bars: Bar[] = [];
    await using browser = await startChromium();
    for (const size of workshop.options.sizes ?? (['story', 600] satisfies Size[])) {
      const all: Map<string, Answer[][]>[] = [];
      const indexes: { bytes: number; pages: number }[] = [];
      for (const tool of tools) {
        const folder = await workshop.built(tool, size);
        indexes.push(await indexSize(folder));
        all.push(await answersOf(workshop, browser, tool, size, folder, queries));
      }
      const names = tools.map(({ name }) => name);
      const stock = tools.includes(starlight) ? await workshop.built(starlight, size) : undefined;
      const runtime = await runtimeSize(stock);
      tables.push(...tablesOf(size, names, all, indexes, runtime));
      if (all[0]) bars.push(...barsOf(size, all[0], all[1], runtime));
    }
    return { tables, bars, browser: await browser.version() };
  },
};

/** Queries that people type, spread over all classes of the table that judges the search. */
async function readQueries(root: string, count: number): Promise<string[]> {
  const text = await readFile(path.join(root, 'tests/search/queries.yaml'), 'utf8');
  const classes = parse(text) as Record<string, unknown>;
  const queries = Object.values(classes).flatMap((entries) =>
    Array.isArray(entries) ? entries.flatMap((entry) => entry.query ?? []) : [],
  );
  const step = Math.max(1, queries.length / count);
  return Array.from(
    { length: Math.min(count, queries.length) },
    (_, i) => queries[Math.floor(i * step)],
  );
}

/** Every answer by `network, state`, a list for each run. Queries without a result are left out. */
async function answersOf(
  workshop: Workshop,
  browser: Browser,
  tool: Tool,
  size: Size,
  folder: string,
  queries: readonly string[],
): Promise<Map<string, Answer[][]>> {
  const box = boxes.get(tool);
  if (!box) throw new Error(`nobody has said how to search on ${tool.name}`);
  await using served = await serveSite(folder);
  const { runs } = workshop.options;
  const found = new Map<string, Answer[][]>();
  const note = (network: Network, state: State, at: number, answer: Answer | undefined) => {
    const key = `${network}, ${state}`;
    const lists = found.get(key) ?? Array.from({ length: runs }, (): Answer[] => []);
    if (answer) lists[at]?.push(answer);
    found.set(key, lists);
  };
  const address = served.base + tool.address('concepts/raft');
  const visit = <T>(use: (page: Page) => Promise<T>) => searching(browser, served, address, use);

  // Once for the server: from here on nothing is compressed while the clock runs.
  await visit((page) => cold(page, served, box, queries[0] ?? '', wait));
  for (let at = 0; at < runs; at++) {
    console.error(`Search, run ${at + 1}: ${tool.name}, ${sizeName(size)} …`);
    for (const network of ['localhost', 'slow 4G'] as const) {
      served.link = network === 'localhost' ? undefined : slow4G;
      const asked = network === 'localhost' ? queries : queries.filter((_q, i) => i % runs === at);
      for (const query of asked) {
        await visit(async (page) => {
          const first = await cold(page, served, box, query, wait);
          note(network, 'cold', at, first);
          if (first && network === 'localhost') {
            note(network, 'warm-again', at, await ask(page, served, box, query));
          }
        });
        await visit(async (page) => {
          note(network, 'cold, 0 ms', at, await cold(page, served, box, query, 0));
        });
        await visit(async (page) => {
          await cold(page, served, box, warmUp, 0, 500);
          await served.quiet();
          note(network, 'warm-new', at, await ask(page, served, box, query));
        });
      }
    }
  }
  return found;
}

/** Opens a page in a browser that knows nothing of the site, and waits until all is quiet. */
async function searching<T>(
  browser: Browser,
  served: Served,
  address: string,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    await page.goto(address, { waitUntil: 'load' });
    await sleep(1000);
    await served.quiet();
    await page.evaluate(() => {
      window.longestTask = 0;
      new PerformanceObserver((list) => {
        const durations = list.getEntries().map(({ duration }) => duration);
        window.longestTask = Math.max(window.longestTask ?? 0, ...durations);
      }).observe({ type: 'longtask' });
    });
    return await use(page);
  } finally {
    await context.close();
  }
}

/** Opens the search for the first time, waits, and asks. */
async function cold(
  page: Page,
  served: Served,
  box: Box,
  query: string,
  pause: number,
  patience?: number,
): Promise<Answer | undefined> {
  const intent = performance.now();
  await page.click(box.open);
  await page.waitForFunction((input) => document.activeElement?.matches(input), {}, box.input);
  await sleep(Math.max(0, pause - (performance.now() - intent)));
  return enter(page, served, box, query, intent, patience);
}

/** Empties the box of a search that is open, and asks. */
async function ask(
  page: Page,
  served: Served,
  box: Box,
  query: string,
): Promise<Answer | undefined> {
  await page.focus(box.input);
  await page.evaluate(
    (input) => document.querySelector<HTMLInputElement>(input)?.select(),
    box.input,
  );
  await page.keyboard.press('Backspace');
  // Stock Starlight looks at the box again after a while of its own.
  await sleep(500);
  await page.evaluate(() => {
    window.longestTask = 0;
  });
  return enter(page, served, box, query, performance.now());
}

declare global {
  interface Window {
    /** In ms, since the page was quiet or the search was last emptied; 0 for none over 50 ms. */
    longestTask?: number;
    answered?: Promise<{ ms: number; longestTask: number } | null>;
  }
}

/**
 * Enters a query and waits for its first result.
 *
 * @param since when the reader showed the intent to search, by `performance.now()`
 * @param patience ms after which there is none
 */
async function enter(
  page: Page,
  served: Served,
  box: Box,
  query: string,
  since: number,
  patience = 30_000,
): Promise<Answer | undefined> {
  await page.evaluate(
    (result, patience) => {
      const first = () => {
        for (const element of document.querySelectorAll(result)) {
          if (element.getClientRects().length > 0) return element.textContent;
        }
        return null;
      };
      const before = first();
      window.answered = new Promise((resolve) => {
        let entered: number | undefined;
        document.addEventListener('input', ({ timeStamp }) => (entered ??= timeStamp), true);
        const changes = new MutationObserver(() => {
          const now = first();
          if (entered === undefined || now === null || now === before) return;
          changes.disconnect();
          // The frame after this callback shows the result; a message comes once it is painted.
          requestAnimationFrame(() => {
            const painted = new MessageChannel();
            painted.port1.onmessage = () => {
              const ms = performance.now() - (entered ?? 0);
              resolve({ ms, longestTask: window.longestTask ?? 0 });
            };
            painted.port2.postMessage(null);
          });
        });
        changes.observe(document, {
          subtree: true,
          childList: true,
          attributes: true,
          characterData: true,
        });
        setTimeout(resolve, patience, null);
      });
    },
    box.result,
    patience,
  );
  await page.keyboard.sendCharacter(query);
  const answer = await page.evaluate(() => window.answered);
  return answer ? { ...answer, sent: served.sent.filter(({ at }) => at >= since) } : undefined;
}

/** What Pagefind's own runtime takes on the wire; 0 where there is no site that has it as a file. */
async function runtimeSize(folder: string | undefined): Promise<number> {
  return folder ? compressedSize(await readFile(path.join(folder, 'pagefind/pagefind.js'))) : 0;
}

/** Everything that search reads, and how many pages it knows. Not the copy for opening from disk. */
async function indexSize(folder: string): Promise<{ bytes: number; pages: number }> {
  const files = await filesBelow(folder);
  let bytes = 0;
  for (const file of files) {
    if (!file.startsWith('pagefind/') || /\.(js|css)$|\/wasm\./.test(file)) continue;
    bytes += (await readFile(path.join(folder, file))).length;
  }
  const isPage = (file: string) => file.endsWith('.html') && file !== '404.html';
  return { bytes, pages: files.filter(isPage).length };
}

const name = ({ path: address }: Sent) => path.posix.basename(address);
const sum = (files: readonly Sent[]) => files.reduce((bytes, file) => bytes + file.bytes, 0);
const isEngine = (file: Sent) => /^(pagefind(-worker)?\.js|wasm\..*)$/.test(name(file));
/** This site's script that has Pagefind's runtime in it, and answers beside it. */
const isBundle = (file: Sent) => name(file) === 'engine.js';
const beyondEngine =
  (runtime: number) =>
  ({ sent }: Answer) =>
    sum(sent.filter((file) => !isEngine(file))) - (sent.some(isBundle) ? runtime : 0);
const dialogScript = ({ sent }: Answer) =>
  sum(sent.filter((file) => name(file).endsWith('.js') && !isEngine(file) && !isBundle(file)));

/** Over the runs: the median of what a figure of each run is. */
function overRuns(
  answers: readonly Answer[][] | undefined,
  of: (run: readonly Answer[]) => number | undefined,
): number | undefined {
  return median((answers ?? []).flatMap((run) => of(run) ?? []));
}

const times = (share: number) => (run: readonly Answer[]) =>
  percentile(
    run.map(({ ms }) => ms),
    share,
  );

function tablesOf(
  size: Size,
  tools: string[],
  all: readonly ReadonlyMap<string, Answer[][]>[],
  indexes: readonly { bytes: number; pages: number }[],
  runtime: number,
): Table[] {
  const keys = [...new Set(all.flatMap((answers) => [...answers.keys()]))].sort();
  const coldKey = 'localhost, cold';
  return [
    {
      title: `Time to first result, ${sizeName(size)}`,
      tools,
      rows: keys.flatMap((key) => [
        row(
          `${key}: median`,
          'ms',
          all.map((answers) => overRuns(answers.get(key), times(0.5))),
        ),
        row(
          `${key}: 95 of 100 under`,
          'ms',
          all.map((answers) => overRuns(answers.get(key), times(0.95))),
        ),
        row(
          `${key}: answered`,
          'count',
          all.map((answers) => answers.get(key)?.flat().length),
        ),
      ]),
    },
    {
      title: `What search costs, ${sizeName(size)}`,
      tools,
      rows: [
        row('Longest task over 50 ms', 'ms', all.map(longestTask)),
        ...(
          [
            ['Sent from intent to first result', ({ sent }) => sum(sent)],
            ['… in requests', ({ sent }) => sent.length],
            ['… beyond the engine', beyondEngine(runtime)],
            ['… scripts of the search box', dialogScript],
          ] satisfies [string, (answer: Answer) => number][]
        ).map(([what, of]) =>
          row(
            what,
            what.includes('requests') ? 'count' : 'bytes',
            all.map((answers) => overRuns(answers.get(coldKey), (run) => median(run.map(of)))),
          ),
        ),
        row(
          'Index',
          'bytes',
          indexes.map(({ bytes }) => bytes),
        ),
        row(
          'Index for each page',
          'bytes',
          indexes.map(({ bytes, pages }) => bytes / pages),
        ),
      ],
    },
  ];
}

function longestTask(answers: ReadonlyMap<string, Answer[][]>): number {
  const local = [...answers].filter(([key]) => key.startsWith('localhost'));
  return Math.max(0, ...local.flatMap(([, runs]) => runs.flat().map((a) => a.longestTask)));
}

function barsOf(
  size: Size,
  own: ReadonlyMap<string, Answer[][]>,
  stock: ReadonlyMap<string, Answer[][]> | undefined,
  runtime: number,
): Bar[] {
  const at = (what: string) => `${what}, ${sizeName(size)}`;
  const time = (key: string, share: number) => overRuns(own.get(key), times(share));
  const beyond = (answers: ReadonlyMap<string, Answer[][]> | undefined) =>
    overRuns(answers?.get('localhost, cold'), (run) => median(run.map(beyondEngine(runtime))));
  const theirs = beyond(stock);
  return [
    ...bar(at('warm-new, 95 of 100'), 'ms', time('localhost, warm-new', 0.95), 50),
    ...bar(at('warm-again, 95 of 100'), 'ms', time('localhost, warm-again', 0.95), 20),
    ...bar(at('cold, 95 of 100'), 'ms', time('localhost, cold', 0.95), 300),
    ...bar(at('cold on slow 4G, median'), 'ms', time('slow 4G, cold', 0.5), 1500),
    ...bar(at('Longest task'), 'ms', longestTask(own), 50),
    ...bar(
      at('Scripts of the search box'),
      'bytes',
      overRuns(own.get('localhost, cold'), (run) => median(run.map(dialogScript))),
      12_000,
    ),
    ...bar(
      at("Beyond the engine, 60 % of Starlight's"),
      'bytes',
      beyond(own),
      theirs && theirs * 0.6,
    ),
  ];
}
