/** What the lexicon says of the pages: which a question calls by name, and which a filter leaves. */

import type { Facets, Filters, Lexicon, LexiconPage } from './lexicon.ts';
import { type Question, runsOf } from './question.ts';
import type { Named } from './ranking.ts';
import { IndexDamaged } from './read-index.ts';
import { mistakes } from './spelling.ts';
import { partsOf, squeezed } from './words.ts';

/** How a page is called by a question that does not name it. */
export const unnamed: Named = { words: new Set(), parts: new Set(), share: 0, exactly: false };

/** Pages that are shown at most where nothing was found. */
const mostNearest = 3;

/** All pages of the site. */
export class PageList {
  private readonly pages: readonly LexiconPage[];
  private readonly facets: Facets;
  private readonly byId: ReadonlyMap<string, LexiconPage>;
  /** Pages by everything that they are called. */
  private readonly called = new Map<string, Set<string>>();
  /** The words of each name of each page. */
  private readonly names: { id: string; wordsOfNames: string[][] }[];

  constructor({ pages, facets }: Lexicon) {
    this.pages = pages;
    this.facets = facets;
    this.byId = new Map(pages.map((page) => [page.id, page]));
    this.names = pages.map(({ id, title, names }) => ({
      id,
      wordsOfNames: [title, ...names].map((name) => essentials(name)),
    }));
    for (const { id, title, names } of pages) {
      for (const name of [title, ...names]) {
        for (const key of [squeezed(name), squeezed(essentials(name).join(''))]) {
          if (key !== '') this.called.set(key, (this.called.get(key) ?? new Set()).add(id));
        }
      }
    }
  }

  get size(): number {
    return this.pages.length;
  }

  /** @throws IndexDamaged where the index knows a page that the lexicon does not */
  get(id: string): LexiconPage {
    const page = this.byId.get(id);
    if (!page) throw new IndexDamaged('lexicon.json', `has no page ${id}: it is of another build`);
    return page;
  }

  /** Whether words, written as one, are what a page is called. */
  isName(words: readonly string[]): boolean {
    return this.called.has(squeezed(words.join('')));
  }

  /** Pages that the question calls by a name, or by a part of one. */
  namedBy({ sequence, words }: Question): Map<string, Named> {
    const named = new Map<string, Named & { words: Set<string> }>();
    const asked = new Set(words);
    for (const { id, wordsOfNames } of this.names) {
      let [parts, share]: [string[], number] = [[], 0];
      for (const name of wordsOfNames) {
        const held = name.filter((word) => asked.has(word));
        if (held.length / name.length > share) [parts, share] = [held, held.length / name.length];
      }
      if (share > 0) {
        named.set(id, { words: new Set(), parts: new Set(parts), share, exactly: false });
      }
    }
    for (const { run, from, to } of runsOf(sequence)) {
      for (const id of this.called.get(run) ?? []) {
        const page = named.get(id) ?? { ...unnamed, words: new Set() };
        for (const word of sequence.slice(from, to)) page.words.add(word);
        named.set(id, { ...page, exactly: words.every((word) => page.words.has(word)) });
      }
    }
    return named;
  }

  /** Pages whose names are nearest to a question that found nothing. */
  nearest({ sequence }: Question): { url: string; title: string }[] {
    const asked = squeezed(sequence.join(''));
    return this.pages
      .map(({ url, title, names }) => ({
        url,
        title,
        distance: Math.min(
          ...[title, ...names].map((name) => mistakes(asked, squeezed(name), 20) / name.length),
        ),
      }))
      .sort((a, b) => a.distance - b.distance)
      .slice(0, mostNearest)
      .map(({ url, title }) => ({ url, title }));
  }

  /** Whether a page has what filters ask for. */
  passes(id: string, filters: Filters): boolean {
    const page = this.byId.get(id);
    return Object.entries(filters).every(([facet, value]) => page?.filters[facet]?.includes(value));
  }

  /** Pages that have what filters ask for; none where they ask for nothing. */
  passing(filters: Filters): readonly LexiconPage[] {
    if (Object.keys(filters).length === 0) return [];
    return this.pages.filter(({ id }) => this.passes(id, filters));
  }

  /**
   * How many pages each value of each facet would leave, with the filters of the other facets.
   *
   * @param ids pages that were found; all without it
   */
  count(
    filters: Filters,
    ids: Iterable<string> = this.byId.keys(),
  ): Record<string, Record<string, number>> {
    const found = [...ids];
    const counts: Record<string, Record<string, number>> = {};
    for (const [facet, { values }] of Object.entries(this.facets)) {
      const { [facet]: _, ...others } = filters;
      const own = Object.fromEntries(Object.keys(values).map((value) => [value, 0]));
      for (const id of found) {
        if (!this.passes(id, others)) continue;
        for (const value of this.byId.get(id)?.filters[facet] ?? []) {
          own[value] = (own[value] ?? 0) + 1;
        }
      }
      counts[facet] = own;
    }
    return counts;
  }
}

/** The parts of a name without those that half of all names have. */
function essentials(name: string): string[] {
  const parts = [...new Set(partsOf(name))];
  const own = parts.filter((part) => !['rs', 'rust', 'crate'].includes(part));
  return own.length > 0 ? own : parts;
}
