/**
 * A site as a static site generator leaves it: a folder of files. Steps that change it page by page go
 * through it together, so that each page is read, parsed and written once.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, serialize, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { type Problem, ReportedProblems } from '../catalog/report.ts';
import { filesBelow } from '../files.ts';
import { type KeptPage, KeptPages, type KeptPagesOptions } from './kept-pages.ts';
import { visit } from './tree.ts';

/** One page, which each step sees as the steps before it left it. */
export interface BuiltPage {
  /** Relative to the site's folder, with forward slashes. */
  readonly file: string;
  readonly document: Tree.Document;
  /** Set by whoever changes the document: the page is written then. */
  changed: boolean;
}

/** The files of a site. */
export class BuiltSite {
  readonly directory: string;
  /** Every file, relative to the folder; kept by `write` and `remove`. */
  readonly files: Set<string>;

  private constructor(directory: string, files: Iterable<string>) {
    this.directory = directory;
    this.files = new Set(files);
  }

  /** @throws where the folder is not there */
  static async open(directory: string): Promise<BuiltSite> {
    return new BuiltSite(directory, await filesBelow(directory));
  }

  async read(file: string): Promise<string> {
    return (await this.bytes(file)).toString('utf8');
  }

  bytes(file: string): Promise<Buffer> {
    return readFile(path.join(this.directory, file));
  }

  async write(file: string, content: string | Uint8Array): Promise<void> {
    const place = path.join(this.directory, file);
    if (!this.files.has(file)) await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, content);
    this.files.add(file);
  }

  async remove(file: string): Promise<void> {
    await rm(path.join(this.directory, file));
    this.files.delete(file);
  }
}

/** What is done with a site, page by page. */
export interface SiteStep {
  name: string;
  /** Is called before the first page is read. */
  start(site: BuiltSite): Promise<StepOnPages> | StepOnPages;
}

/** A step that has started. */
export interface StepOnPages {
  /**
   * Reads or changes a page, and notes of it what the step must know later: plain data. What comes out
   * hangs on nothing but the page, the step and the files of the site, so that it can be kept for the
   * next build. Is not called for a page that was.
   */
  page?(page: BuiltPage): Promise<unknown> | unknown;
  /** Takes in what `page` noted, now or in an earlier build. Pages come in the order of their names. */
  take?(note: unknown, file: string): Promise<void> | void;
  /** What is wrong with the site; asked after the last page, of every step. */
  problems?(): Promise<Problem[]> | Problem[];
  /** Writes what can be known only after the last page. Is not called where there are problems. */
  end?(): Promise<unknown> | unknown;
  /** Gives back what it holds, such as a process. Is called last, whatever went wrong. */
  close?(): Promise<unknown> | unknown;
}

/** Does a part of the work, of this name; may note how long it took. */
export type Timer = <T>(name: string, work: () => Promise<T> | T) => Promise<T>;

export interface StepOptions {
  time?: Timer;
  /** Where finished pages are kept for the next build; none are if absent. */
  kept?: KeptPagesOptions;
}

/**
 * Takes steps over a site, in place.
 *
 * @throws ReportedProblems with what all steps found; the site is of no use then
 */
export async function takeSteps(
  directory: string,
  steps: readonly SiteStep[],
  { time = async (_name, work) => work(), kept }: StepOptions = {},
): Promise<void> {
  const site = await BuiltSite.open(directory);
  const keptPages = await time('keep-pages', () => kept && KeptPages.open(kept, site));
  const started: [name: string, step: StepOnPages][] = [];
  /** Takes the steps over a page. */
  const make = async (file: string, content: string): Promise<KeptPage> => {
    const document = await time('read-pages', () => parse(content));
    const page: BuiltPage = { file, document, changed: false };
    const notes: unknown[] = [];
    for (const [name, step] of started) notes.push(await time(name, () => step.page?.(page)));
    const html = await time('write-pages', () => (page.changed ? htmlOf(document) : undefined));
    return { html, notes };
  };
  /** The page as it was kept, or made anew and kept. */
  const keptOrMade = async (pages: KeptPages, file: string, content: string): Promise<KeptPage> => {
    const place = pages.placeOf(file, content);
    const known = await time('keep-pages', () => pages.get(place));
    if (known) return known;
    const made = await make(file, content);
    await time('keep-pages', () => pages.put(place, made));
    return made;
  };
  try {
    for (const step of steps) {
      started.push([step.name, await time(step.name, () => step.start(site))]);
    }
    for (const file of [...site.files]) {
      if (!file.endsWith('.html')) continue;
      const content = await time('read-pages', () => site.read(file));
      const { html, notes } = await (keptPages
        ? keptOrMade(keptPages, file, content)
        : make(file, content));
      for (const [i, [name, step]] of started.entries()) {
        await time(name, () => step.take?.(notes[i], file));
      }
      if (html !== undefined) await time('write-pages', () => site.write(file, html));
    }
    await time('keep-pages', () => keptPages?.prune());
    const problems: Problem[] = [];
    for (const [name, step] of started) {
      problems.push(...((await time(name, () => step.problems?.())) ?? []));
    }
    if (problems.length > 0) throw new ReportedProblems(problems);
    for (const [name, step] of started) await time(name, () => step.end?.());
  } finally {
    for (const [, step] of started) await step.close?.();
  }
}

/** The text of a page. Browsers drop a line break at the start of these elements, so it is doubled. */
function htmlOf(document: Tree.Document): string {
  visit(document, ({ tagName, childNodes: [first] }) => {
    if (!/^(pre|textarea|listing)$/.test(tagName)) return;
    if (first && 'value' in first && first.value.startsWith('\n')) first.value = `\n${first.value}`;
  });
  return serialize(document);
}
