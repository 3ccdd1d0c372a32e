/**
 * `<keep-offline>`: stores the whole site in the browser at a reader's wish, goes on where it was
 * stopped, and removes it. Runs in the browser, on the page that has the element, which holds two
 * buttons, a progress bar and a paragraph for what there is to say; see README.md.
 */

import { siteRoot } from '../../browser/site-root.ts';
import {
  addressOf,
  cacheOf,
  fileAt,
  inLanes,
  listFile,
  type OfflineList,
  store,
  wishOf,
} from '../worker/store.ts';
import { pageVersion } from './version.ts';

const root = siteRoot().href;
const version = pageVersion() ?? '';

/** Thrown where the server has a version that this page is not of. */
class NewerVersion extends Error {}

class KeepOffline extends HTMLElement {
  private list: OfflineList = { version, files: {} };
  private running = false;

  async connectedCallback(): Promise<void> {
    // Where there can be no worker, nothing would ever answer from the store.
    if (!version || !navigator.serviceWorker || location.protocol === 'file:') return;
    this.keep.addEventListener('click', () => {
      if (this.running) this.running = false;
      else void this.start();
    });
    this.discard.addEventListener('click', () => this.forget());
    this.hidden = false;
    try {
      this.list = await readList();
      await this.showState();
    } catch (error) {
      this.keep.hidden = true;
      this.say(whatHappened(error));
    }
  }

  private get keep(): HTMLButtonElement {
    return this.querySelector('[data-keep]') as HTMLButtonElement;
  }
  private get discard(): HTMLButtonElement {
    return this.querySelector('[data-remove]') as HTMLButtonElement;
  }
  private get progress(): HTMLProgressElement {
    return this.querySelector('progress') as HTMLProgressElement;
  }

  private say(text: string): void {
    const status = this.querySelector('[role=status]');
    if (status) status.textContent = text;
  }

  /** Stores what is not there yet. Safe to stop at any moment, by whatever means. */
  private async start(): Promise<void> {
    this.running = true;
    this.keep.textContent = 'Pause';
    this.discard.hidden = true;
    this.progress.hidden = false;
    this.progress.max = bytesOf(this.list);
    this.progress.value = 0;
    this.say(`Storing ${megabytes(bytesOf(this.list))}.`);
    let refused = 0;
    let problem = '';
    try {
      // Asks the browser not to clear the site when the disk runs full; it may say no, or not know how.
      void navigator.storage?.persist?.();
      await caches.open(wishOf(root));
      const cache = await caches.open(cacheOf(root, version));
      await cache.put(root + listFile, new Response(JSON.stringify(this.list)));
      await inLanes(Object.entries(this.list.files), async ([file, [hash, bytes]]) => {
        if (!this.running) return;
        if (!(await store(addressOf(file, root), hash, [cache]))) refused++;
        this.progress.value += bytes;
      });
      if (refused > 0)
        problem = `The server did not give ${refused} of the files as they were built.`;
    } catch (error) {
      problem = whatHappened(error);
    }
    this.running = false;
    this.progress.hidden = true;
    await this.showState(problem);
  }

  private async forget(): Promise<void> {
    await caches.delete(wishOf(root));
    await caches.delete(cacheOf(root, version));
    await this.showState();
  }

  /** Says how much is kept, after what went wrong. */
  private async showState(problem = ''): Promise<void> {
    const wanted = await caches.has(wishOf(root));
    const cache = wanted ? await caches.open(cacheOf(root, version)) : undefined;
    const kept = new Set((await cache?.keys())?.map(({ url }) => fileAt(url, root)));
    const files = Object.entries(this.list.files);
    const there = files.filter(([file]) => kept.has(file));
    const whole = megabytes(bytesOf(this.list));
    const complete = there.length === files.length;
    this.keep.hidden = complete;
    this.keep.textContent = wanted ? 'Continue' : 'Keep offline';
    this.discard.hidden = !wanted;
    const part = megabytes(there.reduce((sum, [, [, bytes]]) => sum + bytes, 0));
    const state = complete
      ? `The whole site is kept on this device: ${files.length} files, ${whole}.`
      : wanted
        ? `${there.length} of ${files.length} files are kept on this device, ${part} of ${whole}.`
        : `The whole site takes ${whole} on this device.`;
    this.say(`${problem} ${state}`.trim());
  }
}

/** The list of the version that this page is of, from the store or from the server. */
async function readList(): Promise<OfflineList> {
  const address = root + listFile;
  const name = cacheOf(root, version);
  const stored = await caches.match(address, { cacheName: name });
  const list: OfflineList = await (stored ?? (await fetch(address))).json();
  if (list.version !== version) throw new NewerVersion();
  return list;
}

function whatHappened(error: unknown): string {
  if (error instanceof NewerVersion) {
    return 'A newer version of the site has been published. Take it when it is offered, or close all pages of the site and come back; then keep it.';
  }
  if (error instanceof DOMException && error.name === 'QuotaExceededError') {
    return 'There is no more room for this site in the browser. Make room, and continue.';
  }
  return 'The server could not be reached.';
}

function bytesOf({ files }: OfflineList): number {
  return Object.values(files).reduce((sum, [, bytes]) => sum + bytes, 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

customElements.define('keep-offline', KeepOffline);
