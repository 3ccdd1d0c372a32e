import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { type Problem, ReportedProblems } from '../catalog/report.ts';
import { filesBelow } from '../files.ts';
import { place, type SourceOf } from '../site-check/place.ts';
import { contentSecurityPolicy, policyElement } from './directives.ts';
import { type PageContent, readContent } from './page.ts';

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
 * Astro integration that gives every page its Content Security Policy, made from the final bytes:
 * it runs after all steps that change pages, and before those that only list or pack files.
 */
export function policy(options: PolicyOptions = {}): AstroIntegration {
  return {
    name: 'policy',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const { pages, problems } = await applyPolicies(fileURLToPath(dir), options);
        if (problems.length > 0) throw new ReportedProblems(problems);
        logger.info(`${pages} pages have their policy`);
      },
    },
  };
}

/**
 * Writes a policy into every page of a site, in place; into none if something is refused.
 *
 * @param directory folder of the site
 * @returns how many pages there are, and what no policy can allow
 */
export async function applyPolicies(
  directory: string,
  { trustedTypes, selfContained = ['404.html'], sourceOf }: PolicyOptions = {},
): Promise<{ pages: number; problems: Problem[] }> {
  const files = (await filesBelow(directory)).filter((file) => file.endsWith('.html'));
  const read = (file: string) => readFile(path.join(directory, file), 'utf8');
  const contents = new Map<string, PageContent>();
  for (const file of files) {
    contents.set(file, readContent(await read(file), selfContained.includes(file)));
  }

  const problems = await placed(contents, sourceOf);
  if (problems.length > 0) return { pages: files.length, problems };

  for (const [file, content] of contents) {
    const html = await read(file);
    const meta = policyElement(contentSecurityPolicy({ ...content, trustedTypes }));
    const { insertAt } = content;
    await writeFile(
      path.join(directory, file),
      html.slice(0, insertAt) + meta + html.slice(insertAt),
    );
  }
  return { pages: files.length, problems };
}

/**
 * Refusals with their place: in the page's source where that has the words, else in the built page.
 * What a layout puts on many pages is told once.
 */
async function placed(
  contents: ReadonlyMap<string, PageContent>,
  sourceOf: SourceOf | undefined,
): Promise<Problem[]> {
  const inSources: Problem[] = [];
  const inLayouts = new Map<string, Problem[]>();
  for (const [file, { refusals }] of contents) {
    const source = refusals.length > 0 ? await sourceOf?.(file) : undefined;
    for (const refusal of refusals) {
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
