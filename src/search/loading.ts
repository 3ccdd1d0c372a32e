/** Where the files of search lie, and leave to load them. Runs in the browser. */

/** The folder of the index, wherever the site was opened from: the home page lies beside it. */
export function searchFolder(): URL {
  return new URL('pagefind/', siteRoot());
}

/** The root of the site, wherever it was opened from. */
export function siteRoot(): URL {
  const home = document.querySelector<HTMLAnchorElement>('a[data-site-root]');
  return new URL('.', home?.href ?? location.href);
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): string };
}
interface Shared {
  trustedTypes?: TrustedTypes;
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
  const rules = {
    createScriptURL(address: string): string {
      if (!address.startsWith(searchFolder().href)) {
        throw new TypeError(`${address} is no script of search`);
      }
      return address;
    },
  };
  shared.siteSearchLoader ??= (
    (policy) => (address: string) =>
      policy.createScriptURL(address)
  )(shared.trustedTypes?.createPolicy('search-loader', rules) ?? rules);
  return shared.siteSearchLoader(new URL(file, searchFolder()).href);
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
