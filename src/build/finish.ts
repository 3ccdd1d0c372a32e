import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AstroIntegration } from 'astro';
import { type SiteStep, siteSteps } from '../built-site/built-site.ts';
import { looseRust } from '../examples/loose-rust.ts';
import { inlineStyle } from '../inline-style/inline-style.ts';
import { policy } from '../policy/policy.ts';
import { archive } from '../portable/archive.ts';
import { offline } from '../portable/offline.ts';
import { portable } from '../portable/portable.ts';
import { searchIndex } from '../search/index-site.ts';
import { indexAttributes, strayNames } from '../search/page.ts';
import { site } from '../site.ts';
import { siteCheck } from '../site-check/check-site.ts';
import type { SourceOf } from '../site-check/place.ts';
import { shippedPackages } from '../supply-chain/shipped.ts';
import { revision } from './revision.ts';
import { facets } from './search-facets.ts';
import { timed, timeStep } from './times.ts';

/**
 * What happens to the built files after Astro, in this order.
 *
 * 1. licences and a bill of materials of what reaches readers are written
 * 2. page by page, each step with what the steps before it made of the page:
 *    - the second gate of a build: links, anchors, headings, text alternatives, Rust that was not run
 *    - the search index is made
 *    - the page gets the style that it uses; what is for paper or later stays apart
 *    - portable: addresses relative to the page, scripts and search that load from disk
 *    - policy: a Content Security Policy
 * 3. offline: the list of files that a reader may keep, and the service worker
 * 4. archive: the whole site as one file
 *
 * Then src/cli/build.ts puts the result in the place of the previous one.
 */
export function finishingSteps(root: string): AstroIntegration[] {
  const { date } = revision(root);
  return [
    ...timed([shippedPackages({ root, also: ['pagefind'], own: licences })]),
    siteSteps(pageSteps(root), timeStep),
    ...timed([offline(), archive({ name: archiveName, time: new Date(date) })]),
  ];
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

/** Name of the archive, without its ending. */
const archiveName = 'rust-at-cncf';

/** What stands above the licences of others. */
const licences = `Rust at CNCF

Code: Apache-2.0, https://www.apache.org/licenses/LICENSE-2.0
Text, diagrams and tables: CC BY 4.0, https://creativecommons.org/licenses/by/4.0/

The flame graph among the examples was drawn by inferno, and holds its script: CDDL-1.0,
https://github.com/jonhoo/inferno

The site also carries code of the packages below.
`;

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
