/**
 * A site as a static site generator leaves it: a folder of files. Steps that change it page by page go
 * through it together, so that each page is read, parsed and written once.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, serialize, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { type Problem, ReportedProblems } from '../catalog/report.ts';
import { filesBelow } from '../files.ts';
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
  /** Reads or changes a page. Pages come in the order of their names. */
  page?(page: BuiltPage): Promise<void> | void;
  /** What is wrong with the site; asked after the last page, of every step. */
  problems?(): Promise<Problem[]> | Problem[];
  /** Writes what can be known only after the last page. Is not called where there are problems. */
  end?(): Promise<unknown> | unknown;
  /** Gives back what it holds, such as a process. Is called last, whatever went wrong. */
  close?(): Promise<unknown> | unknown;
}

/** Does a part of the work, of this name; may note how long it took. */
export type Timer = <T>(name: string, work: () => Promise<T> | T) => Promise<T>;

/**
 * Takes steps over a site, in place.
 *
 * @throws ReportedProblems with what all steps found; the site is of no use then
 */
export async function takeSteps(
  directory: string,
  steps: readonly SiteStep[],
  time: Timer = async (_name, work) => work(),
): Promise<void> {
  const site = await BuiltSite.open(directory);
  const started: [name: string, step: StepOnPages][] = [];
  try {
    for (const step of steps) {
      started.push([step.name, await time(step.name, () => step.start(site))]);
    }
    for (const file of [...site.files]) {
      if (!file.endsWith('.html')) continue;
      const page = await time('read-pages', async () => {
        const document = parse(await site.read(file));
        return { file, document, changed: false } satisfies BuiltPage;
      });
      for (const [name, step] of started) await time(name, () => step.page?.(page));
      if (page.changed) await time('write-pages', () => site.write(file, htmlOf(page.document)));
    }
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
