/**
 * Registers the site's service worker, and offers a new version of the site when one is there. Runs
 * in the browser, on every page.
 */
import { siteRoot } from '../../browser/site-root.ts';
import { scriptPolicy } from '../../browser/trusted-types.ts';
import { pageVersion } from './version.ts';

const { serviceWorker } = navigator;

// From disk there is no worker, and without https the browser has none to offer.
if (pageVersion() && serviceWorker && location.protocol !== 'file:') {
  addEventListener('load', () => register().catch(() => undefined));
}

async function register(): Promise<void> {
  const root = siteRoot();
  // A page that is served at any depth may not know yet where the site lies.
  if (root.origin !== location.origin) return;

  // Not in the markup: a browser that opened the page from disk complains of it.
  const manifest = document.createElement('link');
  manifest.rel = 'manifest';
  manifest.href = `${root}site.webmanifest`;
  document.head.append(manifest);

  const controlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener('controllerchange', () => {
    // The first worker has not seen this page being loaded.
    if (!controlled) return void loadAgain().catch(() => undefined);
    // The reader wants the new version, perhaps in another tab. Not before it is ready: one that only
    // removes itself must have done so.
    const worker = serviceWorker.controller;
    if (worker?.state !== 'activating') location.reload();
    else worker.addEventListener('statechange', () => location.reload());
  });
  // The policy accepts one address, whatever it is given.
  const workerAddress = scriptPolicy('register-worker', () => `${root}sw.js`);
  const registration = await serviceWorker.register(workerAddress(''));
  const offer = (worker: ServiceWorker | null) => {
    if (controlled && worker?.state === 'installed') offerReload(worker);
  };
  offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => offer(installing));
  });
}

/**
 * Asks for this page and its parts once more, so that the worker sees them; the browser has them.
 * Fails where the page is left before that.
 */
async function loadAgain(): Promise<void> {
  await fetch(location.href);
  await Promise.all(performance.getEntriesByType('resource').map(({ name }) => fetch(name)));
}

/** A quiet notice at the foot of the window. */
function offerReload(worker: ServiceWorker): void {
  const notice = document.createElement('div');
  notice.className = 'new-version';
  notice.role = 'status';
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Reload';
  button.addEventListener('click', () => worker.postMessage('take over'));
  document.body.append(notice);
  // Put into the page first, so that a screen reader tells what comes into it.
  notice.append('A new version is ready. ', button);
}
