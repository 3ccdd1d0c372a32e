/**
 * Published as `sw.js`, this takes the place of the service worker at a reader's next visit, and
 * removes it with everything that it stored.
 */
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(remove()));

async function remove() {
  for (const name of await caches.keys()) {
    if (name.startsWith(`${registration.scope} `)) await caches.delete(name);
  }
  await registration.unregister();
}
