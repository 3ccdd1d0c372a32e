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
import { type Size, sizeName } from '../workshop.ts';
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
type State = 'cold' | 'cold, 0 ms' | 'warm-new' | 'warm-new, typed' | 'warm-again';
type Network = 'localhost' | 'slow 4G';

/** How one query went. */
interface Answer {
  /** From the query's entry, or that of its last letter, to the paint of its first result, in ms. */
  ms: number;
  /** Text of that result. */
  first: string;
  /** Longest task of the page's own thread over 50 ms; 0 where there was none. */
  longestTask: number;
  /** What was sent from intent to that paint. */
  sent: Sent[];
}

const wait = 300;
/** Time for a letter, in ms: of somebody who types fast, 120 words a minute. */
const letter = 100;
/** A word that no page has, far from the others in the alphabet, and too short to be put right. */
const warmUp = 'zq';

/** How fast search answers, what it fetches, and how large its index is. */
export const search: Part = {
  title: 'Search',
  method: [
    'Each query is entered as a whole, as by pasting: no result of a part of it can be taken for its own. Time runs from that entry until the frame with the first new result has been painted. Typed: the query is entered letter by letter, one every 100 ms, and time runs from the last letter until the list has been filled anew and begins with the result that the whole query has.',
    'Cold: a browser that knows nothing of the site opens a page, a second later the search (the intent), and enters the query 300 ms after that, or as soon as the box has the focus (0 ms). Warm-new: the engine has answered another query, and this one needs parts of the index that are not loaded when its first letter is entered. Warm-again: the same query once more.',
    'Every query is asked once in each state, on localhost and on slow 4G (150 ms, 1.6 Mbit/s), of one site after the other; a run is one query.',
    "Bytes beyond the engine are what is sent from intent to first result, less Pagefind's runtime (pagefind.js, pagefind-worker.js) and WebAssembly. This site has the runtime in a script with its own engine: of that script, the size of pagefind.js is taken off.",
  ],
  async measure(workshop) {
    const installed = await workshop.tools((tool) => boxes.has(tool));
    const queries = await readQueries(workshop.root, workshop.options.queries);
    const tables: Table[] = [];
    const bars: Bar[] = [];
    await using browser = await startChromium();
    for (const size of workshop.options.sizes ?? (['story', 600] satisfies Size[])) {
      const tools = await workshop.able(installed, size);
      const folders = await Promise.all(tools.map((tool) => workshop.built(tool, size)));
      const all = await answersOf(browser, tools, folders, size, queries);
      const indexes = await Promise.all(folders.map(indexSize));
      const names = tools.map(({ name }) => name);
      const runtime = await runtimeSize(folders[tools.indexOf(starlight)]);
      tables.push(...tablesOf(size, names, all, indexes, runtime));
      if (all[0]) bars.push(...barsOf(size, all[0], all[1], runtime));
    }
    return { tables, bars, browser: await browser.version(), runs: queries.length };
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

/** Answers by `network, state`. Queries without a result are left out. */
type Answers = Map<string, Answer[]>;

/** Asks every query of every site, one site after the other, so that both meet the same machine. */
async function answersOf(
  browser: Browser,
  tools: readonly Tool[],
  folders: readonly string[],
  size: Size,
  queries: readonly string[],
): Promise<Answers[]> {
  await using stack = new AsyncDisposableStack();
  const sites: { tool: Tool; box: Box; served: Served; answers: Answers }[] = [];
  for (const [i, tool] of tools.entries()) {
    const box = boxes.get(tool);
    if (!box) throw new Error(`nobody has said how to search on ${tool.name}`);
    const served = stack.use(await serveSite(folders[i] ?? ''));
    sites.push({ tool, box, served, answers: new Map() });
    // Once for the server: after that nothing is compressed while the clock runs.
    await askOnce(browser, tool, box, served, queries[0] ?? '', 'localhost', () => {});
  }
  for (const [i, query] of queries.entries()) {
    console.error(`Query ${i + 1} of ${queries.length}, ${sizeName(size)}: ${query}`);
    for (const network of ['localhost', 'slow 4G'] as const) {
      for (const { tool, box, served, answers } of sites) {
        served.link = network === 'localhost' ? undefined : slow4G;
        await askOnce(browser, tool, box, served, query, network, (state, answer) => {
          const key = `${network}, ${state}`;
          answers.set(key, [...(answers.get(key) ?? []), ...(answer ? [answer] : [])]);
        });
      }
    }
  }
  return sites.map(({ answers }) => answers);
}

/** Asks one query in every state. */
async function askOnce(
  browser: Browser,
  tool: Tool,
  box: Box,
  served: Served,
  query: string,
  network: Network,
  note: (state: State, answer: Answer | undefined) => void,
): Promise<void> {
  const address = served.base + tool.address('concepts/raft');
  let whole: Answer | undefined;
  await searching(browser, served, address, async (page) => {
    whole = await cold(page, served, box, query, wait);
    note('cold', whole);
    // Nothing is fetched again, so the network does not matter.
    if (whole && network === 'localhost') note('warm-again', await ask(page, served, box, query));
  });
  await searching(browser, served, address, async (page) => {
    note('cold, 0 ms', await cold(page, served, box, query, 0));
  });
  await searching(browser, served, address, async (page) => {
    await cold(page, served, box, warmUp, 0, 500);
    await served.quiet();
    note('warm-new', await ask(page, served, box, query));
  });
  await searching(browser, served, address, async (page) => {
    await cold(page, served, box, warmUp, 0, 500);
    await served.quiet();
    if (whole) note('warm-new, typed', await ask(page, served, box, query, whole.first));
  });
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

/**
 * Empties the box of a search that is open, and asks.
 *
 * @param expected text of the first result, where the query is to be typed
 */
async function ask(
  page: Page,
  served: Served,
  box: Box,
  query: string,
  expected?: string,
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
  return enter(page, served, box, query, performance.now(), expected ? 5000 : undefined, expected);
}

declare global {
  interface Window {
    /** In ms, since the page was quiet or the search was last emptied; 0 for none over 50 ms. */
    longestTask?: number;
    answered?: Promise<Omit<Answer, 'sent'> | null>;
  }
}

/**
 * Enters a query and waits for its first result.
 *
 * @param since when the reader showed the intent to search, by `performance.now()`
 * @param patience ms after which there is none
 * @param expected text of the result to wait for; the query is then typed, and only its last letter counts
 */
async function enter(
  page: Page,
  served: Served,
  box: Box,
  query: string,
  since: number,
  patience = 30_000,
  expected?: string,
): Promise<Answer | undefined> {
  const letters = expected === undefined ? [query] : [...query];
  for (const typed of letters.slice(0, -1)) {
    await page.keyboard.sendCharacter(typed);
    await sleep(letter);
  }
  await page.evaluate(
    (result, patience, expected) => {
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
          if (entered === undefined || now === null) return;
          if (expected === undefined ? now === before : now !== expected) return;
          changes.disconnect();
          // The frame after this callback shows the result; a message comes once it is painted.
          requestAnimationFrame(() => {
            const painted = new MessageChannel();
            painted.port1.onmessage = () => {
              const ms = performance.now() - (entered ?? 0);
              resolve({ ms, first: now, longestTask: window.longestTask ?? 0 });
            };
            painted.port2.postMessage(null);
          });
        });
        changes.observe(document, {
          subtree: true,
          childList: true,
          characterData: true,
          // What is busy says so at once; that is no answer yet.
          attributes: expected === undefined,
        });
        setTimeout(resolve, patience, null);
      });
    },
    box.result,
    patience,
    expected,
  );
  await page.keyboard.sendCharacter(letters.at(-1) ?? '');
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

