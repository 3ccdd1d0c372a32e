/** Where the files of search lie, and leave to load them. Runs in the browser. */
import { siteRoot } from '../browser/site-root.ts';
import { scriptPolicy } from '../browser/trusted-types.ts';

/** The folder of the index, wherever the site was opened from. */
export function searchFolder(): URL {
  return new URL('pagefind/', siteRoot());
}

interface Shared {
  /** The policy can be made once a page; the button and the dialog are two scripts. */
  siteSearchLoader?: (address: string) => string;
}

/**
 * Address of a script of search, as browsers with Trusted Types want it. Nothing else passes the policy.
 *
 * @param file name of the script beside the index
 */
export function scriptAddress(file: string): string {
  const shared = globalThis as Shared;
  shared.siteSearchLoader ??= scriptPolicy('search-loader', (address) => {
    if (!address.startsWith(searchFolder().href)) {
      throw new TypeError(`${address} is no script of search`);
    }
    return address;
  });
  return shared.siteSearchLoader(new URL(file, searchFolder()).href);
}

/** Starts the engine in a worker, which browsers refuse to a page from disk. */
export function startWorker(): Worker | undefined {
  return location.protocol === 'file:' ? undefined : new Worker(scriptAddress('engine.js'));
}

/** Loads a script of search. */
export function loadScript(file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = scriptAddress(file);
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${file} could not be loaded`));
    document.head.append(script);
  });
}
