import type { Content, Entry } from './read.ts';
import type { Problem } from './report.ts';
import type { Fact } from './schema/common.ts';
import { addressOf } from './schema/source.ts';

/** What a record of any kind has in common, as far as checks across records need it. */
type Any = Entry<{
  facts: Record<string, Fact>;
  related: string[];
  history: { date: string }[];
}>;

/** Kinds of records with the folder of their pages. */
const kinds = ['projects', 'libraries', 'concepts'] as const;

/**
 * Checks what was read against each other: references, pages and records, dates, snapshots.
 *
 * @param today the day of the check; later days are refused as dates of facts
 * @returns all problems, in no particular order
 */
export function check(content: Content, today: string): Problem[] {
  const problems: Problem[] = [];
  const report = (
    at: { file: string; lineOf(path: readonly PropertyKey[]): number },
    path: readonly PropertyKey[],
    what: string,
    mend: string,
  ) => problems.push({ file: at.file, line: at.lineOf(path), what, mend });

  const records: Any[] = kinds.flatMap((kind): Any[] => content[kind]);
  // An id is known even if its file is broken: what refers to it is not wrong.
  const brokenIds = [...content.broken].map((file) => file.replace(/^.*\/|\.\w+$/g, ''));
  const recordIds = new Set([...records.map(({ id }) => id), ...brokenIds]);
  const sourceIds = new Set(content.sources.map(({ id }) => id));
  const sourcesBroken = [...content.broken].some((file) => file.includes('/catalog/sources/'));
  const projectIds = new Set([...content.projects.map(({ id }) => id), ...brokenIds]);
  const usedSources = new Set<string>();

  const wantSource = (at: Any | Entry<unknown>, path: readonly PropertyKey[], id: string) => {
    usedSources.add(id);
    if (sourceIds.has(id) || sourcesBroken) return;
    report(
      at,
      path,
      `there is no source '${id}'`,
      'add it to content/catalog/sources, or correct the id',
    );
  };
  const notLater = (at: Entry<unknown>, path: readonly PropertyKey[], date: string) => {
    if (date.slice(0, 10) <= today.slice(0, date.length)) return;
    report(
      at,
      path,
      `${date} lies in the future`,
      'write the day on which it happened or was read',
    );
  };

  // Ids: one meaning each, over all kinds, because addresses and references leave the kind out.
  for (const group of [records, content.sources]) {
    const seen = new Map<string, string>();
    for (const entry of group) {
      const first = seen.get(entry.id);
      if (first)
        report(entry, [], `the id '${entry.id}' is taken by ${first}`, 'choose another id');
      else seen.set(entry.id, entry.file);
    }
  }

  // Whatever carries a source and a day, however deep.
  for (const record of records) {
    walk(record.value, [], (value, path) => {
      if (typeof value.source === 'string') wantSource(record, [...path, 'source'], value.source);
      if (typeof value.read === 'string') notLater(record, [...path, 'read'], value.read);
      if (typeof value.date === 'string') notLater(record, [...path, 'date'], value.date);
    });
    record.value.related.forEach((id, i) => {
      if (id === record.id) {
        report(record, ['related', i], 'the record is related to itself', 'remove the entry');
      } else if (!recordIds.has(id)) {
        report(
          record,
          ['related', i],
          `there is no record '${id}'`,
          'correct the id, or write the record',
        );
      }
    });
    const dates = record.value.history.map(({ date }) => date);
    dates.forEach((date, i) => {
      const before = dates[i - 1];
      if (before !== undefined && before > date) {
        report(
          record,
          ['history', i],
          `${date} comes after ${before}`,
          'order the history by date, oldest first',
        );
      }
    });
  }
  const places = new Map<string, string>();
  for (const source of content.sources) {
    const address = addressOf(source.value);
    const first = places.get(address);
    if (first) {
      report(source, [], `'${source.id}' is the same place as '${first}'`, 'keep one of them');
    } else places.set(address, source.id);
  }
  for (const source of content.sources) notLater(source, ['read'], source.value.read);

  // Records against each other and against snapshots.
  const locks = new Map(content.repositories.map(({ value }) => [value.repo, value.lock]));
  const snapshotsBroken = [...content.broken].some((file) => file.includes('/snapshots/'));
  const wantSnapshot = (at: Entry<unknown>, path: readonly PropertyKey[], repo: string) => {
    if (locks.has(repo) || snapshotsBroken) return;
    report(
      at,
      path,
      `there is no snapshot of ${repo}`,
      'run: npm run catalog -- refresh --mirror DIR',
    );
  };
  const wantPattern = (at: Entry<unknown>, path: readonly PropertyKey[], tags: string) => {
    if (isPattern(tags)) return;
    report(
      at,
      path,
      `'${tags}' is no pattern with a group for the version`,
      'write a regular expression like ^v(\\d+\\.\\d+\\.\\d+)$',
    );
  };
  for (const project of content.projects) {
    const { landscape, repositories, buildsOn, gaveBack } = project.value;
    if (content.landscape && !content.landscape.value.projects.some((p) => p.name === landscape)) {
      report(
        project,
        ['landscape'],
        `the landscape snapshot has no project '${landscape}'`,
        'correct the name, or refresh the snapshots',
      );
    }
    repositories.forEach(({ repo, tags }, i) => {
      wantSnapshot(project, ['repositories', i, 'repo'], repo);
      if (tags !== undefined) wantPattern(project, ['repositories', i, 'tags'], tags);
    });
    buildsOn.forEach(({ repo, crate }, i) => {
      if (!repositories.some((r) => r.repo === repo)) {
        report(
          project,
          ['buildsOn', i, 'repo'],
          `${repo} is not among the repositories of this project`,
          'name one of them',
        );
        return;
      }
      const lock = locks.get(repo);
      if (lock !== undefined && !lock?.crates.some(({ name }) => name === crate)) {
        report(
          project,
          ['buildsOn', i, 'crate'],
          `the Cargo.lock of ${repo} has no crate '${crate}'`,
          'correct the name, or refresh the snapshots',
        );
      }
    });
    gaveBack.forEach(({ library }, i) => {
      if (!content.libraries.some(({ id }) => id === library) && !brokenIds.includes(library)) {
        report(
          project,
          ['gaveBack', i, 'library'],
          `there is no library '${library}'`,
          'correct the id',
        );
      }
    });
  }
  for (const library of content.libraries) {
    const { steward, repository, production } = library.value;
    if ('project' in steward && !projectIds.has(steward.project)) {
      report(
        library,
        ['steward', 'project'],
        `there is no project '${steward.project}'`,
        'name a project of the catalog, or a steward by name and url',
      );
    }
    wantSnapshot(library, ['repository', 'repo'], repository.repo);
    wantPattern(library, ['repository', 'tags'], repository.tags);
    production.forEach(({ project }, i) => {
      if (!projectIds.has(project)) {
        report(
          library,
          ['production', i, 'project'],
          `there is no project '${project}'`,
          'name a project of the catalog',
        );
      }
    });
  }

  // Pages and records belong together, both ways.
  const pageIds = new Set(content.pages.map(({ id }) => id));
  for (const kind of kinds) {
    for (const record of content[kind]) {
      if (
        !pageIds.has(`${kind}/${record.id}`) &&
        !content.broken.has(`content/docs/${kind}/${record.id}.mdx`)
      ) {
        problems.push({
          file: record.file,
          what: 'these facts have no page',
          mend: `write content/docs/${kind}/${record.id}.mdx`,
        });
      }
    }
  }
  for (const page of content.pages) {
    const [kind, id, deeper] = page.id.split('/');
    if (!isKind(kind) || id === undefined || id === 'index' || deeper !== undefined) continue;
    if (!content[kind].some((record) => record.id === id) && !brokenIds.includes(id)) {
      problems.push({
        file: page.file,
        what: 'this page has no facts',
        mend: `write content/catalog/${kind}/${id}.yaml`,
      });
    }
  }

  // What pages refer to.
  const usedFacts = new Set<string>();
  for (const page of content.pages) {
    for (const mention of page.mentions) {
      const at = { file: page.file, line: mention.line };
      if ('source' in mention) {
        usedSources.add(mention.source);
        if (!sourceIds.has(mention.source) && !sourcesBroken) {
          problems.push({
            ...at,
            what: `there is no source '${mention.source}'`,
            mend: 'add it to content/catalog/sources, or correct the id',
          });
        }
        continue;
      }
      usedFacts.add(`${mention.of}.${mention.name}`);
      const record = records.find(({ id }) => id === mention.of);
      if (!record) {
        if (!recordIds.has(mention.of)) {
          problems.push({
            ...at,
            what: `there is no record '${mention.of}'`,
            mend: 'correct the id',
          });
        }
      } else if (!Object.hasOwn(record.value.facts, mention.name)) {
        problems.push({
          ...at,
          what: `'${mention.of}' has no fact '${mention.name}'`,
          mend: `add it to ${record.file}, or correct the name`,
        });
      }
    }
    for (const { href, line } of page.links) {
      const problem = linkProblem(href, page.id, pageIds, content.broken);
      if (problem) problems.push({ file: page.file, line, ...problem });
    }
  }

  // What nothing refers to is either forgotten on a page or left over. Not judged while pages are broken.
  const pagesBroken = [...content.broken].some((file) => file.startsWith('content/docs/'));
  if (!pagesBroken) {
    for (const record of records) {
      for (const name of Object.keys(record.value.facts)) {
        if (!usedFacts.has(`${record.id}.${name}`)) {
          report(
            record,
            ['facts', name],
            `the fact '${name}' is shown nowhere`,
            `show it with <Fact of="${record.id}" name="${name}" />, or remove it`,
          );
        }
      }
    }
    if (content.broken.size === 0) {
      for (const source of content.sources) {
        if (!usedSources.has(source.id)) {
          report(
            source,
            [],
            `nothing refers to the source '${source.id}'`,
            'cite it, or remove it',
          );
        }
      }
    }
  }
  return problems;
}

