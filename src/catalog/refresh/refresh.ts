import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { compareVersions } from '../catalog.ts';
import type { Content } from '../read.ts';
import { compare, type Problem, ReportedProblems } from '../report.ts';
import type {
  AdvisorySnapshot,
  LandscapeSnapshot,
  RepositorySnapshot,
} from '../schema/snapshot.ts';
import { type Blob, Repository } from './git.ts';

const landscapeRepository = 'cncf/landscape';
const advisoryRepository = 'rustsec/advisory-db';

/** What the records of the catalog want to know of one repository. */
interface Wanted {
  repo: string;
  manifest: string | undefined;
  tags: string | undefined;
}

/**
 * Reads bare clones and rewrites `content/snapshots`. Identical clones give identical bytes: what is
 * written carries the day of each commit, never that of the run. Nothing is written if anything
 * cannot be read.
 *
 * @param mirror folder with a clone of `owner/name` at `owner+name/repo`
 * @returns the files written, relative to `root`
 * @throws ReportedProblems naming every clone, file or tag that could not be read
 */
export async function refresh(root: string, mirror: string, content: Content): Promise<string[]> {
  const problems: Problem[] = [];
  const files = new Map<string, unknown>();
  const crates = shownCrates(content);

  const open = async (repo: string): Promise<Repository | undefined> => {
    const folder = path.join(mirror, repo.replace('/', '+'), 'repo');
    const there = await access(path.join(folder, 'HEAD')).then(
      () => true,
      () => false,
    );
    if (there) return new Repository(folder);
    problems.push({
      file: `${repo.replace('/', '+')}/repo`,
      what: `the mirror has no bare clone of ${repo}`,
      mend: `git clone --bare the repository to this folder of the mirror`,
    });
    return undefined;
  };

  for (const wanted of wantedRepositories(content)) {
    const clone = await open(wanted.repo);
    if (!clone) continue;
    const snapshot = await readRepository(clone, wanted, crates, problems);
    files.set(`content/snapshots/repositories/${wanted.repo.replace('/', '+')}.json`, snapshot);
  }

  const landscape = await open(landscapeRepository);
  if (landscape) {
    const names = content.projects.map(({ value }) => value.landscape);
    files.set('content/snapshots/landscape.json', await readLandscape(landscape, names, problems));
  }
  const advisories = await open(advisoryRepository);
  if (advisories) {
    const names = content.libraries.flatMap(({ value }) => [value.crate, ...value.crates]);
    files.set(
      'content/snapshots/advisories.json',
      await readAdvisories(advisories, names, problems),
    );
  }

  if (problems.length > 0) throw new ReportedProblems(problems);
  await rm(path.join(root, 'content/snapshots'), { recursive: true, force: true });
  await mkdir(path.join(root, 'content/snapshots/repositories'), { recursive: true });
  for (const [file, value] of files) {
    await writeFile(path.join(root, file), `${JSON.stringify(value, null, 2)}\n`);
  }
  return [...files.keys()];
}

/** Repositories that records name, each once, in a fixed order. */
function wantedRepositories(content: Content): Wanted[] {
  const wanted = new Map<string, Wanted>();
  const want = (repo: string, manifest: string | undefined, tags: string | undefined) => {
    const before = wanted.get(repo);
    wanted.set(repo, {
      repo,
      manifest: before?.manifest ?? manifest,
      tags: before?.tags ?? tags,
    });
  };
  for (const { value } of content.libraries) {
    want(value.repository.repo, value.repository.manifest, value.repository.tags);
  }
  for (const { value } of content.projects) {
    for (const { repo, tags } of value.repositories) want(repo, 'Cargo.toml', tags);
  }
  return [...wanted.values()].sort((a, b) => compare(a.repo, b.repo));
}

/** Crates whose locked versions some page shows. */
function shownCrates(content: Content): Set<string> {
  return new Set([
    ...content.libraries.flatMap(({ value }) => [value.crate, ...value.crates]),
    ...content.projects.flatMap(({ value }) => value.buildsOn.map(({ crate }) => crate)),
  ]);
}

