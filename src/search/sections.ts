/** The sections of a page that has been opened: which answer a question, and what is shown of them. */

import { excerptOf, type Piece } from './excerpt.ts';
import type { LexiconPage } from './lexicon.ts';
import type { OpenedPage } from './opened-page.ts';
import type { SectionKind } from './page-kinds.ts';
import type { Question } from './question.ts';
import { byScore, type Named, type OpenedWord, scoreSection, worthOnPage } from './ranking.ts';
import { closePaths, plain, stopWords } from './words.ts';

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

/** A section of a page, or its top, that may be shown. */
export interface Scored {
  score: number;
  show(): Result;
}

/** What the top of a page counts above its sections where nothing but its name was asked. */
const namedExactly = 20;

/** A page as a result. */
export function topOf({ url, title, filters }: LexiconPage): Result {
  return { url, title, page: title, kind: 'page', filters, excerpt: [] };
}

/**
 * The sections of a page that answer a question, the best first; its top before all others where the
 * page itself is meant.
 *
 * @param top the page as a result
 * @param words words of the question that are looked for, as they stand on the page
 * @param named how the question calls the page
 * @param wanted the only kind of section to give; without it, examples count for the section around them
 */
export function rankSections(
  { words: text, sections }: OpenedPage,
  top: Result,
  words: readonly Omit<OpenedWord, 'worth'>[],
  { sequence, code }: Question,
  named: Named,
  wanted: string | undefined,
): Scored[] {
  const headed = sections.filter(({ kind }) => kind === 'section');
  const opened = words.map((word): OpenedWord => {
    const having = headed.filter(({ range }) =>
      word.hits.some(({ location }) => location >= range.from && location < range.to),
    );
    if (having.length === 0) return { ...word, worth: word.rarity };
    return { ...word, worth: worthOnPage(word.rarity, headed.length, having.length) };
  });
  const asked = new Set(sequence);
  const stands = new Set(opened.flatMap(({ hits }) => hits.map(({ location }) => location)));
  const scored = sections
    .filter(({ kind }) => (wanted ? kind === wanted : kind !== 'example'))
    .map((section): Scored => {
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
          url: `${top.url}#${section.id}`,
          title: closePaths(section.title),
          kind,
        }),
        excerpt: excerptOf(text, range, opened),
      });
      return { score: section.top && named.exactly ? score + namedExactly : score, show };
    });
  return byScore(scored.filter(({ score }) => score > 0));
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
