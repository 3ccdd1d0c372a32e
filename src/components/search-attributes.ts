import type { Catalog } from '../catalog/index.ts';

/**
 * What a page says of itself to search, as attributes of its main heading: other words by which readers
 * look for it, and its facets. src/search/page.ts reads them.
 *
 * @param page id of the page, `libraries/raft-rs`
 */
export function searchAttributes(catalog: Catalog, page: string): Record<string, string> {
  const found = catalog.recordOf(page);
  if (!found) return {};
  const { kind, id, record } = found;
  return {
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
