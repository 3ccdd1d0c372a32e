/**
 * Reads the files of the index wherever the page was opened from, and answers Pagefind's own requests.
 * `src/search/bundle.ts` puts `fetch` of this file in the place of the browser's.
 */

/** Thrown where a file of the index is missing, cut short or not what it claims to be. */
export class IndexDamaged extends Error {
  constructor(file: string, why: string) {
    super(`${file}: ${why}`);
    this.name = 'IndexDamaged';
  }
}

/** Gives the bytes of a file beside the index; rejects where there is none. */
export type Read = (file: string, again: boolean) => Promise<Uint8Array<ArrayBuffer>>;

/** Address under which Pagefind believes its files to be; nothing is ever requested from it. */
export const pretendedBase = 'index:///pagefind/';

let read: Read = () => Promise.reject(new Error('the index has no reader yet'));
let damage: IndexDamaged | undefined;
const early = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

/** Says how files of the index are read from now on, and forgets what was damaged before. */
export function setReader(reader: Read): void {
  read = reader;
  damage = undefined;
}

/** Starts to read a file that will be asked for, so that it is there by then. */
export function readEarly(file: string): void {
  const bytes = readWhole(file);
  // Whoever asks for it later hears of the failure.
  bytes.catch(() => undefined);
  early.set(file, bytes);
}

/** What went wrong with this reader. Pagefind itself only logs it, and finds nothing then and later. */
export function damageSoFar(): IndexDamaged | undefined {
  return damage;
}

/** Reads and unpacks a file of the index; tries once more, past any cache, where it is damaged. */
export async function readWhole(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await unpack(file, await read(file, false));
  } catch {
    return unpack(file, await read(file, true));
  }
}

/** Reads a file of the index that holds JSON. */
export async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await readWhole(file))) as T;
}

/** How Pagefind's files begin. */
export const signature = 'pagefind_dcd';

/**
 * What Pagefind is told that every page holds. It would cut the whole page into excerpts for each word
 * that is looked up, and all that is wanted of it is where the word stands; `openPage` reads pages.
 */
const emptyPage = `${signature}${JSON.stringify({ url: '', content: '', anchors: [], meta: {}, filters: {}, word_count: 0 })}`;

/** Pagefind packs its files, and says at the beginning of the content that it is its own. */
async function unpack(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  if (file.endsWith('.json')) return bytes;
  // Written in one piece: a stream of the bytes would take ten times as long.
  const gunzip = new DecompressionStream('gzip');
  const writer = gunzip.writable.getWriter();
  const written = Promise.all([writer.write(bytes), writer.close()]);
  const [unpacked] = await Promise.all([new Response(gunzip.readable).arrayBuffer(), written]);
  const content = new Uint8Array(unpacked);
  if (new TextDecoder().decode(content.subarray(0, signature.length)) !== signature) {
    throw new IndexDamaged(file, 'is no file of a search index');
  }
  return content;
}

/** Stands in for `fetch` in Pagefind. */
export async function fetch(address: string | URL): Promise<Response> {
  const file = String(address).slice(pretendedBase.length).replace(/\?.*$/, '');
  if (file.startsWith('fragment/')) return new Response(emptyPage);
  const started = early.get(file);
  early.delete(file);
  try {
    return new Response(await (started ?? readWhole(file)));
  } catch (error) {
    damage = error instanceof IndexDamaged ? error : new IndexDamaged(file, String(error));
    throw error;
  }
}
