import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { BuiltSite } from './built-site.ts';

/** What steps made of a page. */
export interface KeptPage {
  /** Its text; undefined where no step changed it. */
  html: string | undefined;
  /** What each step noted of it, in the order of the steps. */
  notes: unknown[];
}

export interface KeptPagesOptions {
  /** Where they lie from one build to the next; may be deleted at any time. */
  folder: string;
  /** Changes with the code of the steps. */
  madeBy: string;
}

/**
 * Pages of earlier builds, found again by what they were made from: the page itself, the steps, and
 * the other files of the site. Whatever changes, a page is made anew, never taken by mistake.
 */
export class KeptPages {
  private readonly folder: string;
  private readonly madeFrom: string;
  private readonly used = new Set<string>();

  private constructor(folder: string, madeFrom: string) {
    this.folder = folder;
    this.madeFrom = madeFrom;
  }

  /** @param site as it is before the first step */
  static async open({ folder, madeBy }: KeptPagesOptions, site: BuiltSite): Promise<KeptPages> {
    const hash = createHash('sha256').update(madeBy);
    for (const file of site.files) {
      hash.update(`\0${file}\0`);
      if (!file.endsWith('.html')) hash.update(await site.bytes(file));
    }
    await mkdir(folder, { recursive: true });
    return new KeptPages(folder, hash.digest('hex'));
  }

  /** The place of a page of this build, among those that are kept. */
  placeOf(file: string, content: string): string {
    const hash = createHash('sha256').update(`${this.madeFrom}\0${file}\0${content}`);
    const name = hash.digest('hex');
    this.used.add(name);
    return path.join(this.folder, name);
  }

  /** What an earlier build made of the page of a place; undefined where none did, or it cannot be read. */
  async get(place: string): Promise<KeptPage | undefined> {
    try {
      return deserialize(await readFile(place)) as KeptPage;
    } catch {
      return undefined;
    }
  }

  /** Keeps a page for later builds. */
  async put(place: string, page: KeptPage): Promise<void> {
    await writeFile(place, serialize(page));
  }

  /** Deletes what this build had no use for. */
  async prune(): Promise<void> {
    for (const name of await readdir(this.folder)) {
      if (!this.used.has(name)) await rm(path.join(this.folder, name));
    }
  }
}
