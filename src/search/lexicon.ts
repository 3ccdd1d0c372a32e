/**
 * What the search engine knows before it has opened the index: the pages by name, the facets, and the
 * words that readers may have meant. One small file, `lexicon.json` beside the index, and more words in
 * parts that are fetched when they are needed.
 */

/** A page as the lexicon lists it. */
export interface LexiconPage {
  /** Name of the page in the Pagefind index. */
  id: string;
  /** Address below the root of the site. */
  url: string;
  title: string;
  /** Other words by which readers look for it. */
  names: string[];
  /** Values by facet. */
  filters: Record<string, string[]>;
}

/** A property that results can be narrowed by. */
export interface Facet {
  label: string;
  /** Whether words of its values ask for a list even without a value of the first facet. */
  alone?: boolean;
  values: Record<string, FacetValue>;
}
export interface FacetValue {
  label: string;
  /** What one page of it is called, where the label is a plural. */
  one?: string;
  /** Words by which readers call the value; those of the first facet ask for a list by themselves. */
  words: string[];
  /** Whether the value selects sections of that kind, on any page, instead of pages. */
  sections?: boolean;
}
export type Facets = Record<string, Facet>;

export interface Lexicon {
  pages: LexiconPage[];
  facets: Facets;
  /** Words out of names, headings and identifiers, sorted, between spaces. */
  strong: string;
  /** Where the other words of the text are, in the order of the words. */
  common: WordsFile[];
}

/** A file beside the index with words, as `strong` has them. */
export interface WordsFile {
  file: string;
  /** Its first word. It holds all from there up to that of the next one. */
  from: string;
}

/** Facet values that hold for a page or a query: `{ kind: 'library', job: 'tls' }`. */
export type Filters = Record<string, string>;
