/**
 * The words by which a page was found, on their way from the dialog to that page. Over the network they
 * travel in the tab's own storage, so that no host sees them; files share no storage in every browser,
 * so from disk they stand in the address. Runs in the browser.
 */

const key = 'site-search-words';
const parameter = 'h';
const fromDisk = location.protocol === 'file:';

/** The address of a result, with the words where it has to carry them. */
export function addressWithWords(address: URL, words: readonly string[]): string {
  const own = new URL(address);
  if (fromDisk && words.length > 0) own.searchParams.set(parameter, words.join(' '));
  return own.href;
}

/** Leaves the words for the page that is opened next in this tab. */
export function leaveWords(words: readonly string[]): void {
  try {
    if (!fromDisk && words.length > 0) sessionStorage.setItem(key, words.join(' '));
  } catch {
    // Then nothing is marked.
  }
}

export function hasWordsToMark(): boolean {
  try {
    return (
      new URLSearchParams(location.search).has(parameter) || sessionStorage.getItem(key) !== null
    );
  } catch {
    return false;
  }
}

/** Takes the words, once: the address is the page's own again, and a reload marks nothing. */
export function takeWords(): string {
  const address = new URL(location.href);
  const words = address.searchParams.get(parameter) ?? sessionStorage.getItem(key) ?? '';
  sessionStorage.removeItem(key);
  if (address.searchParams.has(parameter)) {
    address.searchParams.delete(parameter);
    history.replaceState(history.state, '', address);
  }
  return words;
}
