import type { Catalog } from '../catalog/index.ts';
import { compare } from '../catalog/report.ts';
import { jobs } from '../catalog/schema/library.ts';

/** A page in the navigation. */
export interface Link {
  /** Page id, like `libraries/raft-rs`. */
  id: string;
  label: string;
  href: string;
}

/** Pages under one heading; without a heading they stand at the top. */
export interface Group {
  label?: string;
  links: Link[];
}

/** A part of the site. Readers see the pages of their own section, and the others as one link each. */
export interface Section {
  id: string;
  label: string;
  href: string;
  groups: Group[];
}

/** The sections of the site with their pages, in reading order. */
export function sections(catalog: Catalog): Section[] {
  const { projects, libraries, concepts, pages } = catalog.data;
  const link = (kind: string, id: string, name: string): Link => ({
    id: `${kind}/${id}`,
    label: name,
    href: `/${kind}/${id}.html`,
  });
  const byName = (kind: string, records: Record<string, { name: string }>): Link[] =>
    Object.entries(records)
      .map(([id, { name }]) => link(kind, id, name))
      .sort((a, b) => compare(a.label.toLowerCase(), b.label.toLowerCase()));

  const byJob = Object.entries(jobs).flatMap(([job, label]): Group[] => {
    const ids = Object.entries(libraries).filter(([, library]) => library.jobs[0] === job);
    return ids.length === 0 ? [] : [{ label, links: byName('libraries', Object.fromEntries(ids)) }];
  });
  const about = Object.values(pages)
    .filter(({ id }) => id.startsWith('about/') && id !== 'about/index')
    .map(({ id, title }): Link => ({ id, label: title, href: `/${id}.html` }));

  return [
    {
      id: 'projects',
      label: 'Projects',
      href: '/projects.html',
      groups: [{ links: byName('projects', projects) }],
    },
    { id: 'libraries', label: 'Libraries', href: '/libraries.html', groups: byJob },
    {
      id: 'concepts',
      label: 'Concepts',
      href: '/concepts.html',
      groups: [{ links: byName('concepts', concepts) }],
    },
    { id: 'about', label: 'About', href: '/about.html', groups: [{ links: about }] },
  ];
}

/** The section that a page belongs to: its own index page included. */
export function sectionOf(all: readonly Section[], page: string): Section | undefined {
  const [id] = page.split('/');
  return all.find((section) => section.id === id);
}

/** Pages that the sidebar lists before and after the present one; beyond, the section's index serves. */
const reach = 30;

/**
 * The groups of a section as the sidebar of one of its pages shows them: all of them, or of a large
 * section only what is near. Otherwise the output would grow with the square of the pages.
 *
 * @param page id of the page; the beginning of the section is shown for its index
 */
export function nearby({ groups }: Section, page: string): Group[] {
  const order = groups.flatMap(({ links }) => links);
  if (order.length <= 2 * reach + 1) return groups;
  const at = order.findIndex(({ id }) => id === page);
  const from = Math.min(Math.max(0, at - reach), order.length - 2 * reach - 1);
  const near = new Set(order.slice(from, from + 2 * reach + 1));
  return groups
    .map((group) => ({ ...group, links: group.links.filter((link) => near.has(link)) }))
    .filter(({ links }) => links.length > 0);
}

/** The pages before and after one, within its section; the section's index comes first. */
export function neighbours(
  section: Section | undefined,
  page: string,
): { previous: Link | undefined; next: Link | undefined } {
  if (!section) return { previous: undefined, next: undefined };
  const order: Link[] = [
    { id: section.id, label: section.label, href: section.href },
    ...section.groups.flatMap(({ links }) => links),
  ];
  const at = order.findIndex(({ id }) => id === page);
  return at < 0
    ? { previous: undefined, next: undefined }
    : { previous: order[at - 1], next: order[at + 1] };
}
