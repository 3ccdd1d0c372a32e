/**
 * The service worker, one a build. It answers from its own version of the site, stores pages and
 * their parts as they are used, and never mixes versions. Bundled into `sw.js` at the root of the site.
 */
import {
  addressOf,
  cacheOf,
  fileAt,
  inLanes,
  listFile,
  neverStored,
  type OfflineList,
  store,
  wishOf,
} from './store.ts';

/** Name of this build; put in when the site is built. */
declare const VERSION: string;

/** What is used of a worker's scope; TypeScript's own types for it exclude those of a page. */
interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface RequestEvent extends WorkerEvent {
  request: Request;
  clientId: string;
  resultingClientId: string;
  respondWith(answer: Promise<Response>): void;
}
interface Client {
  type: string;
  url: string;
}
interface WorkerScope {
  registration: ServiceWorkerRegistration;
  clients: { claim(): Promise<void>; get(id: string): Promise<Client | undefined> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'fetch', act: (event: RequestEvent) => void): void;
  addEventListener(type: string, act: (event: WorkerEvent) => void): void;
}
const worker = self as unknown as WorkerScope;

const root = worker.registration.scope;
const own = cacheOf(root, VERSION);

worker.addEventListener('install', (event) => event.waitUntil(takeOver()));
worker.addEventListener('activate', (event) => event.waitUntil(clean()));
// The one message: the reader wants the new version now.
worker.addEventListener('message', () => worker.skipWaiting());
worker.addEventListener('fetch', (event) => {
  const { method, cache, headers, url } = event.request;
  const file = fileAt(url, root);
  if (method !== 'GET' || cache === 'reload' || headers.has('range')) return;
  if (file !== undefined && !neverStored.test(file)) event.respondWith(answer(event, file));
});

/** Caches of this site that other versions left. */
async function others(): Promise<string[]> {
  const names = await caches.keys();
  return names.filter(
    (name) => name.startsWith(cacheOf(root, '')) && name !== own && name !== wishOf(root),
  );
}

/** Fetches this version of what the reader has of an older one, while that one still answers. */
async function takeOver(): Promise<void> {
  const older = await Promise.all((await others()).map((name) => caches.open(name)));
  if (older.length === 0) return;
  const response = await fetch(root + listFile, { cache: 'reload' });
  const { files, version }: OfflineList = await response.clone().json();
  // The server is being changed: this version is tried again at a later visit.
  if (version !== VERSION) throw new Error(`the list is of ${version}`);
  const cache = await caches.open(own);
  const keep = async (wanted: Iterable<string>) =>
    inLanes(wanted, async (file) => {
      const [hash] = files[file] ?? [];
      if (hash !== undefined) await store(addressOf(file, root), hash, [cache, ...older]);
    });
  try {
    await cache.put(root + listFile, response);
    if (await caches.has(wishOf(root))) return await keep(Object.keys(files));
    const used = (await Promise.all(older.map((old) => old.keys()))).flat();
    await keep(new Set(used.map(({ url }) => fileAt(url, root) ?? '')));
    // The new pages may have parts that the old ones had not.
    await keep(await partsOfPages(cache));
  } catch (error) {
    // Without room, what fits is kept. Without network, the whole is tried again later.
    if (!isFull(error)) throw error;
  }
}

/** Files that the pages in a cache name, other than pages. Names that are no files do no harm. */
async function partsOfPages(cache: Cache): Promise<Set<string>> {
  const parts = new Set<string>();
  for (const { url } of await cache.keys()) {
    if (!url.endsWith('.html')) continue;
    const page = (await (await cache.match(url))?.text()) ?? '';
    for (const [, address = ''] of page.matchAll(/ (?:src|href)="([^"#?]+)"/g)) {
      const file = URL.canParse(address, url) && fileAt(new URL(address, url).href, root);
      if (file && !file.endsWith('.html')) parts.add(file);
    }
  }
  return parts;
}

async function clean(): Promise<void> {
  for (const name of await others()) await caches.delete(name);
  await worker.clients.claim();
}

async function answer(event: RequestEvent, file: string): Promise<Response> {
  const { request, clientId, resultingClientId } = event;
  const isPage = file.endsWith('.html');
  const cache = await caches.open(own);
  const [ours, stored] = await Promise.all([
    // A page that came from the network in another version gets its parts from there too.
    isPage || isOurs(clientId, cache),
    cache.match(addressOf(file, root)),
  ]);
  if (!ours && request.destination === 'worker') foreign.add(resultingClientId);
  if (ours && stored) return stored;
  try {
    const response = await fetch(request);
    if (ours && isRight(response, file)) {
      // The reader does not wait for the disk.
      const kept = remember(cache, file, response.clone(), isPage);
      event.waitUntil(kept);
      if (isPage) pagesUnderWay.set(file, kept);
    }
    return response;
  } catch {
    return request.mode === 'navigate' ? noNetwork() : Response.error();
  }
}

/** Pages that are on their way to the reader, until they are stored. */
const pagesUnderWay = new Map<string, Promise<void>>();

/** Clients that are known to be of this version; and workers that pages of other versions started. */
const known = new Set<string>();
const foreign = new Set<string>();

/** Whether a request comes from a page of this version, or from a worker of one. */
async function isOurs(clientId: string, cache: Cache): Promise<boolean> {
  if (known.has(clientId)) return true;
  const client = await worker.clients.get(clientId);
  let ours = client !== undefined && !foreign.has(clientId);
  if (client?.type === 'window') {
    const page = fileAt(client.url, root) ?? '';
    await pagesUnderWay.get(page);
    ours = (await cache.match(addressOf(page, root))) !== undefined;
  }
  if (ours) known.add(clientId);
  return ours;
}

/** Whether an answer can be the file that was asked for, rather than an error page in its place. */
function isRight(response: Response, file: string): boolean {
  if (response.status !== 200 || response.redirected) return false;
  const type = response.headers.get('content-type') ?? '';
  const [, ending] = /\.(html|css|js|json|svg)$/.exec(file) ?? [];
  if (ending === undefined) return !type.includes('html');
  return type.includes(ending === 'js' ? 'javascript' : ending);
}

async function remember(cache: Cache, file: string, response: Response, isPage: boolean) {
  try {
    // The build ends every page with its version; half a page has none.
    if (isPage && !(await response.clone().text()).endsWith(`<!--${VERSION}-->`)) return;
    await cache.put(addressOf(file, root), response);
  } catch {
    // Without room, or where the answer breaks off, the site works on as it would without a worker.
  } finally {
    pagesUnderWay.delete(file);
  }
}

function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}

/** The answer to a page that was never visited, while there is no network. */
function noNetwork(): Response {
  return new Response(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>No network</title><h1>No network</h1><p>This page is not kept on your device. <a href="">Try again</a>, or go to a page that you have opened before, such as <a href="${root}">the first</a>.</p></html>`,
    { status: 503, headers: { 'content-type': 'text/html; charset=utf-8' } },
  );
}
