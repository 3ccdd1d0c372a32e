import type { Facets, Filters } from './lexicon.ts';
import type { Speller } from './spelling.ts';
import { betweenWords, partsOf, plain, squeezed, stopWords } from './words.ts';

/** Longer questions are cut: nobody means the ten-thousandth letter. */
const longestQuestion = 200;
const mostWords = 10;

/** What a reader asked, as the engine understands it. */
export interface Question {
  /** Words to look for. */
  words: string[];
  /** Whether it is written as code: a path, a macro, an attribute, a name in capitals and humps. */
  code: boolean;
  /** All words in order, those without meaning too: a name may hold them. */
  sequence: string[];
  /** The question with its wrong words put right; undefined where nothing was changed. */
  corrected: string | undefined;
  /** Filters that the words ask for by themselves: `graduated projects`. */
  filters: Filters;
}

const nothing = { words: [], sequence: [], corrected: undefined, code: false };

/** What reading a question has to ask the index. */
export interface Index {
  /** Readies itself for words that will be asked, and resolves when it has met them. */
  prepare(words: readonly string[]): Promise<void>;
  /** Whether a word stands anywhere; asked for words that the speller lacks. */
  stands(word: string): Promise<boolean>;
  /** Which of several readings of a word fits best between the other words of the question. */
  choose(
    guesses: readonly string[][],
    before: readonly string[],
    after: readonly string[],
  ): Promise<string[]>;
}

/** Reads a question: its filters, its words, and what was meant by those that nobody wrote. */
export async function readQuestion(
  text: string,
  facets: Facets,
  speller: Speller,
  index: Index,
): Promise<Question> {
  const cut = text.slice(0, longestQuestion).normalize('NFC');
  const typed = cut
    .split(betweenWords)
    .filter((word) => plain(word) !== '')
    .slice(0, mostWords);
  const lower = typed.map((word) => word.toLowerCase().replace(/[^\p{L}\p{N}_-]+$/u, ''));
  let asked = askedFilters(lower, facets);
  if (asked?.rest.length === 0) return { ...nothing, filters: asked.filters };

  const { words: sequence, changed } = await spell(asked?.rest ?? typed, speller, index);
  if (!asked && changed) {
    asked = askedFilters(sequence, facets);
    if (asked?.rest.length === 0) {
      return { ...nothing, corrected: sequence.join(' '), filters: asked.filters };
    }
  }
  const meant = sequence.filter((word) => !stopWords.has(word));
  return {
    words: [...new Set(meant.length > 0 ? meant : sequence)],
    sequence,
    code: typed.length === 1 || /::|_|!$|#\[|\(\)|\p{Ll}\p{Lu}/u.test(cut),
    corrected: changed ? sequence.join(' ') : undefined,
    filters: asked?.filters ?? {},
  };
}

/** Words that ask for a list and say nothing of what is in it. */
const listWords: ReadonlySet<string> = new Set(['all', 'list', 'show', 'pages', 'rust', 'cncf']);

/**
 * Filters that a question consists of: one word must name a value of the first facet, `projects`, or of
 * one that asks for a list by itself, and every other one a value of some facet. Where that value
 * selects sections, `examples with tokio`, other words may remain.
 */
function askedFilters(
  words: readonly string[],
  facets: Facets,
): { filters: Filters; rest: string[] } | undefined {
  const [first = ''] = Object.keys(facets);
  const filters: Filters = {};
  const rest: string[] = [];
  for (const word of words) {
    const found = Object.entries(facets).flatMap(([facet, { values }]) => {
      const value = valueCalled(word, values);
      return value !== undefined && (filters[facet] ?? value) === value ? [{ facet, value }] : [];
    })[0];
    if (found) filters[found.facet] = found.value;
    else if (!stopWords.has(word) && !listWords.has(word)) rest.push(word);
  }
  const chosen = Object.entries(filters);
  if (rest.length > 0) {
    const value = facets[first]?.values[filters[first] ?? ''];
    return value?.sections ? { filters, rest } : undefined;
  }
  // A level by itself asks for a list; with small words around it, for what it means.
  const alone =
    chosen.every(([facet]) => facets[facet]?.alone) && !words.some((word) => stopWords.has(word));
  const enough = filters[first] !== undefined || alone;
  return enough && chosen.length > 0 ? { filters, rest } : undefined;
}

function valueCalled(word: string, values: Facets[string]['values']): string | undefined {
  return Object.entries(values).find(([, { words }]) => words.includes(word))?.[0];
}

async function spell(
  typed: readonly string[],
  speller: Speller,
  index: Index,
): Promise<{ words: string[]; changed: boolean }> {
  await index.prepare(typed.map(plain).filter((word) => !stopWords.has(word)));
  const words: string[] = [];
  let changed = false;
  for (let i = 0; i < typed.length; i++) {
    const word = typed[i] ?? '';
    const whole = plain(word);
    const next = typed[i + 1];
    // `open ebs`, `raw node`: two words that are one elsewhere, where they mean little by themselves.
    if (next !== undefined) {
      const joined = squeezed(word + next);
      const sound = speller.begins(whole) && speller.begins(plain(next));
      if (!sound && speller.knows(joined)) {
        words.push(joined);
        changed = true;
        i++;
        continue;
      }
    }
    const sound =
      whole.length < 3 ||
      stopWords.has(whole) ||
      // The last word may be on its way to a longer one, and a short one short for it.
      (next === undefined || whole.length < 4 ? speller.begins(whole) : speller.knows(whole)) ||
      (await index.stands(whole));
    if (sound) {
      words.push(whole);
      continue;
    }
    const guesses = await speller.guesses(whole);
    const parts = partsOf(word);
    if (parts.length > 1 && !guesses.some((guess) => guess.length === 1)) {
      // `load-shedding`: not one word here, but two that are known.
      const spelled = await spell(parts, speller, index);
      words.push(...spelled.words);
      changed ||= spelled.changed;
      continue;
    }
    if (guesses.length === 0) {
      words.push(whole);
      continue;
    }
    const after = typed.slice(i + 1).map(plain);
    words.push(...(await index.choose(guesses, words, after)));
    changed = true;
  }
  return { words, changed };
}

/** The words of a question in a row, put together: every run of up to five. */
export function runsOf(words: readonly string[]): { run: string; from: number; to: number }[] {
  const runs: { run: string; from: number; to: number }[] = [];
  for (let from = 0; from < words.length; from++) {
    for (let to = from + 1; to <= Math.min(words.length, from + 5); to++) {
      runs.push({ run: squeezed(words.slice(from, to).join('')), from, to });
    }
  }
  return runs;
}
