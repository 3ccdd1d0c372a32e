/**
 * One suite for every way of opening the site, in every engine: from disk, from a server's root,
 * below a path, and kept on the device with no server at all.
 */
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { engines } from '../support/browser.ts';
import { readPages } from '../support/dom.ts';
import { ask, firstResult, openSearch, searchHasFocus } from '../support/search-page.ts';
import { serveFolder } from '../support/serve-folder.ts';
import type { Tab } from '../support/tab.ts';

const dist = inject('dist');
// The page for what is not there is found by its address, which no folder on a disk offers.
const files = [...(await readPages(dist)).keys()].filter((file) => file !== '404.html');

/** A name that people give folders: a space, an accent. */
let folder: string;
beforeAll(async () => {
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'site-')), 'une clé USB');
  await unpack(path.join(dist, 'rust-at-cncf.zip'), folder);
});
afterAll(() => rm(path.dirname(folder), { recursive: true }));

/** Unpacks the archive of the site, as readers do: its pages lie in one folder of its name. */
async function unpack(archive: string, into: string): Promise<void> {
  for (const [name, content] of Object.entries(unzipSync(await readFile(archive)))) {
    const file = path.join(into, name.replace('rust-at-cncf/', ''));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/** The site, opened in one way. */
interface Opened {
  /** Address of the folder that holds the home page, with a slash at the end. */
  root: string;
  /** Where the files lie that are opened. */
  folder: string;
  close(): Promise<void>;
}

async function serve(prefix: string): Promise<Opened> {
  const served = await serveFolder(dist, prefix);
  return { root: served.base, folder: dist, close: async () => served[Symbol.asyncDispose]() };
}

const ways: Record<string, (tab: Tab) => Promise<Opened>> = {
  'from disk, out of the archive': async () => ({
    root: `${pathToFileURL(folder).href}/`,
    folder,
    close: async () => undefined,
  }),
  'from a server': () => serve('/'),
  'from a server, below a path': () => serve('/a/b/'),
  'kept on the device, without a network': async (tab) => {
    const site = await serve('/');
    await keepOffline(tab, site.root);
    // From here on, whatever reaches for the network fails, and is reported.
    await site.close();
    return { ...site, close: async () => undefined };
  },
};

/** Stores the whole site in the browser, with the button that readers have. */
async function keepOffline(tab: Tab, root: string): Promise<void> {
  await tab.open(`${root}about/offline.html`);
  await tab.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await tab.click('keep-offline [data-keep]');
  await vi.waitFor(
    async () => {
      const status = await tab.evaluate(
        () => document.querySelector('keep-offline [role=status]')?.textContent,
      );
      expect(status).toContain('The whole site is kept on this device');
    },
    { timeout: 60_000, interval: 50 },
  );
  expect(await tab.takeComplaints()).toEqual([]);
}

/** What a page showed when it was opened. */
interface Visit {
  complaints: string[];
  /** Whether the style sheets hold. */
  styled: boolean;
  /** Where its links lead, as the browser understands them. */
  links: string[];
  /** What links may point at within the page. */
  anchors: string[];
}

async function visit(tab: Tab, address: string): Promise<Visit> {
  await tab.open(address);
  const seen = await tab.evaluate(() => ({
    styled:
      getComputedStyle(document.querySelector('header') ?? document.body).position === 'fixed',
    links: [...document.querySelectorAll<HTMLAnchorElement>('a[href]')]
      .filter((a) => !a.closest('[hidden]'))
      .map((a) => a.href),
    anchors: [...document.querySelectorAll('[id]')].map(({ id }) => id),
  }));
  return { ...seen, complaints: await tab.takeComplaints() };
}

/** What is wrong with a link of the site, where something is. */
async function faultOf(
  link: string,
  { root, folder }: Opened,
  visits: Map<string, Visit>,
): Promise<string | undefined> {
  const { protocol, hash } = new URL(link);
  if (!link.startsWith(root)) {
    return ['https:', 'mailto:'].includes(protocol) ? undefined : 'leads out of the site';
  }
  const file = decodeURIComponent(link.slice(root.length).replace(/[?#].*/, ''));
  const target = visits.get(file);
  if (!target) {
    const there =
      file !== '' &&
      (await access(path.join(folder, file)).then(
        () => true,
        () => false,
      ));
    return there ? undefined : 'there is no such file';
  }
  const anchor = decodeURIComponent(hash.slice(1));
  if (anchor && !target.anchors.includes(anchor)) return 'there is no such place on the page';
  return undefined;
}

/** Queries with one right answer. */
const queries: [query: string, file: string][] = [
  ['poll mode', 'concepts/poll-mode-io.html'],
  ['mutual tls', 'concepts/mutual-tls.html'],
  ['openebs', 'projects/openebs.html'],
  ['linkerd', 'projects/linkerd.html'],
  ['tikv', 'projects/tikv.html'],
  ['raft-rs', 'libraries/raft-rs.html'],
  ['fail_point', 'libraries/fail-rs.html'],
  ['rust-prometheus', 'libraries/rust-prometheus.html'],
  ['pprof', 'libraries/pprof-rs.html'],
  ['rustls', 'libraries/rustls.html'],
];

for (const engine of await engines()) {
  describe.skipIf(engine.skip)(engine.name, () => {
    describe('under test', () => {
      let tab: Tab;
      beforeAll(async () => {
        tab = await engine.start();
      });
      afterAll(() => tab?.[Symbol.asyncDispose]());

      test('is as strict as a reader’s: from disk it refuses to fetch a neighbour', async () => {
        await tab.open(pathToFileURL(path.join(folder, 'index.html')).href);
        const fetched = await tab.evaluate(() =>
          fetch('projects.html').then(
            () => 'was read',
            () => 'was refused',
          ),
        );
        expect(fetched).toBe('was refused');
      });

      test('tells what goes wrong on a page', async () => {
        const faulty = path.join(path.dirname(folder), 'faulty');
        await mkdir(faulty, { recursive: true });
        await writeFile(
          path.join(faulty, 'index.html'),
          `<!doctype html><title>Faulty</title><link rel="stylesheet" href="gone.css">
          <script src="gone.js"></script><img src="gone.png" alt="">
          <script>console.info('spoke'); throw new Error('threw')</script>`,
        );
        await using served = await serveFolder(faulty, '/');
        await tab.takeComplaints();
        for (const root of [`${pathToFileURL(faulty).href}/`, served.base]) {
          await tab.open(`${root}index.html`);
          const told = (await tab.takeComplaints()).join('\n');
          for (const fault of ['gone.css', 'gone.js', 'gone.png', 'spoke', 'threw']) {
            expect(told, root).toContain(fault);
          }
        }
      });
    });

    describe.for(Object.entries(ways))('%s', ([, openSite]) => {
      let tab: Tab;
      let site: Opened;
      const visits = new Map<string, Visit>();
      beforeAll(async () => {
        tab = await engine.start();
        site = await openSite(tab);
        for (const file of files) visits.set(file, await visit(tab, site.root + file));
      }, 180_000);
      afterAll(async () => {
        await tab?.[Symbol.asyncDispose]();
        await site?.close();
      });

      /** Waits until a page has come whole and quietly, by whatever way one went there. */
      const arrive = async (file: string) => {
        await expect
          .poll(() =>
            tab.evaluate(() =>
              document.readyState === 'complete' ? location.href.split(/[?#]/)[0] : 'under way',
            ),
          )
          .toBe(site.root + file);
        expect(await tab.takeComplaints()).toEqual([]);
      };
      const shownTheme = () => tab.evaluate(() => document.documentElement.dataset.theme);

      test('every page loads whole and styled, without a failed request or a message', () => {
        const faults = [...visits].flatMap(([file, { styled, complaints }]) => [
          ...complaints,
          ...(styled ? [] : [`${file} has no styles`]),
        ]);
        expect(faults).toEqual([]);
        expect(visits.size).toBe(files.length);
      });

      test('every link goes where it says', async () => {
        const faults = new Set<string>();
        for (const [file, { links }] of visits) {
          for (const link of links) {
            const fault = await faultOf(link, site, visits);
            if (fault) faults.add(`${file}: ${link}: ${fault}`);
          }
        }
        expect([...faults]).toEqual([]);
      });

      test('clicks lead from page to page and back, and the theme goes along', async () => {
        await tab.open(`${site.root}index.html`);
        await tab.evaluate(() => {
          const select = document.querySelector<HTMLSelectElement>('.bar-theme select');
          if (!select) throw new Error('there is no choice of a theme');
          select.value = 'dark';
          select.dispatchEvent(new Event('change', { bubbles: true }));
        });
        expect(await shownTheme()).toBe('dark');
        // Files may be shown by different processes, which hear of what is stored a moment later.
        await expect
          .poll(async () => {
            await tab.open(`${site.root}index.html`);
            return shownTheme();
          })
          .toBe('dark');
        for (const [link, file] of [
          ['main a[href$="tikv.html"]', 'projects/tikv.html'],
          ['main a[href$="raft-rs.html"]', 'libraries/raft-rs.html'],
          ['.bar-sections a[href$="concepts.html"]', 'concepts.html'],
          ['main a[href$="mutual-tls.html"]', 'concepts/mutual-tls.html'],
        ] as const) {
          await tab.click(link);
          await arrive(file);
          expect(await shownTheme(), `theme of ${file}`).toBe('dark');
        }
        await tab.back();
        await arrive('concepts.html');
        await tab.click('.word-mark');
        await arrive('index.html');
        expect(await shownTheme()).toBe('dark');
      });

      test('a link within a page scrolls to its place', async () => {
        await tab.open(`${site.root}libraries/raft-rs.html`);
        await tab.click('.sl-markdown-content > p .cite');
        await expect
          .poll(() =>
            tab.evaluate(() => {
              const place = document.querySelector(':target')?.getBoundingClientRect();
              return place && place.top >= 0 && place.bottom <= innerHeight;
            }),
          )
          .toBe(true);
        expect(await tab.takeComplaints()).toEqual([]);
      });

      test('search opens with the keyboard, shows where, and leads there', async () => {
        await tab.open(`${site.root}concepts/raft.html`);
        await tab.press('k', 'Control');
        await expect.poll(() => searchHasFocus(tab)).toBe(true);
        await ask(tab, 'openebs');
        await expect.poll(() => firstResult(tab)).toBe(`${site.root}projects/openebs.html`);
        expect(
          await tab.evaluate(() => document.querySelectorAll('site-search mark').length),
        ).toBeGreaterThan(0);
        await tab.press('Enter');
        await arrive('projects/openebs.html');
      });

      test('search answers with the right page first', async () => {
        await tab.open(`${site.root}about.html`);
        await openSearch(tab);
        for (const [query, file] of queries) {
          await ask(tab, query);
          await expect.poll(() => firstResult(tab), { message: query }).toBe(site.root + file);
        }
        expect(await tab.takeComplaints()).toEqual([]);
      });
    });
  });
}
