import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { MarkdownPage } from '../content/export.ts';

/** A site generator under measurement: this site's own, or a peer's. */
export interface Tool {
  /** Name of its folder. */
  id: string;
  /** As tables call it. */
  name: string;
  /** What it is made of: packages and their exact versions. */
  packages: Record<string, string>;
  /** Puts the tool into an empty folder; throws where it cannot be had on this machine. */
  install(folder: string): Promise<void>;
  /** The command that builds the site, its search index included. */
  command(folder: string): string[];
  /** Where the built site lies, below the folder. */
  output: string;
  /** What a build leaves behind, below the folder: all of it is deleted before a cold build. */
  caches: readonly string[];
  /** Where the source of a page lies, below the folder. */
  source(id: string): string;
  /** Address of a page on the built site, from `/` on. */
  address(id: string): string;
}

/** A generator that takes plain Markdown. */
export interface Peer extends Tool {
  /** Takes the folder that pages go into, emptied, and files beside it, such as the configuration. */
  configuration(pages: readonly MarkdownPage[]): Record<string, string>;
  /** Folder of the pages. */
  docs: string;
  /** The text of a page's file. */
  page(page: MarkdownPage): string;
}

/** Puts pages and configuration into a peer's folder, in place of what was there. */
export async function writePages(
  peer: Peer,
  folder: string,
  pages: readonly MarkdownPage[],
): Promise<void> {
  await rm(path.join(folder, peer.docs), { recursive: true, force: true });
  const files = {
    ...peer.configuration(pages),
    ...Object.fromEntries(pages.map((page) => [peer.source(page.id), peer.page(page)])),
  };
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(folder, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}
