/** Searches that led somewhere, kept in this browser only. A browser may refuse: then none are kept. */

const key = 'site-search-recent';
const most = 6;

export function recentSearches(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept)
      ? kept.filter((item) => typeof item === 'string').slice(0, most)
      : [];
  } catch {
    return [];
  }
}

export function rememberSearch(query: string): void {
  const text = query.trim();
  if (text === '' || text.length > 100) return;
  const others = recentSearches().filter((item) => item !== text);
  write([text, ...others].slice(0, most));
}

export function forgetSearches(): void {
  write([]);
}

function write(searches: readonly string[]): void {
  try {
    if (searches.length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(searches));
  } catch {
    // Then nothing is kept.
  }
}
