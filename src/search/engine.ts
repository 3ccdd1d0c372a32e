/**
 * Answers questions from the index. Runs in a worker on a page that was served, on the page itself
 * when that was opened from disk, and in Node where the search is judged; the code is the same.
 */
import type { Facets, Filters, Lexicon } from './lexicon.ts';
import { type OpenedPage, openPage } from './opened-page.ts';
import { PageList, unnamed } from './page-list.ts';
import { putNewest } from './put-newest.ts';
import { type Index, type Question, readQuestion } from './question.ts';
import {
  byScore,
  type FoundWord,
  frequency,
  type Hit,
  type Named,
  rarity,
  scorePage,
  type WordOnPage,
} from './ranking.ts';
import {
  damageSoFar,
  pretendedBase,
  type Read,
  readEarly,
  readJson,
  setReader,
} from './read-index.ts';
import { type Result, rankSections, type Scored, topOf } from './sections.ts';
import { Speller } from './spelling.ts';
import { stopWords } from './words.ts';

/** What is used of Pagefind's JavaScript API. */
export interface Pagefind {
  search(word: string): Promise<{ results: PagefindResult[] }>;
  init(): Promise<void>;
}
export interface PagefindResult {
  id: string;
  score: number;
  words: number[];
  data(): Promise<PagefindHits>;
}
export interface PagefindHits {
  weighted_locations: { location: number; weight: number; balanced_score: number }[];
}

export interface Answer {
  /** The question with wrong words put right; undefined where it was answered as it stands. */
  corrected: string | undefined;
  /** Filters in force: those chosen, and those that the question asks for by itself. */
  filters: Filters;
  results: Result[];
  /** Pages that were found. */
  total: number;
  /** How many pages each value of each facet would leave, with the filters of the other facets. */
  counts: Record<string, Record<string, number>>;
  /** Words that were looked for. */
  words: string[];
  /** Pages with a name that is near, where nothing was found. */
  nearest: { url: string; title: string }[];
}

/** Who asks a question while somebody types it. */
export interface Asker {
  /** Is called as soon as the first result is known, with an answer that holds only that. */
  first(answer: Answer): void;
  /** Waits until the first result can be seen. */
  shown(): Promise<void>;
  /** Whether the answer has become useless, because something else was asked. */
  lost(): boolean;
  /** Waits, where the last word is only the beginning of one. */
  typing(): Promise<void>;
}

/**
 * Pages that are opened at most before the first result is decided, and the share of the best one's
 * score that a page must have without its sections: below, they do not make it the first.
 */
const judged = 3;
const hopeful = 0.5;
/** Pages and results shown at most; sections shown of the first page and of later ones. */
const shownPages = 8;
const shownResults = 12;
const shownSections = { first: 3, later: 1 };

/** How much better a guess must fit that is less likely by its letters. */
const clearlyBetter = 1.15;

/** Letters of a word that is seldom meant as the beginning of another, and how alike the word itself is. */
const shortWord = 2;
const likeItself = 0.8;

/** Words whose places are kept: those that are typed come again with each letter of the next. */
const keptWords = 200;

export class Engine implements Index {
  private readonly pagefind: Pagefind;
  readonly facets: Facets;
  private readonly speller: Speller;
  private readonly pages: PageList;
  private readonly found = new Map<string, Promise<Found>>();
  private readonly opened = new Map<string, Promise<OpenedPage>>();
  /** Settles when Pagefind may be asked for the next places. */
  private taking: Promise<unknown> = Promise.resolve();

  private constructor(pagefind: Pagefind, lexicon: Lexicon) {
    this.pagefind = pagefind;
    this.facets = lexicon.facets;
    this.speller = new Speller(lexicon.strong.split(' '), lexicon.common, async (file) =>
      (await readJson<string>(file)).split(' '),
    );
    this.pages = new PageList(lexicon);
  }

  /**
   * Opens the index.
   *
   * @param read gives the files beside the index
   * @param createPagefind makes an instance of Pagefind that asks `pretendedBase` for its files
   * @throws where a file cannot be read
   */
  static async open(read: Read, createPagefind: (options: object) => Pagefind): Promise<Engine> {
    setReader(read);
    readEarly('pagefind-entry.json');
    readEarly('wasm.en.pagefind');
    const reading = readJson<Lexicon>('lexicon.json');
    const pagefind = createPagefind({
      basePath: pretendedBase,
      baseUrl: '/',
      noWorker: true,
      metaCacheTag: 'index',
      // It looks for the densest part of a page that is longer than this. Excerpts are cut here.
      excerptLength: Number.MAX_SAFE_INTEGER,
      // Names are judged here, from the lexicon.
      ranking: { metaWeights: { title: 0 } },
    });
    const [lexicon] = await Promise.all([reading, pagefind.init()]);
    return new Engine(pagefind, lexicon);
  }

