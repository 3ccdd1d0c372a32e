/**
 * Where the engine runs: as a worker it is sent questions and posts answers; on a page that was opened
 * from disk, and in Node, it offers itself as `siteSearchEngine`.
 */
import { createInstance } from 'pagefind-runtime';
import { Engine, type Pagefind } from './engine.ts';
import { answerMessages, type Port } from './messages.ts';
import type { Read } from './read-index.ts';

const open = (read: Read) => Engine.open(read, (options) => createInstance(options) as Pagefind);

/** Reads the files that lie beside this script. */
const readBeside: Read = async (file, again) => {
  const response = await globalThis.fetch(new URL(file, self.location.href), {
    cache: again ? 'reload' : 'default',
  });
  if (!response.ok) throw new Error(`${file}: the server answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};

/** Files of the index as the page has loaded them from disk, in base64. */
interface OnDisk {
  pagefindFiles?: Record<string, string>;
}
const readFromDisk: Read = async (file) => {
  const packed = (globalThis as OnDisk).pagefindFiles?.[file];
  if (packed === undefined) throw new Error(`${file} is not in the copy of the index for disks`);
  return Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
};

if (typeof document === 'undefined' && typeof self !== 'undefined' && 'postMessage' in self) {
  answerMessages(self as unknown as Port, () => open(readBeside));
} else {
  const connect = (port: Port) => answerMessages(port, () => open(readFromDisk));
  Object.assign(globalThis, { siteSearchEngine: { open, connect } });
}
