import type { Reference } from './prose.ts';
import type { Content } from './read.ts';
import { compare } from './report.ts';
import type { Event, Fact } from './schema/common.ts';
import type { Concept } from './schema/concept.ts';
import type { Library } from './schema/library.ts';
import type { Measurement } from './schema/measurement.ts';
import type { Project } from './schema/project.ts';
import type {
  AdvisorySnapshot,
  LandscapeSnapshot,
  LinkSnapshot,
  RepositorySnapshot,
} from './schema/snapshot.ts';
import type { Source } from './schema/source.ts';

export type Kind = 'projects' | 'libraries' | 'concepts';

/** The checked catalog as plain data: what the site is built from, and what JSON can carry. */
export interface CatalogData {
  projects: Record<string, Project>;
  libraries: Record<string, Library>;
  concepts: Record<string, Concept>;
  sources: Record<string, Source>;
  repositories: Record<string, RepositorySnapshot>;
  landscape: LandscapeSnapshot;
  advisories: AdvisorySnapshot;
  links: LinkSnapshot | undefined;
  measurements: Record<string, Measurement>;
  pages: Record<string, PageInCatalog>;
}

/**
 * What pages know of each other, and a page of its own text. On what line something stands is not of
 * it: a longer paragraph would change every page.
 */
export interface PageInCatalog {
  id: string;
  /** Path of the file, relative to the project. */
  file: string;
  title: string;
  references: Reference[];
}

/** Use of a crate by a project, as one of its lockfiles says. */
export interface LockedUse {
  project: string;
  repo: string;
  crate: string;
  /** Every version in the lockfile, the newest first. */
  versions: { version: string; from: 'crates.io' | 'git' | 'path' }[];
  /** Day of the commit that the lockfile was read at. */
  asOf: string;
  commit: string;
}

/** A release of a project, or of one of its repositories. */
export interface ProjectRelease {
  version: string;
  date: string | undefined;
  /** The tag and the repository that has it; absent where a fact states the release. */
  tag?: string;
  repo?: string;
  /** Source of that fact. */
  source?: string;
}

/** Joins content that has passed its checks. */
export function join(content: Content): CatalogData {
  const byId = <T>(entries: { id: string; value: T }[]): Record<string, T> =>
    Object.fromEntries(entries.map(({ id, value }) => [id, value]));
  if (!content.landscape || !content.advisories) {
    throw new Error('join() needs the snapshots of landscape and advisories');
  }
  return {
    projects: byId(content.projects),
    libraries: byId(content.libraries),
    concepts: byId(content.concepts),
    sources: byId(content.sources),
    repositories: byId(content.repositories),
    landscape: content.landscape.value,
    advisories: content.advisories.value,
    links: content.links?.value,
    measurements: byId(content.measurements),
    pages: Object.fromEntries(
      content.pages.map(({ id, file, title, mentions }): [string, PageInCatalog] => {
        const references = mentions.map(({ line, ...reference }): Reference => reference);
        return [id, { id, file, title, references }];
      }),
    ),
  };
}

/** The questions that pages ask of the catalog. */
export class Catalog {
  readonly data: CatalogData;

  constructor(data: CatalogData) {
    this.data = data;
  }

  /** The record that a page is about: `libraries/raft-rs`. Undefined for pages that have none. */
  recordOf(
    page: string,
  ):
    | { kind: 'projects'; id: string; record: Project }
    | { kind: 'libraries'; id: string; record: Library }
    | { kind: 'concepts'; id: string; record: Concept }
    | undefined {
    const [kind, id = ''] = page.split('/');
    const { projects, libraries, concepts } = this.data;
    if (kind === 'projects' && projects[id]) return { kind, id, record: projects[id] };
    if (kind === 'libraries' && libraries[id]) return { kind, id, record: libraries[id] };
    if (kind === 'concepts' && concepts[id]) return { kind, id, record: concepts[id] };
    return undefined;
  }

  /** Where a record's page is, and how it is called. */
  find(id: string): { kind: Kind; name: string; summary: string; href: string } {
    for (const kind of ['projects', 'libraries', 'concepts'] as const) {
      const record = this.data[kind][id];
      if (record) {
        return { kind, name: record.name, summary: record.summary, href: `/${kind}/${id}.html` };
      }
    }
    throw new Error(`no record '${id}' in the catalog`);
  }

  /** A named fact of a record. */
  fact(of: string, name: string): Fact {
    const { projects, libraries, concepts } = this.data;
    const fact = (projects[of] ?? libraries[of] ?? concepts[of])?.facts[name];
    if (!fact) throw new Error(`no fact '${name}' of '${of}' in the catalog`);
    return fact;
  }