  /**
   * Answers a question.
   *
   * @param text what the reader typed
   * @param chosen filters that the reader chose
   * @param asker what whoever asks wants to hear before the answer is complete, and says meanwhile
   * @returns undefined where the asker has lost interest
   * @throws IndexDamaged where a file of the index cannot be read
   */
  async answer(text: string, chosen: Filters): Promise<Answer>;
  async answer(text: string, chosen: Filters, asker: Asker): Promise<Answer | undefined>;
  async answer(text: string, chosen: Filters, asker?: Asker): Promise<Answer | undefined> {
    const question = await readQuestion(text, this.facets, this.speller, this);
    const filters = { ...question.filters, ...chosen };
    if (question.words.length === 0) return this.list(question, filters);

    const named = this.pages.namedBy(question);
    this.openEarly(named, filters);
    const words = await Promise.all(question.words.map((word) => this.find(word)));
    const damage = damageSoFar();
    if (damage) throw damage;

    const nameOf = (id: string) => named.get(id) ?? unnamed;
    const ids = new Set([...words.flatMap(({ pages }) => [...pages.keys()]), ...named.keys()]);
    const found = [...ids].map((id) => ({ id, score: scorePage(id, words, nameOf(id)) }));

    const kept = byScore(found.filter(({ id }) => this.pages.passes(id, filters)));
    const answer: Answer = {
      corrected: question.corrected,
      filters,
      results: [],
      total: kept.length,
      counts: this.pages.count(filters, ids),
      words: question.words,
      nearest: kept.length === 0 ? this.pages.nearest(question) : [],
    };

    const wanted = this.sectionsWanted(filters);
    const open = async ({ id }: { id: string }) => {
      const results = await this.resultsOn(id, words, question, nameOf(id), wanted);
      const score = scorePage(id, words, nameOf(id), results[0]?.score);
      return results.length > 0 ? [{ id, score, results }] : [];
    };
    // The first places are decided by what stands in the sections; the others only have to be near.
    const least = hopeful * (kept[0]?.score ?? 0);
    const first = wanted ? kept : kept.slice(0, judged).filter(({ score }) => score >= least);

    // Pages are large: none is fetched for what is only the beginning of a word, and still being typed.
    const last = words.find(({ word }) => word === question.sequence.at(-1));
    const begun = last && !isWhole(last);
    if (begun && first.some(({ id }) => !this.opened.has(id))) await asker?.typing();
    if (asker?.lost()) return undefined;

    const best = byScore((await Promise.all(first.map(open))).flat());

    this.add(answer, best);
    if (best.length > 0) asker?.first({ ...answer, results: answer.results.slice(0, 1) });
    // The first result needs the network and the processor more than those below it do.
    const rest = kept.slice(first.length, shownPages);
    if (rest.some(({ id }) => !this.opened.has(id))) await asker?.shown();
    if (asker?.lost()) return undefined;
    const others = await Promise.all(rest.map(open));
    this.add(answer, others.flat());
    if (wanted) answer.total = best.length;
    return answer;
  }

  /** Starts to look words up; resolves when those that are in no name have been met. */
  async prepare(words: readonly string[]): Promise<void> {
    // Asked for before Pagefind is busy with the first of them.
    const met = Promise.all(words.map((word) => this.speller.meet(word)));
    // Whoever looks them up again hears of a failure.
    for (const word of words) this.find(word).catch(() => undefined);
    await met;
  }

  /** Whether a word stands anywhere. */
  async stands(word: string): Promise<boolean> {
    return isWhole(await this.find(word));
  }

  /**
   * Which of several readings of a word fits best between the other words of the question.
   *
   * @param guesses the likeliest by its letters first
   */
  async choose(
    guesses: readonly string[][],
    before: readonly string[],
    after: readonly string[],
  ): Promise<string[]> {
    const [likeliest = []] = guesses;
    // With it, the question is what a page is called.
    const name = guesses.find((guess) => this.pages.isName([...before, ...guess, ...after]));
    if (name) return name;
    const others = [...before, ...after];
    await Promise.all(others.map((word) => this.speller.meet(word)));
    const beside = others.filter((word) => this.speller.knows(word) && !stopWords.has(word));
    if (guesses.length < 2 || beside.length === 0) return likeliest;
    const known = await Promise.all(beside.map((word) => this.find(word)));
    let best = { guess: likeliest, score: 0 };
    for (const guess of guesses) {
      const meant = guess.filter((word) => !stopWords.has(word));
      const words = [...known, ...(await Promise.all(meant.map((word) => this.find(word))))];
      const ids = new Set(words.flatMap(({ pages }) => [...pages.keys()]));
      const score = Math.max(...[...ids].map((id) => scorePage(id, words, unnamed)));
      // What is less likely by its letters has to fit clearly better.
      if (score > best.score * (guess === likeliest ? 1 : clearlyBetter)) best = { guess, score };
    }
    return best.guess;
  }

