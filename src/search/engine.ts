/**
 * Answers questions from the index. Runs in a worker on a page that was served, on the page itself
 * when that was opened from disk, and in Node where the search is judged; the code is the same.
 */
import { excerptOf, type Piece } from './excerpt.ts';
import type { Facets, Filters, Lexicon, LexiconPage } from './lexicon.ts';
import { type OpenedPage, openPage } from './opened-page.ts';
import type { SectionKind } from './page-kinds.ts';
import { type Index, type Question, readQuestion, runsOf } from './question.ts';
import {
  type FoundWord,
  frequency,
  type Hit,
  type Named,
  type OpenedWord,
  rarity,
  scorePage,
  scoreSection,
  worthOnPage,
} from './ranking.ts';
import {
  damageSoFar,
  IndexDamaged,
  pretendedBase,
  type Read,
  readEarly,
  readJson,
  setReader,
} from './read-index.ts';
import { mistakes, Speller } from './spelling.ts';
import { closePaths, partsOf, plain, squeezed, stopWords } from './words.ts';

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

/** One place that answers a question. */
export interface Result {
  /** Address below the root of the site, with the anchor. */
  url: string;
  /** Title of the section, or of the page where the result is its top. */
  title: string;
  /** Title of the page. */
  page: string;
  /** What the section is; the page's own kind where the result is its top. */
  kind: SectionKind | 'page';
  filters: LexiconPage['filters'];
  excerpt: Piece[];
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
  /** Whether the answer has become useless, because something else was asked. */
  lost(): boolean;
  /** Waits, where the last word is only the beginning of one. */
  typing(): Promise<void>;
}

/** Pages that are opened before the first result is decided. */
const judged = 3;
/** Pages and results shown at most; sections shown of the first page and of later ones. */
const shownPages = 8;
const shownResults = 12;
const shownSections = { first: 3, later: 1 };

/** How much better a guess must fit that is less likely by its letters. */
const clearlyBetter = 1.15;

/** What the top of a page counts above its sections where nothing but its name was asked. */
const namedExactly = 20;

/** Words whose places are kept: those that are typed come again with each letter of the next. */
const keptWords = 200;

export class Engine implements Index {
  private readonly pagefind: Pagefind;
  private readonly lexicon: Lexicon;
  private readonly speller: Speller;
  private readonly byId: ReadonlyMap<string, LexiconPage>;
  /** Pages by everything that they are called. */
  private readonly called = new Map<string, Set<string>>();
  /** The words of each name of each page. */
  private readonly pages: { id: string; wordsOfNames: string[][] }[];
  private readonly found = new Map<string, Promise<Found>>();
  private readonly opened = new Map<string, Promise<OpenedPage>>();
  /** Settles when Pagefind may be asked for the next places. */
  private taking: Promise<unknown> = Promise.resolve();

  private constructor(pagefind: Pagefind, lexicon: Lexicon) {
    this.pagefind = pagefind;
    this.lexicon = lexicon;
    this.speller = new Speller(lexicon.strong.split(' '), lexicon.common, async (file) =>
      (await readJson<string>(file)).split(' '),
    );
    this.byId = new Map(lexicon.pages.map((page) => [page.id, page]));
    this.pages = lexicon.pages.map(({ id, title, names }) => ({
      id,
      wordsOfNames: [title, ...names].map((name) => essentials(name)),
    }));
    for (const { id, title, names } of lexicon.pages) {
      for (const name of [title, ...names]) {
        for (const key of [squeezed(name), squeezed(essentials(name).join(''))]) {
          if (key !== '') this.called.set(key, (this.called.get(key) ?? new Set()).add(id));
        }
      }
    }
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

  get facets(): Facets {
    return this.lexicon.facets;
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
    const question = await readQuestion(text, this.lexicon.facets, this.speller, this);
    const filters = { ...question.filters, ...chosen };
    if (question.words.length === 0) return this.list(question, filters);

    const named = this.namedPages(question);
    this.openEarly(named, filters);
    const words = await Promise.all(question.words.map((word) => this.find(word)));
    const damage = damageSoFar();
    if (damage) throw damage;

    const nameOf = (id: string) => named.get(id) ?? unnamed;
    const ids = new Set([...words.flatMap(({ pages }) => [...pages.keys()]), ...named.keys()]);
    const found = [...ids].map((id) => ({ id, score: scorePage(id, words, nameOf(id)) }));

    const kept = byScore(found.filter(({ id }) => matches(this.byId.get(id), filters)));
    const answer: Answer = {
      corrected: question.corrected,
      filters,
      results: [],
      total: kept.length,
      counts: this.count(found, filters),
      words: question.words,
      nearest: kept.length === 0 ? this.nearest(question) : [],
    };

    const wanted = this.sectionsWanted(filters);
    const open = async ({ id }: { id: string }) => {
      const results = await this.sections(id, words, question, nameOf(id), wanted);
      const score = scorePage(id, words, nameOf(id), results[0]?.score);
      return results.length > 0 ? [{ id, score, results }] : [];
    };
    // The first places are decided by what stands in the sections; the others only have to be near.
    const first = wanted ? kept : kept.slice(0, judged);

    // Pages are large: none is fetched for what is only the beginning of a word, and still being typed.
    const last = words.find(({ word }) => word === question.sequence.at(-1));
    const begun = last && !isWhole(last);
    if (begun && first.some(({ id }) => !this.opened.has(id))) await asker?.typing();
    if (asker?.lost()) return undefined;

    const best = byScore((await Promise.all(first.map(open))).flat());

    this.add(answer, best);
    if (best.length > 0) asker?.first({ ...answer, results: answer.results.slice(0, 1) });
    if (asker?.lost()) return undefined;
    const others = await Promise.all(kept.slice(first.length, shownPages).map(open));
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
    const name = guesses.find((guess) =>
      this.called.has(squeezed([...before, ...guess, ...after].join(''))),
    );
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
      ([facet, value]) => this.lexicon.facets[facet]?.values[value]?.sections,
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
      rarity: rarity(this.lexicon.pages.length, exact.size || all.results.length),
      pages: new Map(
        all.results.map(({ id, score, words }) => [
          id,
          {
            frequency: frequency(score, this.lexicon.pages.length, all.results.length),
            locations: words,
            exact: exact.has(id),
          },
        ]),
      ),
      results: new Map(all.results.map((result) => [result.id, result])),
      hits: new Map(),
    };
  }

