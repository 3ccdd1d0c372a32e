/**
 * What the service worker and the page that keeps the site offline share: how files are named in the
 * browser's store, and how one gets there. Runs in the browser.
 */

/** The offline list, `offline.json` beside the home page: every file that a reader may keep. */
export interface OfflineList {
  /** Name of the build, made from all its files. */
  version: string;
  /** By path from the root of the site: start of the SHA-256 as `hashOf` gives it, size in bytes. */
  files: Record<string, readonly [hash: string, bytes: number]>;
}

/** Name of the list, and of the worker, at the root of the site. */
export const listFile = 'offline.json';
export const workerFile = 'sw.js';

/** Files that are never stored: archives, their hashes, compressed twins, list and worker. */
export const neverStored = /\.(zip|sha256|br|gz)$|^(offline\.json|sw\.js)$/;

/** Letters of a hash that are kept: 96 bits. */
const hashLetters = 16;

/** Name of the cache that holds one version of the site that lies at `root`. */
export function cacheOf(root: string, version: string): string {
  return `${root} ${version}`;
}

/** Name of a cache that holds nothing: it is there as long as the reader wants the whole site kept. */
export function wishOf(root: string): string {
  return `${root} keep`;
}

/**
 * The file of the site that an address leads to, as a path from its root. Hosts answer folders and
 * names without `.html` too; undefined for addresses elsewhere.
 */
export function fileAt(address: string, root: string): string | undefined {
  if (!address.startsWith(root)) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(address.slice(root.length).replace(/[?#].*/s, ''));
  } catch {
    return undefined;
  }
  if (path === '' || path.endsWith('/')) return `${path}index.html`;
  return /\.[^/]*$/.test(path) ? path : `${path}.html`;
}

/** Address of a file, which is also its key in the store. */
export function addressOf(file: string, root: string): string {
  return root + file.split('/').map(encodeURIComponent).join('/');
}

/** Start of the SHA-256 of some bytes, as the list has it. */
export async function hashOf(bytes: ArrayBuffer): Promise<string> {
  return shortHash(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/** Start of a hash, in the letters that an address may hold. */
export function shortHash(hash: Uint8Array): string {
  return btoa(String.fromCharCode(...hash))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .slice(0, hashLetters);
}

/**
 * Puts one file into a cache, and accepts it only with the bytes that the list promises: an error
 * page, half a file or another version never gets in. What any of the other caches has is not
 * fetched again.
 *
 * @param address where the file lies
 * @param hash what `hashOf` must give for it
 * @param caches the cache to put it into, then others that may have it
 * @returns whether the file is there now; false where the server gave something else
 * @throws TypeError without network; DOMException `QuotaExceededError` where the disk is full
 */
export async function store(
  address: string,
  hash: string,
  [own, ...others]: readonly [Cache, ...Cache[]],
): Promise<boolean> {
  for (const cache of [own, ...others]) {
    const found = await cache.match(address);
    if (!found || (await hashOf(await found.clone().arrayBuffer())) !== hash) continue;
    if (cache !== own) await own.put(address, found);
    return true;
  }
  // Past the browser's own cache, which may be older, and past the worker.
  const response = await fetch(address, { cache: 'reload' });
  const body = await response.arrayBuffer();
  if ((await hashOf(body)) !== hash) return false;
  // A new response: one that was redirected may not answer a navigation.
  await own.put(address, new Response(body, { headers: response.headers }));
  return true;
}

/** Files that are stored at the same time: enough to keep a slow line busy. */
const lanes = 6;

/**
 * Does something for each item, a few at a time. The first error ends it, and is thrown after what
 * had begun has ended.
 */
export async function inLanes<T>(
  items: Iterable<T>,
  act: (item: T) => Promise<unknown>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let failed: { error: unknown } | undefined;
  const lane = async () => {
    for (let next = queue.next(); !next.done && !failed; next = queue.next()) {
      await act(next.value).catch((error) => {
        failed ??= { error };
      });
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failed) throw failed.error;
}