  /** Puts the results of pages below those that are there: more of the first page than of others. */
  private add(answer: Answer, pages: readonly { results: Scored[] }[]): void {
    for (const { results } of pages) {
      if (answer.results.length >= shownResults) return;
      const most = answer.results.length === 0 ? shownSections.first : shownSections.later;
      answer.results.push(...results.slice(0, most).map(({ show }) => show()));
    }
  }

  /** The kind of sections that a filter selects, if it selects sections and not pages. */
  private sectionsWanted(filters: Filters): string | undefined {
    return Object.entries(filters).find(
      ([facet, value]) => this.facets[facet]?.values[value]?.sections,
    )?.[1];
  }

  /** Looks one word up: where it stands, and where only longer words stand that begin with it. */
  private find(word: string): Promise<Found> {
    return remember(this.found, word, () => this.lookUp(word), keptWords);
  }

  private async lookUp(word: string): Promise<Found> {
    const [all, exactly] = await Promise.all([
      this.pagefind.search(word),
      this.pagefind.search(`"${word}"`),
      this.speller.meet(word),
    ]);
    const exact = new Set(exactly.results.map(({ id }) => id));
    // Where nothing begins like the word, Pagefind falls back on words that the word begins with.
    if (exact.size === 0 && !this.speller.begins(word)) all.results = [];
    return {
      word,
      rarity: rarity(this.pages.size, exact.size || all.results.length),
      pages: new Map(
        all.results.map((result) => [
          result.id,
          {
            frequency: frequency(result.score, this.pages.size, all.results.length),
            locations: result.words,
            exact: exact.has(result.id),
            result,
          },
        ]),
      ),
      hits: new Map(),
    };
  }

  /** Where on a page a word stands. */
  private hits(found: Found, id: string): Promise<readonly Hit[]> {
    const { word, pages, hits } = found;
    // Half of a page begins with `c`; who writes C means nothing longer.
    const least = word.length <= shortWord && isWhole(found) ? likeItself : 0;
    return remember(hits, id, () => {
      // Pagefind hands out one object a page, and fills in the places anew for each word: one at a time.
      const taken = this.taking.then(async () => {
        const places = (await pages.get(id)?.result.data())?.weighted_locations ?? [];
        return places
          .map(({ location, weight, balanced_score }) => ({
            location,
            weight,
            likeness: Math.min(1, balanced_score / (weight * 24) ** 2),
          }))
          .filter(({ likeness }) => likeness >= least);
      });
      this.taking = taken.catch(() => undefined);
      return taken;
    });
  }

  private open(id: string): Promise<OpenedPage> {
    return remember(this.opened, id, () => openPage(id));
  }

  /** Starts to open pages that are called by their name: they will be among the first. */
  private openEarly(named: ReadonlyMap<string, Named>, filters: Filters): void {
    const called = [...named].filter(
      ([id, { words }]) => words.size > 0 && this.pages.passes(id, filters),
    );
    // Whoever opens it again hears of a failure.
    for (const [id] of called.slice(0, judged)) this.open(id).catch(() => undefined);
  }

  /** What of a page answers, the best first; the page itself where nothing in it does. */
  private async resultsOn(
    id: string,
    words: readonly Found[],
    question: Question,
    named: Named,
    wanted: string | undefined,
  ): Promise<Scored[]> {
    const top = topOf(this.pages.get(id));
    const onlyTop = wanted ? [] : [{ score: 0, show: () => top }];
    if (!words.some(({ pages }) => pages.has(id))) return onlyTop;

    const [page, ...opened] = await Promise.all([
      this.open(id),
      ...words.map(async (found) => ({
        word: found.word,
        rarity: found.rarity,
        hits: await this.hits(found, id),
      })),
    ]);
    const sections = rankSections(page, top, opened, question, named, wanted);
    return sections.length > 0 ? sections : onlyTop;
  }

  /** All pages that the filters leave, where nothing else was asked. */
  private list({ corrected }: Question, filters: Filters): Answer {
    const results = this.pages.passing(filters).map(topOf);
    return {
      corrected,
      filters,
      results,
      total: results.length,
      counts: this.pages.count(filters),
      words: [],
      nearest: [],
    };
  }
}

interface Found extends FoundWord {
  pages: ReadonlyMap<string, WordOnPage & { result: PagefindResult }>;
  /** Where on a page it stands, as far as that has been asked. */
  hits: Map<string, Promise<readonly Hit[]>>;
}

/** Whether a word stands somewhere itself, and not only longer ones that begin with it. */
function isWhole({ pages }: Found): boolean {
  return [...pages.values()].some(({ exact }) => exact);
}

/** Makes something once for each key; only the newest are kept where there is a limit. */
function remember<T>(kept: Map<string, T>, key: string, make: () => T, most = Infinity): T {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = make();
  putNewest(kept, key, made, most);
  return made;
}
