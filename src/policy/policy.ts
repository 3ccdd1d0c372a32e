import type { SiteStep } from '../built-site/built-site.ts';
import type { Problem } from '../catalog/report.ts';
import { place, type SourceOf } from '../site-check/place.ts';
import { contentSecurityPolicy } from './directives.ts';
import { insertPolicy, type Refusal, readContent } from './page.ts';

export interface PolicyOptions {
  /** Names of the Trusted Types policies that the site's scripts create; undefined asks for no such types. */
  trustedTypes?: readonly string[];
  /**
   * Pages that carry their scripts in the text, because nothing can be loaded from where they are
   * served. Default `404.html`.
   */
  selfContained?: readonly string[];
  /** File that a page was made from, and its text, so that mistakes can name the place. */
  sourceOf?: SourceOf;
}

/**
 * Step that gives every page its Content Security Policy. It comes after all steps that change pages:
 * the policy holds hashes of what is in them then.
 */
export function policy({
  trustedTypes,
  selfContained = ['404.html'],
  sourceOf,
}: PolicyOptions = {}): SiteStep {
  return {
    name: 'policy',
    start() {
      const refusals = new Map<string, Refusal[]>();
      return {
        page(page) {
          const content = readContent(page.document, selfContained.includes(page.file));
          if (content.refusals.length === 0) {
            insertPolicy(page.document, contentSecurityPolicy({ ...content, trustedTypes }));
            page.changed = true;
          }
          return content.refusals;
        },
        take(ofPage: Refusal[], file) {
          if (ofPage.length > 0) refusals.set(file, ofPage);
        },
        problems: () => placed(refusals, sourceOf),
      };
    },
  };
}

/**
 * Refusals with their place: in the page's source where that has the words, else in the built page.
 * What a layout puts on many pages is told once.
 */
async function placed(
  refusals: ReadonlyMap<string, readonly Refusal[]>,
  sourceOf: SourceOf | undefined,
): Promise<Problem[]> {
  const inSources: Problem[] = [];
  const inLayouts = new Map<string, Problem[]>();
  for (const [file, ofPage] of refusals) {
    const source = await sourceOf?.(file);
    for (const refusal of ofPage) {
      const problem = { file, ...refusal };
      const inSource = place(problem, source);
      if (source && inSource.line !== undefined) inSources.push(inSource);
      else inLayouts.set(refusal.what, [...(inLayouts.get(refusal.what) ?? []), problem]);
    }
  }
  const once = [...inLayouts.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const pages = new Set(others.map(({ file }) => file).filter((file) => file !== first.file))
      .size;
    return pages === 0
      ? [first]
      : [{ ...first, what: `${first.what}, and on ${pages} more pages` }];
  });
  return [...inSources, ...once];
}