async function readRepository(
  clone: Repository,
  { repo, manifest, tags }: Wanted,
  crates: ReadonlySet<string>,
  problems: Problem[],
): Promise<RepositorySnapshot> {
  const release = tags === undefined ? null : newestRelease(await clone.tags(), new RegExp(tags));
  const toml = async (revision: string, file: string): Promise<Toml | undefined> => {
    const text = await clone.show(revision, file);
    if (text === undefined) return undefined;
    try {
      return parseToml(text) as Toml;
    } catch (error) {
      problems.push({
        file: `${repo.replace('/', '+')}/repo:${file}`,
        line: (error as { line?: number }).line,
        what: `not valid TOML (${firstLine(error)})`,
        mend: 'fetch the clone again',
      });
      return undefined;
    }
  };

  // The manifest of the release that readers can install; the main branch may be ahead of it.
  const released = release?.tag ?? 'HEAD';
  return {
    repo,
    ...(await clone.head()),
    release,
    manifest:
      manifest === undefined
        ? null
        : readManifest(
            manifest,
            await toml(released, manifest),
            await toml(released, 'Cargo.toml'),
          ),
    lines: await countLines(clone, await clone.files()),
    lock: readLock(await toml('HEAD', 'Cargo.lock'), crates),
  };
}

interface Toml {
  [key: string]: unknown;
}

/** The release tag with the highest version; pre-releases do not match the catalog's patterns. */
export function newestRelease(
  tags: readonly { tag: string; date: string }[],
  pattern: RegExp,
): RepositorySnapshot['release'] {
  const releases = tags.flatMap(({ tag, date }) => {
    const version = pattern.exec(tag)?.[1];
    return version === undefined ? [] : [{ tag, version, date }];
  });
  return releases.sort((a, b) => compareVersions(b.version, a.version))[0] ?? null;
}

/** Licence, edition and rust-version of a package; what it inherits comes from its workspace. */
export function readManifest(
  file: string,
  manifest: Toml | undefined,
  workspaceManifest: Toml | undefined,
): RepositorySnapshot['manifest'] {
  if (!manifest) return null;
  const table = (value: unknown): Toml =>
    typeof value === 'object' && value ? (value as Toml) : {};
  const own = table(manifest.package);
  const shared = table(table((workspaceManifest ?? manifest).workspace).package);
  const field = (name: string): string | null => {
    const value = own[name] ?? shared[name];
    if (typeof value === 'string') return value;
    const inherited = shared[name];
    return typeof inherited === 'string' ? inherited : null;
  };
  return {
    path: file,
    licence: field('license'),
    edition: field('edition'),
    rustVersion: field('rust-version'),
  };
}

/** Packages of a Cargo.lock, reduced to those that pages show. */
export function readLock(
  lock: Toml | undefined,
  crates: ReadonlySet<string>,
): RepositorySnapshot['lock'] {
  if (!lock) return null;
  const packages = (lock.package ?? []) as { name: string; version: string; source?: string }[];
  return {
    packages: packages.length,
    crates: packages
      .filter(({ name }) => crates.has(name))
      .map(({ name, version, source }) => ({
        name,
        version,
        from:
          source === undefined
            ? ('path' as const)
            : source.startsWith('git+')
              ? ('git' as const)
              : ('crates.io' as const),
      }))
      .sort((a, b) => compare(a.name, b.name) || compareVersions(a.version, b.version)),
  };
}

/** Endings of files that count as source code. */
const sourceFile =
  /\.(rs|go|c|h|cc|cpp|cxx|hpp|java|kt|py|rb|js|jsx|ts|tsx|mjs|sh|bash|proto|sql|swift)$/;

/** Counts lines that are not blank; tests and generated code are source too. */
async function countLines(
  clone: Repository,
  files: readonly Blob[],
): Promise<RepositorySnapshot['lines']> {
  const sources = files.filter(({ path }) => sourceFile.test(path));
  const contents = await clone.read(sources);
  const counts = contents.map(nonBlankLines);
  const sum = (pick: (file: Blob) => boolean) =>
    sources.reduce((total, file, i) => total + (pick(file) ? (counts[i] ?? 0) : 0), 0);
  const isRust = ({ path }: Blob) => path.endsWith('.rs');
  return {
    rust: sum(isRust),
    all: sum(() => true),
    rustFiles: sources.filter(isRust).length,
  };
}