  /** Where on a page a word stands. */
  private hits({ results, hits }: Found, id: string): Promise<readonly Hit[]> {
    return remember(hits, id, () => {
      // Pagefind hands out one object a page, and fills in the places anew for each word: one at a time.
      const taken = this.taking.then(async () => {
        const places = (await results.get(id)?.data())?.weighted_locations ?? [];
        return places.map(({ location, weight, balanced_score }) => ({
          location,
          weight,
          likeness: Math.min(1, balanced_score / (weight * 24) ** 2),
        }));
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
      ([id, { words }]) => words.size > 0 && matches(this.byId.get(id), filters),
    );
    // Whoever opens it again hears of a failure.
    for (const [id] of called.slice(0, judged)) this.open(id).catch(() => undefined);
  }

  /** Pages that the question calls by a name, or by a part of one. */
  private namedPages({ sequence, words }: Question): Map<string, Named> {
    const named = new Map<string, Named & { words: Set<string> }>();
    const asked = new Set(words);
    for (const { id, wordsOfNames } of this.pages) {
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

  /**
   * The sections of a page, the one that answers best first; its top before all others where the page
   * itself is meant.
   *
   * @param wanted the only kind of section to give; without it, examples count for the section around them
   */
  private async sections(
    id: string,
    words: readonly Found[],
    { sequence, code }: Question,
    named: Named,
    wanted: string | undefined,
  ): Promise<Scored[]> {
    const page = this.byId.get(id);
    if (!page) throw new IndexDamaged('lexicon.json', `has no page ${id}: it is of another build`);
    const top: Result = {
      url: page.url,
      title: page.title,
      page: page.title,
      kind: 'page',
      filters: page.filters,
      excerpt: [],
    };
    const onlyTop = wanted ? [] : [{ score: 0, show: () => top }];
    if (!words.some(({ pages }) => pages.has(id))) return onlyTop;

    const [{ words: text, sections }, ...opened] = await Promise.all([
      this.open(id),
      ...words.map(async (found): Promise<OpenedWord> => {
        const { word, rarity } = found;
        return { word, rarity, worth: rarity, hits: await this.hits(found, id) };
      }),
    ]);
    const headed = sections.filter(({ kind }) => kind === 'section');
    for (const word of opened) {
      const having = headed.filter(({ range }) =>
        word.hits.some(({ location }) => location >= range.from && location < range.to),
      );
      if (having.length > 0) word.worth = worthOnPage(word.rarity, headed.length, having.length);
    }
    const asked = new Set(sequence);
    const stands = new Set(opened.flatMap(({ hits }) => hits.map(({ location }) => location)));
    const scored = sections
      .filter(({ kind }) => (wanted ? kind === wanted : kind !== 'example'))
      .map((section) => {
        const { kind, range } = section;
        const { titled, words: inTitle } = titleEvidence(section.title, asked, (word) =>
          stands.has(range.from + word),
        );
        const inNames = section.names.map((name) => titleEvidence(name, asked, () => false).titled);
        const wholly = kind === 'section' && titled > 0.99 && inTitle > 1 && !section.top;
        const evidence = { range, kind, titled, named: Math.max(0, ...inNames), wholly };
        const score = scoreSection(evidence, opened, named.words, code);
        const show = (): Result => ({
          ...top,
          ...(!section.top && {
            url: `${page.url}#${section.id}`,
            title: closePaths(section.title),
            kind,
          }),
          excerpt: excerptOf(text, range, opened),
        });
        return { score: section.top && named.exactly ? score + namedExactly : score, show };
      })
      .filter(({ score }) => score > 0);
    return scored.length === 0 ? onlyTop : byScore(scored);
  }

  /** All pages that the filters leave, where nothing else was asked. */
  private list({ corrected }: Question, filters: Filters): Answer {
    const asked = Object.keys(filters).length > 0;
    const pages = asked ? this.lexicon.pages.filter((page) => matches(page, filters)) : [];
    return {
      corrected,
      filters,
      results: pages.map(({ url, title, filters: own }) => ({
        url,
        title,
        page: title,
        kind: 'page',
        filters: own,
        excerpt: [],
      })),
      total: pages.length,
      counts: this.count(this.lexicon.pages, filters),
      words: [],
      nearest: [],
    };
  }

  private count(found: readonly { id: string }[], filters: Filters): Answer['counts'] {
    const counts: Answer['counts'] = {};
    for (const [facet, { values }] of Object.entries(this.lexicon.facets)) {
      const { [facet]: _, ...others } = filters;
      const own = Object.fromEntries(Object.keys(values).map((value) => [value, 0]));
      for (const { id } of found) {
        const page = this.byId.get(id);
        if (!matches(page, others)) continue;
        for (const value of page?.filters[facet] ?? []) own[value] = (own[value] ?? 0) + 1;
      }
      counts[facet] = own;
    }
    return counts;
  }

  /** Pages whose names are nearest to a question that found nothing. */
  private nearest({ sequence }: Question): Answer['nearest'] {
    const asked = squeezed(sequence.join(''));
    return this.lexicon.pages
      .map(({ url, title, names }) => ({
        url,
        title,
        distance: Math.min(
          ...[title, ...names].map((name) => mistakes(asked, squeezed(name), 20) / name.length),
        ),
      }))
      .sort((a, b) => a.distance - b.distance)
      .slice(0, 3)
      .map(({ url, title }) => ({ url, title }));
  }
}

interface Found extends FoundWord {
  results: ReadonlyMap<string, PagefindResult>;
  /** Where on a page it stands, as far as that has been asked. */
  hits: Map<string, Promise<readonly Hit[]>>;
}

/** Whether a word stands somewhere itself, and not only longer ones that begin with it. */
function isWhole({ pages }: Found): boolean {
  return [...pages.values()].some(({ exact }) => exact);
}

const unnamed: Named = { words: new Set(), parts: new Set(), share: 0, exactly: false };

/** The parts of a name without those that half of all names have. */
function essentials(name: string): string[] {
  const parts = [...new Set(partsOf(name))];
  const own = parts.filter((part) => !['rs', 'rust', 'crate'].includes(part));
  return own.length > 0 ? own : parts;
}

/** A section of a page, or its top, that may be shown. */
interface Scored {
  score: number;
  show(): Result;
}

/**
 * Share of the words of a title, or of another name, that were asked; small words count for little.
 *
 * @param stands whether the word of this number was found by search, in whatever form
 */
function titleEvidence(
  title: string,
  asked: ReadonlySet<string>,
  stands: (word: number) => boolean,
): { titled: number; words: number } {
  const inTitle = title.split(' ').filter(Boolean);
  let [held, all] = [0, 0];
  inTitle.forEach((typed, i) => {
    const word = plain(typed);
    const worth = word === '' ? 0 : stopWords.has(word) ? 0.3 : 1;
    all += worth;
    if (stands(i) || asked.has(word)) held += worth;
  });
  return { titled: all === 0 ? 0 : held / all, words: inTitle.length };
}

/** Makes something once for each key; only the newest are kept where there is a limit. */
function remember<T>(kept: Map<string, T>, key: string, make: () => T, most = Infinity): T {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = make();
  kept.set(key, made);
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
  return made;
}

/** The highest score first; equal ones stay as they are. */
function byScore<T extends { score: number }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => b.score - a.score);
}

function matches(page: LexiconPage | undefined, filters: Filters): boolean {
  return Object.entries(filters).every(([facet, value]) => page?.filters[facet]?.includes(value));
}
