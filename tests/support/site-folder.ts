import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type SiteStep, takeSteps } from '../../src/built-site/built-site.ts';
import { formatProblem, ReportedProblems } from '../../src/catalog/report.ts';
import { filesBelow } from '../../src/files.ts';

/** A built site of a few files, in a folder of its own. */
export class SiteFolder implements AsyncDisposable {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** @param files their content, by path */
  static async of(files: Readonly<Record<string, string>>): Promise<SiteFolder> {
    const folder = new SiteFolder(await mkdtemp(path.join(tmpdir(), 'site-folder-')));
    for (const [file, content] of Object.entries(files)) {
      const place = path.join(folder.directory, file);
      await mkdir(path.dirname(place), { recursive: true });
      await writeFile(place, content);
    }
    return folder;
  }

  /** Takes steps over the site, and gives the problems that they report, a line each. */
  async problemsOf(steps: readonly SiteStep[]): Promise<string[]> {
    try {
      await takeSteps(this.directory, steps);
      return [];
    } catch (error) {
      if (!(error instanceof ReportedProblems)) throw error;
      return error.problems.map(formatProblem);
    }
  }

  /** What is in the folder now, by path. */
  async files(): Promise<Record<string, string>> {
    const found = (await filesBelow(this.directory)).map(async (file) => {
      return [file, await readFile(path.join(this.directory, file), 'utf8')] as const;
    });
    return Object.fromEntries(await Promise.all(found));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