/** The middle of something over all answers in a state. */
function middle(answers: readonly Answer[] | undefined, of: (answer: Answer) => number) {
  return median((answers ?? []).map(of));
}

function time(answers: readonly Answer[] | undefined, share: number): number | undefined {
  return percentile(
    (answers ?? []).map(({ ms }) => ms),
    share,
  );
}

function tablesOf(
  size: Size,
  tools: string[],
  all: readonly Answers[],
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
          all.map((answers) => time(answers.get(key), 0.5)),
        ),
        row(
          `${key}: 95 of 100 under`,
          'ms',
          all.map((answers) => time(answers.get(key), 0.95)),
        ),
        row(
          `${key}: answered`,
          'count',
          all.map((answers) => answers.get(key)?.length),
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
            all.map((answers) => middle(answers.get(coldKey), of)),
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

function longestTask(answers: Answers): number {
  const local = [...answers].filter(([key]) => key.startsWith('localhost'));
  return Math.max(0, ...local.flatMap(([, found]) => found.map((answer) => answer.longestTask)));
}

function barsOf(size: Size, own: Answers, stock: Answers | undefined, runtime: number): Bar[] {
  const at = (what: string) => `${what}, ${sizeName(size)}`;
  const ownTime = (key: string, share: number) => time(own.get(key), share);
  const beyond = (answers: Answers | undefined) =>
    middle(answers?.get('localhost, cold'), beyondEngine(runtime));
  const theirs = beyond(stock);
  return [
    ...bar(at('warm-new, typed, 95 of 100'), 'ms', ownTime('localhost, warm-new, typed', 0.95), 50),
    ...bar(at('warm-new, pasted, 95 of 100'), 'ms', ownTime('localhost, warm-new', 0.95), 50),
    ...bar(at('warm-again, 95 of 100'), 'ms', ownTime('localhost, warm-again', 0.95), 20),
    ...bar(at('cold, 95 of 100'), 'ms', ownTime('localhost, cold', 0.95), 300),
    ...bar(at('cold on slow 4G, median'), 'ms', ownTime('slow 4G, cold', 0.5), 1500),
    ...bar(at('Longest task'), 'ms', longestTask(own), 50),
    ...bar(
      at('Scripts of the search box'),
      'bytes',
      middle(own.get('localhost, cold'), dialogScript),
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
