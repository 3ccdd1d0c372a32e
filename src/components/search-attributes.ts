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
  const { id, record } = found;
  const filters = {
    projects: () => ['kind:project', `project:${id}`, ...maturityOf()],
    libraries: () => ['kind:library', ...jobsOf(), ...projectsOf()],
    concepts: () => ['kind:concept'],
  };
  const maturityOf = () =>
    found.kind === 'projects' ? [`maturity:${catalog.landscape(found.record).maturity}`] : [];
  const jobsOf = () =>
    found.kind === 'libraries' ? found.record.jobs.map((job) => `job:${job}`) : [];
  const projectsOf = () =>
    found.kind === 'libraries' ? catalog.projectsWith(found.record).map((p) => `project:${p}`) : [];
  return {
    'data-search-filters': filters[found.kind]().join(' '),
    ...(record.aliases.length > 0 && { 'data-search-names': record.aliases.join('|') }),
    ...(found.kind === 'projects' && { 'data-search-labels': `project:${id}` }),
  };
}
