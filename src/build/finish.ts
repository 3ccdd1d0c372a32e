import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SiteStep, takeSteps } from '../built-site/built-site.ts';
import { looseRust } from '../examples/loose-rust.ts';
import { filesBelow } from '../files.ts';
import { inlineStyle } from '../inline-style/inline-style.ts';
import { policy } from '../policy/policy.ts';
import { writeArchive } from '../portable/archive.ts';
import { writeOffline } from '../portable/offline.ts';
import { portable } from '../portable/portable.ts';
import { searchIndex } from '../search/index-site.ts';
import { indexAttributes, strayNames } from '../search/page.ts';
import { site } from '../site.ts';
import { siteCheck } from '../site-check/check-site.ts';
import type { SourceOf } from '../site-check/place.ts';
import { revision } from './revision.ts';
import { facets } from './search-facets.ts';
import { timeStep } from './times.ts';

/**
 * Finishes the site that Astro wrote, in this order.
 *
 * 1. page by page, each step with what the steps before it made of the page; a page that Astro wrote
 *    as in the last build is taken from there:
 *    - the second gate of a build: links, anchors, headings, text alternatives, Rust that was not run
 *    - the search index is made
 *    - the page gets the style that it uses; what is for paper or later stays apart
 *    - portable: addresses relative to the page, scripts and search that load from disk
 *    - policy: a Content Security Policy
 * 2. offline: the list of files that a reader may keep, and the service worker
 * 3. archive: the whole site as one file
 *
 * @param root folder of the project
 * @param folder the site, which is changed in place
 * @throws ReportedProblems with everything that the second gate found
 */
export async function finishSite(root: string, folder: string): Promise<void> {
  const kept = {
    folder: path.join(root, 'node_modules/.cache/finished-pages'),
    madeBy: await timeStep('keep-pages', ownCode),
  };
  await takeSteps(folder, pageSteps(root), { time: timeStep, kept });
  await timeStep('offline', () => writeOffline(folder));
  const time = new Date(revision(root).date);
  await timeStep('archive', () => writeArchive(folder, { name: archiveName, time }));
}

/** What happens to each page, in this order. */
export function pageSteps(root: string): SiteStep[] {
  // Pages link to the archive, which is made last.
  const later = [`${archiveName}.zip`, `${archiveName}.zip.sha256`];
  const sourceOf = sourcesBelow(root);
  return [
    siteCheck({ sourceOf, later, checks: [looseRust, strayNames] }),
    searchIndex({ facets }),
    inlineStyle(),
    portable({ site: `${site.url}/`, later, dropAttributes: indexAttributes }),
    policy({ trustedTypes: ['search-loader', 'register-worker'], sourceOf }),
  ];
}

/** A hash of what pages are finished by: all code here, and the versions of all packages. */
async function ownCode(): Promise<string> {
  const source = fileURLToPath(new URL('..', import.meta.url));
  const files = (await filesBelow(source)).map((file) => path.join(source, file));
  const hash = createHash('sha256');
  for (const file of [path.join(source, '../package-lock.json'), ...files]) {
    hash.update(await readFile(file));
  }
  return hash.digest('hex');
}

/** Name of the archive, without its ending. */
const archiveName = 'rust-at-cncf';

/** Finds the MDX file of a built page. */
function sourcesBelow(root: string): SourceOf {
  return async (page) => {
    const id = page.replace(/\.html$/, '');
    for (const file of [`content/docs/${id}.mdx`, `content/docs/${id}/index.mdx`]) {
      const text = await readFile(path.join(root, file), 'utf8').catch(() => undefined);
      if (text !== undefined) return { file, text };
    }
    return undefined;
  };
}
