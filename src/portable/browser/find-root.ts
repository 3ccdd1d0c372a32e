/**
 * Finds the root of the site on a page that a host serves at addresses of any depth, and leads its
 * links there. Without scripts they lead to where the site was built for. Runs in the browser, first.
 */

/** File of this page below the root of the site; put in when the site is built. */
declare const PAGE: string;

const html = document.documentElement;
const built = html.dataset.root ?? '';

if (/^https?:/.test(location.href) && !location.href.startsWith(built)) void findRoot();

/** Goes from the address upwards; where this page is a file of its own, there is the root. */
async function findRoot(): Promise<void> {
  let root = new URL('.', location.href);
  for (;;) {
    // Past the cache: what it says of this page would only be asked again.
    const { ok } = await fetch(new URL(PAGE, root), { method: 'HEAD', cache: 'no-store' });
    if (ok) break;
    if (root.pathname === '/') return;
    root = new URL('..', root);
  }
  html.dataset.root = root.href;
  for (const link of document.querySelectorAll('a[href]')) {
    const address = link.getAttribute('href') ?? '';
    if (address.startsWith(built)) {
      link.setAttribute('href', root.pathname + address.slice(built.length));
    }
  }
}