/** What is wrong with a link inside the site, as far as prose alone can tell. Anchors come later. */
function linkProblem(
  href: string,
  from: string,
  pages: ReadonlySet<string>,
  broken: ReadonlySet<string>,
): { what: string; mend: string } | undefined {
  if (/^(https:|mailto:|#)/.test(href)) return undefined;
  if (!href.startsWith('/')) {
    return {
      what: `the link '${href}' is neither absolute nor an anchor`,
      mend: 'start it with / or https://',
    };
  }
  const file = href.replace(/[?#].*$/, '');
  const id = file === '/' ? 'index' : file.slice(1).replace(/\.html$/, '');
  if (file !== '/' && !file.endsWith('.html')) {
    return {
      what: `the link '${href}' does not end at a file`,
      mend: `write ${file.replace(/\/$/, '')}.html`,
    };
  }
  if (pages.has(id) || pages.has(`${id}/index`) || broken.has(`content/docs/${id}.mdx`))
    return undefined;
  return { what: `the link '${href}' on ${from} leads to no page`, mend: 'correct the address' };
}

/** Visits every map inside a value. */
function walk(
  value: unknown,
  path: PropertyKey[],
  visit: (value: Record<string, unknown>, path: PropertyKey[]) => void,
): void {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) walk(item, [...path, i], visit);
  } else if (typeof value === 'object' && value !== null) {
    visit(value as Record<string, unknown>, path);
    for (const [key, item] of Object.entries(value)) walk(item, [...path, key], visit);
  }
}

function isKind(name: string | undefined): name is (typeof kinds)[number] {
  return kinds.some((kind) => kind === name);
}

function isPattern(pattern: string): boolean {
  try {
    // A pattern that also matches the empty string tells how many groups it has.
    return (new RegExp(`${pattern}|`).exec('')?.length ?? 0) > 1;
  } catch {
    return false;
  }
}
