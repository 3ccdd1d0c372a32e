import type { Catalog } from '../catalog/index.ts';

/**
 * What a page says of itself to search, as attributes of its main heading: other words by which readers
 * look for it and for its sections, and its facets. src/search/page.ts reads them.
 *
 * @param page id of the page, `libraries/raft-rs`
 * @param aliases other words for sections, by id of the heading
 */
export function searchAttributes(
  catalog: Catalog,
  page: string,
  aliases: Readonly<Record<string, readonly string[]>> = {},
): Record<string, string> {
  const sections = { 'data-search-sections': JSON.stringify(aliases) };
  const found = catalog.recordOf(page);
  if (!found) return sections;
  const { kind, id, record } = found;
  return {
    ...sections,
    'data-search-filters': [`kind:${kindNames[kind]}`, ...ownFilters(catalog, found)].join(' '),
    ...(record.aliases.length > 0 && { 'data-search-names': record.aliases.join('|') }),
    ...(kind === 'projects' && { 'data-search-labels': `project:${id}` }),
  };
}

const kindNames = { projects: 'project', libraries: 'library', concepts: 'concept' };

function ownFilters(
  catalog: Catalog,
  found: NonNullable<ReturnType<Catalog['recordOf']>>,
): string[] {
  switch (found.kind) {
    case 'projects': {
      const { maturity } = catalog.landscape(found.record);
      return [`project:${found.id}`, `maturity:${maturity}`];
    }
    case 'libraries': {
      const jobs = found.record.jobs.map((job) => `job:${job}`);
      const projects = catalog.projectsWith(found.record).map((project) => `project:${project}`);
      return [...jobs, ...projects];
    }
    case 'concepts':
      return [];
  }
}
