/**
 * Fetches the page that the reader is about to open, where the speculation rules in the head do not:
 * for keyboards, and in browsers that do not know them. Nothing where data is to be saved, and nothing
 * from disk. Runs in the browser.
 */
const saveData = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData;
const knowsRules = HTMLScriptElement.supports?.('speculationrules') ?? false;
const fetched = new Set<string>();

function fetchAhead({ target }: Event): void {
  const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href]') : null;
  if (!link || link.origin !== location.origin || !link.pathname.endsWith('.html')) return;
  const address = link.origin + link.pathname;
  if (link.pathname === location.pathname || fetched.has(address)) return;
  fetched.add(address);
  // Firefox asks the policy's `default-src` for leave to follow a hint, and gets none; Safari knows
  // no such hints.
  if (!knowsRules) {
    const whole = fetch(address, { priority: 'low' }).then((answer) => answer.text());
    whole.catch(() => undefined);
    return;
  }
  const hint = document.createElement('link');
  hint.rel = 'prefetch';
  hint.href = address;
  document.head.append(hint);
}

if (saveData) document.querySelector('script[type=speculationrules]')?.remove();
else if (location.protocol !== 'file:') {
  addEventListener('focusin', fetchAhead);
  if (!knowsRules) addEventListener('pointerover', fetchAhead);
}
