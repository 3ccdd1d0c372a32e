/**
 * The root of the site, wherever it was opened from, with a slash at the end. A built page says how
 * far up it lies, in `data-root` (src/portable writes it); while the site is being written, it lies
 * at `/`. Runs in the browser.
 */
export function siteRoot(): URL {
  return new URL(document.documentElement.dataset.root ?? '/', location.href);
}