  source(id: string): Source {
    const source = this.data.sources[id];
    if (!source) throw new Error(`no source '${id}' in the catalog`);
    return source;
  }

  /** The day on which nothing was found any more at an address; undefined if that is not known. */
  deadSince(address: string): string | undefined {
    const { links } = this.data;
    return links?.dead[address.replace(/#.*/, '')] === undefined ? undefined : links.checked;
  }

  repository(repo: string): RepositorySnapshot {
    const snapshot = this.data.repositories[repo];
    if (!snapshot) throw new Error(`no snapshot of '${repo}' in the catalog`);
    return snapshot;
  }

  /** Maturity, dates and category of a project, from the CNCF landscape. */
  landscape(project: Project): LandscapeSnapshot['projects'][number] {
    const entry = this.data.landscape.projects.find(({ name }) => name === project.landscape);
    if (!entry) throw new Error(`'${project.landscape}' is not in the landscape snapshot`);
    return entry;
  }

  /** A library's newest release: from its tags, or as the record states where tags do not tell. */
  release(library: Library): { version: string; date: string | undefined } | undefined {
    if (library.release) return { version: library.release.version, date: library.release.date };
    return this.repository(library.repository.repo).release ?? undefined;
  }

  /**
   * The oldest Rust that a library's own manifest allows, which is not what its dependencies need: as the
   * record states, or of the manifest at the release.
   */
  msrvOf({
    msrv,
    repository,
  }: Library): { version: string; note?: string | undefined; source?: string } | undefined {
    if (msrv) return { version: String(msrv.value), note: msrv.note, source: msrv.source };
    const version = this.repository(repository.repo).manifest?.rustVersion;
    return version ? { version } : undefined;
  }

  /** Who looks after a library, and where to read about them. */
  stewardOf({ steward }: Library): { name: string; href: string } {
    return 'project' in steward
      ? this.find(steward.project)
      : { name: steward.name, href: steward.url };
  }

  /**
   * A project's newest releases: of the repositories that ship it, or as its facts `release` and
   * `release-day` state where no copy of a repository tells.
   */
  releasesOf(project: Project): ProjectRelease[] {
    const { release, 'release-day': day } = project.facts;
    if (release) {
      const { value: version, source } = release;
      return [{ version: String(version), date: day && String(day.value), source }];
    }
    return project.repositories.flatMap(({ repo, ships }) => {
      const tagged = this.repository(repo).release;
      return ships && tagged ? [{ ...tagged, repo }] : [];
    });
  }

  /**
   * A project's licence: as its fact `licence` states where manifests have none or do not name it
   * as SPDX does, or of the first manifest that has one.
   */
  licenceOf(project: Project): { name: string; source?: string } | undefined {
    const { licence } = project.facts;
    if (licence) return { name: String(licence.value), source: licence.source };
    const name = project.repositories
      .map(({ repo }) => this.repository(repo).manifest?.licence)
      .find(Boolean);
    return name ? { name } : undefined;
  }

  /**
   * Sources of a page and its record in the order in which the page first refers to them, by id, and
   * whether a number leads to them there.
   */
  sourcesOf(page: string): Map<string, { numbered: boolean }> {
    const found = new Map<string, { numbered: boolean }>();
    const add = (id: string, numbered: boolean) => {
      found.set(id, { numbered: numbered || found.get(id)?.numbered === true });
    };
    for (const reference of this.data.pages[page]?.references ?? []) {
      if ('source' in reference) add(reference.source, !reference.inWords);
      else add(this.fact(reference.of, reference.name).source, true);
    }
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('source' in value && typeof value.source === 'string') add(value.source, true);
      Object.values(value).forEach(visit);
    };
    visit(this.recordOf(page)?.record);
    return found;
  }

  /** Number under which a page lists a source, from 1. */
  sourceNumber(page: string, source: string): number {
    const index = [...this.sourcesOf(page).keys()].indexOf(source);
    if (index < 0) throw new Error(`'${page}' does not refer to source '${source}'`);
    return index + 1;
  }

  /** Repositories whose snapshots a page draws on: of the record itself and of its users' lockfiles. */
  snapshotsOf(page: string): RepositorySnapshot[] {
    const found = this.recordOf(page);
    if (!found || found.kind === 'concepts') return [];
    const repos =
      found.kind === 'projects'
        ? found.record.repositories.map(({ repo }) => repo)
        : [
            found.record.repository.repo,
            ...this.usesOf(found.record.crate).map(({ repo }) => repo),
          ];
    return [...new Set(repos)].map((repo) => this.repository(repo));
  }

  /** The day on which the oldest fact of a page was true or read; undefined where it has none. */
  oldestFact(page: string): string | undefined {
    const days = this.snapshotsOf(page).map(({ committed }) => committed);
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('read' in value && typeof value.read === 'string') days.push(value.read);
      Object.values(value).forEach(visit);
    };
    visit(this.recordOf(page)?.record);
    return days.sort(compare)[0];
  }

