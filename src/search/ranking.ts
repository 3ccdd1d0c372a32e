/**
 * Puts pages in order, and then the sections of a page. Pagefind says where each word stands and how
 * much that weighs; what a reader means by several words together is judged here.
 */

import type { SectionKind } from './page-kinds.ts';

/** What one word of a question found on one page. */
export interface WordOnPage {
  /** How much the page is about it, about 0 to 1; names and headings count more. */
  frequency: number;
  /** Numbers of the words on the page at which it stands. */
  locations: readonly number[];
  /** Whether the word itself stands there, and not only longer ones that begin with it. */
  exact: boolean;
}

/** What one word of a question found. */
export interface FoundWord {
  word: string;
  /** How much the word tells: rare words tell more. */
  rarity: number;
  /** By name of the page in the index. */
  pages: ReadonlyMap<string, WordOnPage>;
}

/** How much it tells that a word stands somewhere, by BM25: rare words tell more. */
function informationOf(pages: number, withWord: number): number {
  return Math.log(1 + (pages - withWord + 0.5) / (withWord + 0.5));
}

/**
 * The rarity of a word that stands on so many of so many pages. It levels off: a word that one page
 * happens to have must not outweigh all others.
 */
export function rarity(pages: number, withWord: number): number {
  const information = informationOf(pages, withWord);
  return information / (1 + information / 4);
}

/**
 * Pagefind's score of a page for one word, as a share of the rarity: how much the page is about it.
 * Pagefind adds up what each longer word has that begins with it, `call` and `cache` for `ca`; they
 * count together hardly more than a single word can.
 */
export function frequency(score: number, pages: number, found: number): number {
  return Math.min(mostOfOneWord, score / informationOf(pages, found) / highestFrequency);
}

/** Where BM25's share for the frequency of a word levels off, with Pagefind's settings. */
const highestFrequency = 2.5;

/** What a page can count for one word at most, longer ones that begin with it included. */
const mostOfOneWord = 1.3;

/** Words within which a question counts as answered in one place. */
const passage = 40;

/** What a word is worth where only longer ones stand that begin with it. */
const begun = 0.7;

/** How strongly each kind of evidence counts, as multiples of rarity where not said otherwise. */
const weights = {
  frequency: 1,
  /** The page is called so; and as a plain number, because a name may be a common word. */
  name: 1,
  named: 2,
  /** Words of the question are part of a name, by the square of the part that they are. */
  partOfName: 1,
  /** Words of the question stand close together. */
  passage: 0.3,
  /** They stand together nearly as they were asked. */
  phrase: 0.6,
  /** Nothing but the name was asked, as a plain number. */
  exactly: 3.3,
  /** A section answers. */
  section: 1.9,
};

/** How a page is called by a question. */
export interface Named {
  /** Words of the question that together are a name of the page. */
  words: ReadonlySet<string>;
  /** Words of the question that stand in the name which holds most of them. */
  parts: ReadonlySet<string>;
  /** Share of that name that they are. */
  share: number;
  /** Whether the question asks for nothing but the name. */
  exactly: boolean;
}

/**
 * Scores a page.
 *
 * @param section score of its best section, where the page has been opened
 */
export function scorePage(
  page: string,
  words: readonly FoundWord[],
  named: Named,
  section = 0,
): number {
  let [score, called, told, total] = [0, 0, 0, 0];
  for (const { word, rarity, pages } of words) {
    const found = pages.get(page);
    total += rarity;
    if (found) {
      score += weights.frequency * rarity * found.frequency;
      told += rarity * (found.exact ? 1 : begun);
    } else if (named.words.has(word)) told += rarity;
    else if (named.parts.has(word)) told += rarity * begun;
    if (named.words.has(word)) called += weights.name * rarity;
    if (named.parts.has(word)) called += weights.partOfName * rarity * named.share ** 2;
  }
  if (named.words.size > 0) called += weights.named;
  if (named.exactly) called += weights.exactly;
  const places = words.map(({ rarity, pages }) => ({
    worth: rarity,
    locations: pages.get(page)?.locations ?? [],
  }));
  // Every passage is about what the page is called.
  const given = words.map(({ word, rarity }) => (named.words.has(word) ? rarity : 0));
  score += weights.passage * bestPassage(places, given, passage);
  if (words.length > 1) score += weights.phrase * bestPassage(places, given, words.length + 2);
  // A page that knows half of the question is worth less than half.
  const coverage = total === 0 ? 0 : told / total;
  return score * coverage ** 1.5 + called * (0.4 + 0.6 * coverage) + weights.section * section;
}

/** Where each word of a question stands, and what it is worth there. */
type Places = readonly { worth: number; locations: readonly number[] }[];

/**
 * How much of a question the best passage answers, as a sum of worths.
 *
 * @param given worth that every passage has from the start, by number of the word
 * @param length words that a passage may span
 */
function bestPassage(places: Places, given: readonly number[], length: number): number {
  const hits = places
    .flatMap(({ worth, locations }, word) =>
      locations.map((location) => ({ word, location, worth })),
    )
    .sort((a, b) => a.location - b.location);
  let best = given.reduce((sum, value) => sum + value, 0);
  for (let from = 0; from < hits.length; from++) {
    const start = hits[from]?.location ?? 0;
    const worth = [...given];
    for (let to = from; to < hits.length; to++) {
      const hit = hits[to];
      if (!hit || hit.location > start + length) break;
      worth[hit.word] = Math.max(worth[hit.word] ?? 0, hit.worth);
    }
    best = Math.max(
      best,
      worth.reduce((sum, value) => sum + value, 0),
    );
  }
  return best;
}

