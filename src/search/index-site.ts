import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { AstroIntegration } from 'astro';
import * as pagefind from 'pagefind';
import { filesBelow } from '../files.ts';
import { bundleBrowserScripts } from './bundle.ts';
import type { Facets } from './lexicon.ts';
import { makeLexicon } from './make-lexicon.ts';
import { pageForPagefind, readSearchPage, type SearchPage } from './page.ts';

export interface SearchOptions {
  /** What results can be narrowed by; values that only pages name are added to these. */
  facets?: Facets;
}

/**
 * Uncompressed entries that one chunk of the index holds. Pagefind's own is 20,000, and a reader would
 * fetch some 35 kB for each word that is asked; with this it is about 8 kB. The Node API has no option
 * for it, the binary reads it from the environment.
 */
const chunkSize = '4000';

/**
 * Astro integration that indexes the built pages for full-text search, and writes beside the index the
 * lexicon and the two scripts that ask it. It knows the site only as files; see `readSearchPage` for
 * what pages say to it.
 */
export function searchIndex(options: SearchOptions = {}): AstroIntegration {
  return {
    name: 'search-index',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const pages = await indexSite(fileURLToPath(dir), options);
        logger.info(`${pages} pages indexed`);
      },
    },
  };
}

/**
 * Writes `pagefind/` into a built site.
 *
 * @param directory folder of the site
 * @returns the number of pages indexed
 * @throws where Pagefind cannot index a page or write the index
 */
export async function indexSite(
  directory: string,
  { facets = {} }: SearchOptions = {},
): Promise<number> {
  const pages: SearchPage[] = [];
  for (const file of await filesBelow(directory)) {
    if (!file.endsWith('.html')) continue;
    const page = readSearchPage(file, await readFile(path.join(directory, file), 'utf8'));
    if (page) pages.push(page);
  }

  const output = path.join(directory, 'pagefind');
  process.env.PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE = chunkSize;
  const { index, errors } = await pagefind.createIndex({ forceLanguage: 'en' });
  if (!index) throw new Error(`the search index cannot be made: ${errors.join('; ')}`);
  // One after the other: the index must not depend on which page is ready first.
  for (const page of pages) {
    errors.push(
      ...(await index.addHTMLFile({ url: page.url, content: pageForPagefind(page) })).errors,
    );
  }
  errors.push(...(await index.writeFiles({ outputPath: output })).errors);
  await pagefind.close();
  if (errors.length > 0) throw new Error(`the search index failed: ${errors.join('; ')}`);

  const lexicon = makeLexicon(pages, await fragmentsByUrl(output), facets);
  await writeFile(path.join(output, 'lexicon.json'), JSON.stringify(lexicon));
  await bundleBrowserScripts(output);
  await removeUnused(output);
  return pages.length;
}

/** Which fragment of the index is which page. */
async function fragmentsByUrl(output: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const file of await filesBelow(path.join(output, 'fragment'))) {
    const packed = await readFile(path.join(output, 'fragment', file));
    const text = gunzipSync(packed)
      .toString('utf8')
      .replace(/^pagefind_dcd/, '');
    found.set((JSON.parse(text) as { url: string }).url, file.replace(/\.pf_fragment$/, ''));
  }
  return found;
}

/** Pagefind writes user interfaces of its own, and its engine for languages that are not there. */
async function removeUnused(output: string): Promise<void> {
  const unused = /^(pagefind(-\w+)*\.(js|css)|wasm\.unknown\.pagefind)$/;
  for (const file of await filesBelow(output)) {
    if (unused.test(file)) await rm(path.join(output, file));
  }
}
