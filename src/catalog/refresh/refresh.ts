import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'smol-toml';
import { compareVersions } from '../catalog.ts';
import type { Content } from '../read.ts';
import { compare, firstLine, type Problem, ReportedProblems } from '../report.ts';
import type { RepositorySnapshot } from '../schema/snapshot.ts';
import { advisoryRepository, readAdvisories } from './advisories.ts';
import { readLock, readManifest, type Toml } from './cargo.ts';
import { Repository } from './git.ts';
import { landscapeRepository, readLandscape } from './landscape.ts';
import { countLines } from './lines.ts';

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
  await rm(path.join(root, 'content/snapshots/repositories'), { recursive: true, force: true });
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
      return parse(text) as Toml;
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