/** Lines with at least one character that is neither space nor tab. */
export function nonBlankLines(bytes: Uint8Array): number {
  let lines = 0;
  let blank = true;
  for (const byte of bytes) {
    if (byte === 10) {
      if (!blank) lines++;
      blank = true;
    } else if (byte !== 32 && byte !== 9 && byte !== 13) blank = false;
  }
  return blank ? lines : lines + 1;
}

async function readLandscape(
  clone: Repository,
  names: readonly string[],
  problems: Problem[],
): Promise<LandscapeSnapshot> {
  const blob = (await clone.files()).find(({ path }) => path === 'landscape.yml');
  const [bytes] = blob ? await clone.read([blob]) : [];
  let landscape: LandscapeCategory[] = [];
  try {
    landscape = parseYaml(bytes?.toString('utf8') ?? '', { schema: 'core' })?.landscape ?? [];
  } catch (error) {
    problems.push({
      file: 'cncf+landscape/repo:landscape.yml',
      what: `not valid YAML (${firstLine(error)})`,
      mend: 'fetch the clone again',
    });
    names = [];
  }
  const items = landscape.flatMap(({ subcategories }) =>
    subcategories.flatMap(({ name, items }) =>
      (items ?? []).map((item) => ({ item, category: name })),
    ),
  );
  const projects = names.flatMap((name) => {
    const found = items.find(({ item }) => item.name === name && item.project !== undefined);
    if (!found) {
      problems.push({
        file: 'cncf+landscape/repo:landscape.yml',
        what: `there is no project '${name}'`,
        mend: "correct 'landscape' in the project's record",
      });
      return [];
    }
    const { project, extra = {} } = found.item;
    return [
      {
        name,
        maturity: project as LandscapeSnapshot['projects'][number]['maturity'],
        category: found.category,
        accepted: extra.accepted ?? null,
        incubating: extra.incubating ?? null,
        graduated: extra.graduated ?? null,
        archived: extra.archived ?? null,
      },
    ];
  });
  return { repo: landscapeRepository, ...(await clone.head()), projects };
}

interface LandscapeCategory {
  subcategories: {
    name: string;
    items: { name: string; project?: string; extra?: Record<string, string> }[] | null;
  }[];
}

async function readAdvisories(
  clone: Repository,
  crates: readonly string[],
  problems: Problem[],
): Promise<AdvisorySnapshot> {
  const wanted = new Set(crates);
  const blobs = (await clone.files())
    .filter(({ path }) => {
      const [, crate] = /^crates\/([^/]+)\/RUSTSEC-[\d-]+\.md$/.exec(path) ?? [];
      return crate !== undefined && wanted.has(crate);
    })
    .sort((a, b) => compare(a.path, b.path));
  const texts = await clone.read(blobs);
  const advisories = blobs.flatMap(({ path }, i) => {
    const advisory = parseAdvisory(texts[i]?.toString('utf8') ?? '');
    if (advisory) return [advisory];
    problems.push({
      file: `rustsec+advisory-db/repo:${path}`,
      what: 'the advisory has no readable front matter',
      mend: 'fetch the clone again',
    });
    return [];
  });
  return { repo: advisoryRepository, ...(await clone.head()), advisories };
}

/** An advisory is Markdown: TOML in a fence, then a title. Undefined if it is not. */
export function parseAdvisory(text: string): AdvisorySnapshot['advisories'][number] | undefined {
  const [, toml, rest] =
    /^```toml\n([\s\S]*?)\n```([\s\S]*)$/.exec(text.replaceAll('\r\n', '\n')) ?? [];
  const [, title] = /^# (.+)$/m.exec(rest ?? '') ?? [];
  if (toml === undefined || title === undefined) return undefined;
  try {
    const front = parseToml(toml) as {
      advisory: {
        id: string;
        package: string;
        date: unknown;
        informational?: string;
        withdrawn?: unknown;
      };
      versions?: { patched?: string[] };
    };
    return {
      id: front.advisory.id,
      crate: front.advisory.package,
      date: String(front.advisory.date).slice(0, 10),
      title: title.trim(),
      kind: front.advisory.informational ?? 'vulnerability',
      patched: front.versions?.patched ?? [],
      withdrawn: front.advisory.withdrawn !== undefined,
    };
  } catch {
    return undefined;
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]?.trim() ?? '';
}
