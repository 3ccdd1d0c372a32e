/**
 * Name of the build that a page is of: its service worker's version, with which every page ends.
 * Undefined where there is none: while the site is being written, and in a build that removes its
 * worker. Runs in the browser.
 */
export function pageVersion(): string | undefined {
  return document.lastChild?.nodeValue ?? undefined;
}
