/**
 * The facts of the site: reading, checking, joining and asking. Plain TypeScript that knows nothing
 * of Astro, components or HTML, so that any script can use it.
 */
import { type CatalogData, join } from './catalog.ts';
import { check } from './check.ts';
import type { Page } from './prose.ts';
import { readContent } from './read.ts';
import type { Problem } from './report.ts';

export { Catalog, type CatalogData, type Kind, type LockedUse } from './catalog.ts';
export { formatReport, type Problem, ReportedProblems, sortProblems } from './report.ts';

/**
 * Reads and checks everything below `content/`.
 *
 * @param root folder that holds `content/`
 * @param today day that facts must not lie behind, as year-month-day
 * @returns the joined catalog and the pages, or all problems at once with the pages that could be read
 */
export async function loadCatalog(
  root: string,
  today = new Date().toISOString().slice(0, 10),
): Promise<
  { catalog: CatalogData; pages: Page[] } | { problems: Problem[]; pages: Page[] | undefined }
> {
  const { content, problems } = await readContent(root);
  problems.push(...check(content, today));
  for (const name of ['landscape', 'advisories'] as const) {
    const file = `content/snapshots/${name}.json`;
    if (!content[name] && !content.broken.has(file)) {
      problems.push({
        file,
        what: 'the snapshot is missing',
        mend: 'run: npm run catalog -- refresh --mirror DIR',
      });
    }
  }
  if (problems.length === 0) return { catalog: join(content), pages: content.pages };
  const unreadable = [...content.broken].some((file) => file.startsWith('content/docs/'));
  return { problems, pages: unreadable ? undefined : content.pages };
}
