import path from 'node:path';
import { type CatalogData, loadCatalog, type Problem } from '../catalog/index.ts';
import { checkRecords, checkShown, type Example, readExamples } from '../examples/examples.ts';

/** Everything that pages are made of, checked. */
export interface SiteContent {
  catalog: CatalogData;
  /** By name. */
  examples: Record<string, Example>;
}

/**
 * The first gate: reads facts, pages and examples, and checks them against each other.
 *
 * @param root folder that holds `content/`
 * @param today day that facts must not lie behind; the clock's if absent
 * @returns the content of the site, or all problems at once
 */
export async function loadSite(
  root: string,
  today?: string,
): Promise<SiteContent | { problems: Problem[] }> {
  const loaded = await loadCatalog(root, today);
  const { examples, problems } = await readExamples(root);
  problems.push(...checkRecords(examples));
  // Which examples pages show can only be told once every page could be read.
  if (loaded.pages) problems.push(...checkShown(examples, loaded.pages));
  if ('problems' in loaded) problems.push(...loaded.problems);
  if (problems.length > 0 || 'problems' in loaded) return { problems };
  return {
    catalog: loaded.catalog,
    examples: Object.fromEntries(examples.map((example) => [example.name, example])),
  };
}

const passed = new Map<string, SiteContent>();

/** Keeps content that has passed the first gate for the build that follows in this process. */
export function keepForBuild(root: string, content: SiteContent): void {
  passed.set(path.resolve(root), content);
}

/** The content that was kept for this build; undefined where none is being made, as while writing. */
export function keptForBuild(root: string): SiteContent | undefined {
  return passed.get(path.resolve(root));
}