/** Where a word stands, once the page has been opened. */
export interface Hit {
  /** Number of the word on the page. */
  location: number;
  /** 1 in plain text, more in headings and names. */
  weight: number;
  /** 1 for the word itself, less for words that only begin like it. */
  likeness: number;
}

/** A word of a question, and where it stands on a page that has been opened. */
export interface OpenedWord {
  word: string;
  rarity: number;
  /** How much it tells sections of this page apart: its rarity, less where most of them have it. */
  worth: number;
  hits: readonly Hit[];
}

/** A section of a page, as word numbers. */
export interface Range {
  from: number;
  /** First word after the heading. */
  text: number;
  /** First word of the next section. */
  to: number;
  /** Where the section's other names stand; empty where it has none. */
  named: { from: number; to: number };
}

/**
 * How much a word tells sections of one page apart.
 *
 * @param sections number of sections of the page
 * @param withWord number of those that have the word
 */
export function worthOnPage(rarity: number, sections: number, withWord: number): number {
  const most = informationOf(sections, 1);
  const least = sectionWeights.everywhere;
  return rarity * (least + (1 - least) * (informationOf(sections, withWord) / most));
}

/** What a section is scored by. */
export interface SectionEvidence {
  range: Range;
  kind: SectionKind;
  /** Share of the words of its title that the question holds, small words included, 0 to 1. */
  titled: number;
  /** The same of the other name of which it holds most. */
  named: number;
  /** Whether all words of a title of several words are in the question. */
  wholly: boolean;
}

/** How strongly each kind of evidence counts in a section, as multiples of rarity. */
const sectionWeights = {
  text: 1.35,
  title: 1.7,
  /** Words of the question stand together. */
  phrase: 0.7,
  /** Power of the share of a question that a section answers at all. */
  coverage: 1.5,
  /** Power of the share of a question that stands in a title. */
  share: 0.5,
  /** What is left of a word's rarity where every section of the page has it. */
  everywhere: 0.6,
  /** A word that the page is called by; every section is about it. */
  aside: 0.5,
  /** What a title counts that holds much else, in multiples of one that was asked as a whole. */
  untitled: 0.5,
  /** A name in code, where the question is not written as code. */
  identifier: 0.4,
  /** A fact about a page that the question does not name. */
  ofNobody: 0.5,
  /** Another name of the section, in terms of its title. */
  name: 0.7,
  /** Every word of a title of several words was asked, as a plain number. */
  wholly: 1.2,
};

/**
 * Scores a section of a page: how much of the question it answers, and how densely.
 *
 * @param aside words that name the page: every section is about them, so they tell little here
 * @param code whether the question is a name in code, rather than words
 */
export function scoreSection(
  { range, kind, titled, named: inNames, wholly }: SectionEvidence,
  words: readonly OpenedWord[],
  aside: ReadonlySet<string>,
  code: boolean,
): number {
  let [score, told, total, inTitles] = [0, 0, 0, 0];
  const places: { worth: number; locations: number[] }[] = [];
  // A fact has no text to be found by, and its other names are as good as its label.
  const worthOfName = kind === 'fact' ? 1 : sectionWeights.name;
  for (const { word, worth: own, hits } of words) {
    const worth = own * (aside.has(word) ? sectionWeights.aside : 1);
    total += worth;
    // The title of a fact goes on from the name of its page: the licence of raft-rs.
    let [inTitle, inText] = [kind === 'fact' && aside.has(word) ? 1 : 0, 0];
    const locations: number[] = [];
    for (const { location, likeness, weight } of hits) {
      if (location < range.from || location >= range.to) continue;
      locations.push(location);
      const isName = location >= range.named.from && location < range.named.to;
      if (isName) inTitle = Math.max(inTitle, likeness * worthOfName);
      else if (location < range.text) inTitle = Math.max(inTitle, likeness);
      else inText += likeness * Math.min(weight, 1);
    }
    places.push({ worth, locations });
    const often = inText / (inText + 1.5 * (0.5 + (range.to - range.from) / 240));
    score += sectionWeights.text * worth * often;
    inTitles += worth * inTitle;
    told += worth * Math.max(inTitle, Math.min(1, inText));
  }
  if (total === 0) return 0;
  const coverage = told / total;
  const inTitle = inTitles / total;
  if (words.length > 1) {
    const together = bestPassage(
      places,
      words.map(() => 0),
      words.length + 2,
    );
    score += sectionWeights.phrase * together * (together / total);
  }
  score +=
    sectionWeights.title *
    inTitles *
    inTitle ** sectionWeights.share *
    (sectionWeights.untitled + Math.max(titled, inNames * worthOfName));
  // An identifier or a fact answers only who asks for it, and nothing besides.
  if (kind === 'identifier')
    score *= coverage ** 2 * inTitle * (code ? 1.2 : sectionWeights.identifier);
  if (kind === 'fact') {
    const named = words.some(({ word }) => aside.has(word));
    score *= coverage ** 2 * inTitle * (named ? 1 : sectionWeights.ofNobody);
  }
  return score * coverage ** sectionWeights.coverage + (wholly ? sectionWeights.wholly : 0);
}

/** The highest score first; equal ones stay as they are. */
export function byScore<T extends { score: number }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => b.score - a.score);
}
