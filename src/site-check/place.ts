import type { Problem } from '../catalog/report.ts';

/** The file that a page was made from, and its text. */
export interface PageSource {
  file: string;
  text: string;
}

/** Finds the source of a built page, where it has one. */
export type SourceOf = (page: string) => Promise<PageSource | undefined>;

/** Puts a problem where an author can mend it: in the page's source, at the line that has its words. */
export function place(problem: Problem, source: PageSource | undefined): Problem {
  if (!source) return problem;
  const [, quoted] = /'([^']+)'/.exec(problem.what) ?? [];
  const at = quoted === undefined ? -1 : source.text.indexOf(quoted);
  const line = at < 0 ? undefined : source.text.slice(0, at).split('\n').length;
  return { ...problem, file: source.file, line };
}
