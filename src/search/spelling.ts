/** Corrects words that nobody wrote into words that somebody did. */
import type { WordsFile } from './lexicon.ts';
import { stopWords } from './words.ts';

/**
 * How many single mistakes lie between two words: a letter wrong, missing or too much, or two
 * neighbours swapped (optimal string alignment). Gives up above a limit.
 *
 * @returns the number of mistakes, or `limit + 1` where there are more than `limit`
 */
export function mistakes(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Mistakes that a word of a length may hold: short words mean too much in each letter. */
function tolerated(length: number): number {
  if (length < 3) return 0;
  return length < 6 ? 1 : 2;
}

/** Reads the words of a file, sorted; rejects where they cannot be had. */
export type ReadWords = (file: string) => Promise<string[]>;

/** Words that can be meant, the likelier ones first. Common words are fetched once they may matter. */
export class Speller {
  private readonly strong: readonly string[];
  private readonly files: readonly WordsFile[];
  private readonly read: ReadWords;
  private readonly reading = new Map<string, Promise<void>>();
  private readonly common: string[][] = [];
  /** Sorted lists of every word that is known so far. */
  private readonly known: (readonly string[])[];

  /**
   * @param strong words of names, headings and identifiers, sorted
   * @param files where the other words of the text are, in the order of the words
   */
  constructor(strong: readonly string[], files: readonly WordsFile[], read: ReadWords) {
    this.strong = strong;
    this.files = files;
    this.read = read;
    this.known = [strong, files.map(({ from }) => from)];
  }

  /** Whether the word is known as it stands. */
  knows(word: string): boolean {
    return this.known.some((words) => isIn(words, word));
  }

  /** Whether some known word begins like this. */
  begins(word: string): boolean {
    return this.known.some((words) => words[placeIn(words, word)]?.startsWith(word));
  }

  /**
   * Gets to know the words beside this one, where none is known that begins like it.
   *
   * @throws where they cannot be read
   */
  async meet(word: string): Promise<void> {
    if (this.begins(word)) return;
    const next = this.files.findIndex(({ from }) => from > word);
    const file = this.files.at(next < 0 ? -1 : Math.max(0, next - 1));
    if (file) await this.load(file);
  }

  private load({ file }: WordsFile): Promise<void> {
    const reading =
      this.reading.get(file) ??
      this.read(file).then((words) => {
        this.common.push(words);
        this.known.push(words);
      });
    this.reading.set(file, reading);
    return reading;
  }

  /**
   * What may have been meant by a word that is not known: itself corrected, or two words that were run
   * together. The likeliest comes first; empty where nothing is near.
   *
   * @throws where words cannot be read
   */
  async guesses(word: string): Promise<string[][]> {
    const limit = tolerated(word.length);
    let near = this.near(word, limit);
    if ((near[0]?.distance ?? Infinity) > 1) {
      await Promise.all(this.files.map((file) => this.load(file)));
      near = this.near(word, limit);
    }
    const splits = this.splits(word);
    const guesses = near.map(({ word }) => [word]);
    // Two whole words without a mistake are likelier than one with two.
    return (near[0]?.distance ?? 2) > 1 ? [...splits, ...guesses] : [...guesses, ...splits];
  }

  private near(word: string, limit: number): { word: string; distance: number }[] {
    const found: { word: string; cost: number; distance: number }[] = [];
    const consider = (candidate: string, handicap: number): void => {
      if (candidate.length < 3) return;
      const distance = mistakes(word, candidate, limit);
      if (distance > limit) return;
      const cost =
        distance +
        handicap +
        // People seldom miss the first letter, and seldom a letter as a whole.
        (candidate[0] === word[0] ? 0 : 0.4) +
        (candidate.length === word.length ? 0 : 0.1);
      found.push({ word: candidate, cost, distance });
    };
    for (const candidate of this.strong) consider(candidate, 0);
    for (const words of this.common) for (const candidate of words) consider(candidate, 0.25);
    found.sort((a, b) => a.cost - b.cost);
    const least = found[0]?.cost ?? 0;
    return found.filter(({ cost }) => cost < least + likely).slice(0, mostGuesses);
  }

  /** Two words that were run together; names first, small words last. */
  private splits(word: string): string[][] {
    const splits: { parts: string[]; worth: number }[] = [];
    for (let at = word.length - 2; at >= 2; at--) {
      const parts = [word.slice(0, at), word.slice(at)];
      const worths = parts.map((part) => {
        if (stopWords.has(part)) return 1;
        if (part.length < 3 || !this.knows(part)) return 0;
        return isIn(this.strong, part) ? 3 : 2;
      });
      const [first = 0, second = 0] = worths;
      if (first > 0 && second > 0) splits.push({ parts, worth: first + second });
    }
    splits.sort((a, b) => b.worth - a.worth);
    return splits.slice(0, mostSplits).map(({ parts }) => parts);
  }
}

/** Where a word stands in a sorted list, or would stand. */
function placeIn(words: readonly string[], word: string): number {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle] ?? '') < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isIn(sorted: readonly string[], word: string): boolean {
  return sorted[placeIn(sorted, word)] === word;
}

/** How much worse than the likeliest a guess may be to be one, in mistakes; and how many there are. */
const likely = 0.8;
const mostGuesses = 4;
const mostSplits = 2;
