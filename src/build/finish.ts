import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { ReportedProblems } from '../catalog/index.ts';
import { looseRust } from '../examples/loose-rust.ts';
import { inlineStyle } from '../inline-style/inline-style.ts';
import { policy } from '../policy/policy.ts';
import { archive } from '../portable/archive.ts';
import { offline } from '../portable/offline.ts';
import { portable } from '../portable/portable.ts';
import { searchIndex } from '../search/index-site.ts';
import { indexAttributes } from '../search/page.ts';
import { checkSite } from '../site-check/check-site.ts';
import type { SourceOf } from '../site-check/place.ts';
import { shippedPackages } from '../supply-chain/shipped.ts';
import { revision } from './revision.ts';
import { facets } from './search-facets.ts';

/**
 * What happens to the built files after Astro, each once and in this order. Later steps see what
 * earlier ones wrote.
 *
 * 0. licences and a bill of materials of what reaches readers are written
 * 1. the built site is checked: links, anchors, headings, text alternatives, Rust that was not run
 * 2. the search index is made
 * 3. each page gets the style that it uses; what is for paper or later stays apart
 * 4. portable: addresses relative to the page, scripts and search that load from disk
 * 5. policy: a Content Security Policy for each page, from its final bytes
 * 6. offline: the list of files that a reader may keep, and the service worker
 * 7. archive: the whole site as one file
 *
 * Then src/cli/build.ts puts the result in the place of the previous one.
 */
export function finishingSteps(root: string): AstroIntegration[] {
  const { date } = revision(root);
  const name = 'rust-at-cncf';
  // Pages link to the archive, which is made last.
  const later = [`${name}.zip`, `${name}.zip.sha256`];
  const sourceOf = sourcesBelow(root);
  return [
    shippedPackages({ root, also: ['pagefind'], own: licences }),
    builtSiteGate(sourceOf, later),
    searchIndex({ facets }),
    inlineStyle(),
    portable({ later, dropAttributes: indexAttributes }),
    policy({ trustedTypes: ['search-loader', 'register-worker'], sourceOf }),
    offline(),
    archive({ name, time: new Date(date) }),
  ];
}

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

/** The second gate of a build: refuses a site with broken links, anchors, headings or pictures. */
function builtSiteGate(sourceOf: SourceOf, later: readonly string[]): AstroIntegration {
  return {
    name: 'built-site-gate',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const folder = fileURLToPath(dir);
        const problems = await checkSite(folder, sourceOf, later, [looseRust]);
        if (problems.length > 0) throw new ReportedProblems(problems);
      },
    },
  };
}
