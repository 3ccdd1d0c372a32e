/**
 * A copy on a disk cannot offer the archive that it came out of: shows what is said to readers of such
 * a copy instead of what is said to those of a served site. Runs in the browser.
 */
if (location.protocol === 'file:') {
  for (const element of document.querySelectorAll<HTMLElement>('[data-served], [data-from-disk]')) {
    element.hidden = 'served' in element.dataset;
  }
}

export {};
