import { nameHash } from '../files.ts';
import type { Facets, Lexicon, LexiconPage } from './lexicon.ts';
import type { SearchPage } from './page.ts';
import { partsOf, plain, squeezed, stopWords, wordsOf } from './words.ts';

/** Words longer than this are hashes and addresses, which nobody types. */
const longestWord = 24;

/** Letters in a file of common words, about: one is fetched for a word that is no name. */
const lettersInFile = 4000;

/** Makes the lexicon of a site, page by page: the text of a large site need not fit the memory. */
export class LexiconMaker {
  private readonly pages: Omit<SearchPage, 'sections'>[] = [];
  private readonly strong = new Set<string>();
  private readonly common = new Set<string>();

  /** Takes in what search knows of a page. */
  add({ sections, ...page }: SearchPage): void {
    this.pages.push(page);
    for (const name of [page.title, ...page.names]) {
      for (const word of spellings(name)) this.strong.add(word);
      this.strong.add(squeezed(name));
    }
    for (const { title, names, text, kind } of sections) {
      for (const word of spellings(title)) this.strong.add(word);
      for (const word of names.flatMap(spellings)) this.common.add(word);
      // Programs hold many words that nobody looks for.
      if (kind !== 'example') for (const word of wordsOf(text)) this.common.add(word);
    }
  }

  /**
   * @param ids name of each page in the index, by address
   * @param given what results can be narrowed by, as the site has it
   * @returns files by name: `lexicon.json`, and those with common words that it names
   * @throws where a page has no name in the index
   */
  make(ids: ReadonlyMap<string, string>, given: Facets): Map<string, string> {
    const facets = allFacets(this.pages, given);
    const strong = new Set(this.strong);
    for (const { values } of Object.values(facets)) {
      for (const { words } of Object.values(values)) for (const word of words) strong.add(word);
    }
    const list = (words: Iterable<string>) => [...words].filter(worthSpelling).sort();
    const files = new Map<string, string>();
    const common = inParts(list(this.common.difference(strong))).map((words) => {
      const content = JSON.stringify(words.join(' '));
      const file = `words/common.${nameHash(content)}.json`;
      files.set(file, content);
      return { file, from: words[0] ?? '' };
    });
    const lexicon: Lexicon = {
      pages: this.pages.map(({ url, title, names, filters }): LexiconPage => {
        const id = ids.get(url) ?? ids.get(`/${url}`);
        if (id === undefined) throw new Error(`the search index has no page '${url}'`);
        return { id, url, title, names, filters };
      }),
      facets,
      strong: list(strong).join(' '),
      common,
    };
    return files.set('lexicon.json', JSON.stringify(lexicon));
  }
}

/** Cuts a list of words into shorter ones of about the same number of letters. */
function inParts(words: readonly string[]): string[][] {
  const parts: string[][] = [];
  let letters = Infinity;
  for (const word of words) {
    if (letters >= lettersInFile) {
      parts.push([]);
      letters = 0;
    }
    parts.at(-1)?.push(word);
    letters += word.length + 1;
  }
  return parts;
}

/** A word as a whole and in its parts. */
function spellings(text: string): string[] {
  return text.split(/\s+/).flatMap((word) => [plain(word), ...wordsOf(word), ...partsOf(word)]);
}

function worthSpelling(word: string): boolean {
  return (
    word.length > 2 && word.length <= longestWord && /\p{L}/u.test(word) && !stopWords.has(word)
  );
}

/** The facets of the site, with the values that only pages name and the labels that pages give. */
function allFacets(pages: readonly Omit<SearchPage, 'sections'>[], given: Facets): Facets {
  const facets: Facets = structuredClone(given);
  for (const { filters } of pages) {
    for (const [facet, values] of Object.entries(filters)) {
      const known = facets[facet]?.values ?? {};
      for (const value of values) known[value] ??= { label: value, words: [value] };
      facets[facet] = { label: facet, ...facets[facet], values: known };
    }
  }
  for (const { labels, title } of pages) {
    for (const label of labels) {
      const [facet = '', value = ''] = label.split(':');
      const known = facets[facet]?.values[value];
      if (known) known.label = title;
    }
  }
  return facets;
}
