/**
 * Problems that a check found, and how they are told to a person: one line each, with the place,
 * what is wrong and how to mend it. Both gates of a build share this report.
 */

/** One thing that is wrong with the input. */
export interface Problem {
  /** Path of the file, relative to the project, with forward slashes. */
  file: string;
  /** Line in the file, counted from 1; absent where a file as a whole is meant. */
  line?: number | undefined;
  /** What is wrong, without a full stop. */
  what: string;
  /** How to mend it, without a full stop. */
  mend: string;
}

/** `file:line: what is wrong: how to mend it` */
export function formatProblem({ file, line, what, mend }: Problem): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${what}: ${mend}`;
}

/** Orders problems by file, line and text, so that a report does not depend on the order of checks. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) => compare(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || compare(a.what, b.what),
  );
}

/** The whole report, one problem a line, and a closing line with their number. */
export function formatReport(problems: readonly Problem[]): string {
  const lines = sortProblems(problems).map(formatProblem);
  return [...lines, `${lines.length} ${lines.length === 1 ? 'problem' : 'problems'} found.`].join(
    '\n',
  );
}

/** Thrown by steps that cannot go on; carries every problem found so far. */
export class ReportedProblems extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(formatReport(problems));
    this.name = 'ReportedProblems';
    this.problems = problems;
  }
}

/** Compares by code unit: the same order on every machine, whatever its locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The first line of an error's message: parsers put a picture of the place below it. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]?.trim() ?? '';
}