  /** Which projects have a crate in a lockfile, and at which versions. */
  usesOf(crate: string): LockedUse[] {
    return Object.entries(this.data.projects).flatMap(([project, { repositories }]) =>
      repositories.flatMap(({ repo }) => this.locked(project, repo, crate) ?? []),
    );
  }

  /** A crate in the lockfile of one repository of a project. */
  locked(project: string, repo: string, crate: string): LockedUse | undefined {
    const { lock, committed, commit } = this.repository(repo);
    const versions = lock?.crates
      .filter(({ name }) => name === crate)
      .map(({ version, from }) => ({ version, from }))
      .sort((a, b) => compareVersions(b.version, a.version));
    if (!versions || versions.length === 0) return undefined;
    return { project, repo, crate, versions, asOf: committed, commit };
  }

  /** Projects that have a library in a lockfile, and whether their own manifests ask for it. */
  usersOf({ crate, production }: Library): { project: string; direct: boolean }[] {
    const projects = new Set(this.usesOf(crate).map(({ project }) => project));
    return [...projects].map((project) => ({
      project,
      direct: production.some((use) => use.project === project && !use.indirect),
    }));
  }

  /** Advisories for the crates of a library that were not withdrawn, the newest first. */
  advisoriesOf(library: Library): AdvisorySnapshot['advisories'] {
    const crates = [library.crate, ...library.crates];
    return this.data.advisories.advisories
      .filter(({ crate, withdrawn }) => crates.includes(crate) && !withdrawn)
      .sort((a, b) => compare(b.date, a.date) || compare(b.id, a.id));
  }

  /** The library that publishes a crate, if the catalog has it. */
  libraryOfCrate(crate: string): string | undefined {
    return Object.keys(this.data.libraries).find((id) => {
      const library = this.data.libraries[id];
      return library?.crate === crate || library?.crates.includes(crate);
    });
  }

  /** Libraries that a project stewards. */
  librariesOf(project: string): string[] {
    return Object.keys(this.data.libraries).filter((id) => {
      const steward = this.data.libraries[id]?.steward;
      return steward && 'project' in steward && steward.project === project;
    });
  }

  /** Projects that have a library in a lockfile, and the one that stewards it. */
  projectsWith(library: Library): string[] {
    const { steward } = library;
    const users = this.usersOf(library).map(({ project }) => project);
    return [...new Set('project' in steward ? [...users, steward.project] : users)];
  }

  /** What happened to any record, the newest first; with the page that tells it. */
  events(): (Event & { page: string; name: string })[] {
    const events = (['projects', 'libraries', 'concepts'] as const).flatMap((kind) =>
      Object.entries(this.data[kind]).flatMap(([id, { name, history }]) =>
        history.map((event) => ({ ...event, page: `${kind}/${id}`, name })),
      ),
    );
    return events.sort((a, b) => compare(b.date, a.date) || compare(a.page, b.page));
  }

  /** Every dated fact with the place where it stands, for judging what is stale. */
  datedFacts(): { where: string; read: string }[] {
    const found: { where: string; read: string }[] = [];
    const visit = (value: unknown, where: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('read' in value && typeof value.read === 'string')
        found.push({ where, read: value.read });
      for (const [key, item] of Object.entries(value)) visit(item, `${where}.${key}`);
    };
    for (const kind of ['projects', 'libraries', 'concepts'] as const) {
      for (const [id, record] of Object.entries(this.data[kind])) visit(record, `${kind}/${id}`);
    }
    for (const snapshot of Object.values(this.data.repositories)) {
      found.push({ where: `snapshot of ${snapshot.repo}`, read: snapshot.committed });
    }
    for (const snapshot of [this.data.landscape, this.data.advisories]) {
      found.push({ where: `snapshot of ${snapshot.repo}`, read: snapshot.committed });
    }
    return found.sort((a, b) => compare(a.read, b.read) || compare(a.where, b.where));
  }
}

/** Compares versions number by number; what follows a hyphen or plus sorts before the release. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[.+-]/));
  for (let i = 0; i < Math.max(left?.length ?? 0, right?.length ?? 0); i++) {
    const [x, y] = [left?.[i], right?.[i]];
    if (x === y) continue;
    if (x === undefined) return /^\d+$/.test(y ?? '') ? -1 : 1;
    if (y === undefined) return /^\d+$/.test(x) ? 1 : -1;
    const [m, n] = [Number(x), Number(y)];
    return Number.isNaN(m) || Number.isNaN(n) ? compare(x, y) : m - n;
  }
  return 0;
}

export type { Event, Fact };
