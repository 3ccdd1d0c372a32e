/** Judges the search of a built site by the table of questions in queries.yaml. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import type { Answer, Engine } from '../../src/search/engine.ts';
import type { Read } from '../../src/search/read-index.ts';
import { makeTypo, randomFrom } from './typos.ts';

export interface Query {
  query: string;
  /** Pages, or pages with an anchor, that are right as the first result. */
  answers: string[];
  /** Whether a mistake in it still leaves a question. */
  typo?: boolean;
}
export interface FacetQuery {
  query: string;
  filter: Record<string, string>;
  /** What is left to look for within the filter. */
  rest?: string;
  /** Exactly these pages, in any order. */
  pages: string[];
}
export interface Table {
  classes: Record<string, Query[]>;
  facets: FacetQuery[];
}

/** How a class of questions fared. */
export interface Score {
  name: string;
  asked: number;
  /** Share of questions whose first result is right. */
  at1: number;
  /** Share of questions with a right one among the first five. */
  at5: number;
  /** Mean of one over the place of the first right result. */
  mrr: number;
  failures: { query: string; expected: string[]; got: string[]; place: number }[];
}

export async function readTable(file: string): Promise<Table> {
  const { facets, ...classes } = parse(await readFile(file, 'utf8')) as { facets: FacetQuery[] } & {
    [name: string]: Query[];
  };
  return { classes, facets };
}

/** Opens the engine that the site ships, over its files: the code that browsers run. */
export async function openEngine(dist: string): Promise<Engine> {
  const folder = path.join(dist, 'pagefind');
  await import(pathToFileURL(path.join(folder, 'engine.js')).href);
  const read: Read = async (file) => new Uint8Array(await readFile(path.join(folder, file)));
  const { siteSearchEngine } = globalThis as unknown as {
    siteSearchEngine: { open(read: Read): Promise<Engine> };
  };
  return siteSearchEngine.open(read);
}

/** Questions with one mistake each, made by rule: the same ones each time. */
export function typosOf(classes: Table['classes'], count: number): Query[] {
  const random = randomFrom(20201128);
  const fit = Object.values(classes)
    .flat()
    .filter(({ query, typo }) => typo !== false && makeTypo(query, () => 0) !== undefined);
  const made: Query[] = [];
  for (let i = 0; i < count; i++) {
    const { query, answers } = fit[Math.floor((i * fit.length) / count)] as Query;
    made.push({ query: makeTypo(query, random) ?? query, answers });
  }
  return made;
}

/** Asks every question of a class. */
export async function score(
  engine: Engine,
  name: string,
  queries: readonly Query[],
): Promise<Score> {
  const result: Score = { name, asked: queries.length, at1: 0, at5: 0, mrr: 0, failures: [] };
  for (const { query, answers } of queries) {
    const found = (await engine.answer(query, {})).results.map(({ url }) => url);
    const place = found.findIndex((url) => answers.some((answer) => isAnswer(url, answer))) + 1;
    if (place === 1) result.at1 += 1 / queries.length;
    else result.failures.push({ query, expected: answers, got: found.slice(0, 5), place });
    if (place > 0 && place <= 5) result.at5 += 1 / queries.length;
    if (place > 0) result.mrr += 1 / place / queries.length;
  }
  return result;
}

/** How all questions of several classes fared together. */
export function overall(scores: readonly Score[]): Score {
  const asked = scores.reduce((sum, { asked }) => sum + asked, 0);
  const mean = (key: 'at1' | 'at5' | 'mrr') =>
    scores.reduce((sum, score) => sum + score[key] * score.asked, 0) / asked;
  return {
    name: 'all',
    asked,
    at1: mean('at1'),
    at5: mean('at5'),
    mrr: mean('mrr'),
    failures: scores.flatMap(({ failures }) => failures),
  };
}

/** What is wrong with the answer to a question that asks for filters; undefined if nothing is. */
export function facetMistake(expected: FacetQuery, answer: Answer): string | undefined {
  const pages = [...new Set(answer.results.map(({ url }) => url.replace(/#.*/, '')))].sort();
  const wanted = [...expected.pages].sort();
  if (JSON.stringify(sorted(answer.filters)) !== JSON.stringify(sorted(expected.filter))) {
    return `${expected.query}: filters ${JSON.stringify(answer.filters)}, not ${JSON.stringify(expected.filter)}`;
  }
  return pages.join() === wanted.join()
    ? undefined
    : `${expected.query}: pages ${pages.join(', ')}, not ${wanted.join(', ')}`;
}

function isAnswer(url: string, answer: string): boolean {
  return answer.includes('#') ? url === answer : url.replace(/#.*/, '') === answer;
}

function sorted(record: Record<string, string>): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
