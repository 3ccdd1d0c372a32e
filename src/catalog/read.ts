import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { filesBelow } from '../files.ts';
import { type Exception, figures, type Page, readPage } from './prose.ts';
import type { Problem } from './report.ts';
import { text } from './schema/common.ts';
import { type Concept, concept } from './schema/concept.ts';
import { type Library, library } from './schema/library.ts';
import { type Measurement, measurement } from './schema/measurement.ts';
import { type Project, project } from './schema/project.ts';
import {
  type AdvisorySnapshot,
  advisorySnapshot,
  type LandscapeSnapshot,
  type LinkSnapshot,
  landscapeSnapshot,
  linkSnapshot,
  type RepositorySnapshot,
  repositorySnapshot,
} from './schema/snapshot.ts';
import { type Source, source } from './schema/source.ts';
import { type Located, parseYaml, validate } from './yaml.ts';

/** A value out of a file, with the means to say where it stood. */
export interface Entry<T> {
  id: string;
  file: string;
  value: T;
  /** Line of the value at a path inside the entry. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** Everything below content/, read and checked file by file, not yet against each other. */
export interface Content {
  projects: Entry<Project>[];
  libraries: Entry<Library>[];
  concepts: Entry<Concept>[];
  sources: Entry<Source>[];
  repositories: Entry<RepositorySnapshot>[];
  landscape: Entry<LandscapeSnapshot> | undefined;
  advisories: Entry<AdvisorySnapshot> | undefined;
  /** Absent until `npm run links` has run. */
  links: Entry<LinkSnapshot> | undefined;
  /** By part of the bench: `build`, `search`. */
  measurements: Entry<Measurement>[];
  pages: Page[];
  /** Files that were there but could not be used; what depends on them is not reported again. */
  broken: Set<string>;
}

const sourceFile = z.record(z.string(), source);
const exceptionFile = z.array(z.strictObject({ text, reason: text }));

/**
 * Reads the content folder of a project.
 *
 * @param root folder that holds `content/`
 * @returns what could be read, and a problem for each thing that could not
 */
export async function readContent(
  root: string,
): Promise<{ content: Content; problems: Problem[] }> {
  const problems: Problem[] = [];
  const broken = new Set<string>();
  const catalog = 'content/catalog';

  /** Decodes a file, strictly; a problem where it is not UTF-8. */
  const readText = async (file: string): Promise<string | undefined> => {
    const bytes = await readFile(path.join(root, file));
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      broken.add(file);
      problems.push({ file, what: 'the file is not UTF-8', mend: 'save it as UTF-8' });
      return undefined;
    }
  };

  /** Reads a YAML or JSON file against a schema. */
  const readFitting = async <T>(
    file: string,
    schema: z.ZodType<T>,
  ): Promise<{ value: T; located: Located } | undefined> => {
    const content = await readText(file);
    if (content === undefined) return undefined;
    const located = parseYaml(file, content);
    if (Array.isArray(located)) {
      broken.add(file);
      problems.push(...located);
      return undefined;
    }
    const fitted = validate(file, located, schema);
    if ('value' in fitted) return { value: fitted.value, located };
    broken.add(file);
    problems.push(...fitted.problems);
    return undefined;
  };

  /** Reads a folder of records, one a file; the file's name is the record's id. */
  const readRecords = async <T extends object>(
    folder: string,
    schema: z.ZodType<T>,
  ): Promise<Entry<T>[]> => {
    const entries: Entry<T>[] = [];
    for (const file of await projectFiles(root, folder)) {
      const id = path.posix.basename(file).replace(/\.yaml$/, '');
      if (!/^[a-z0-9]+(-[a-z0-9]+)*\.yaml$/.test(path.posix.basename(file))) {
        broken.add(file);
        problems.push({
          file,
          what: 'the name of the file is not an id with the ending .yaml',
          mend: 'use lower-case letters, digits and hyphens, like raft-rs.yaml',
        });
        continue;
      }
      const read = await readFitting(file, schema);
      if (!read) continue;
      entries.push({ id, file, value: read.value, lineOf: read.located.lineOf });
      for (const { path: at, text: words } of unsourcedTexts(read.value)) {
        problems.push(...figures(file, read.located.lineOf(at), words, exceptions));
      }
    }
    return entries;
  };

  const readOne = async <T>(file: string, schema: z.ZodType<T>): Promise<Entry<T> | undefined> => {
    if (!(await projectFiles(root, path.posix.dirname(file))).includes(file)) return undefined;
    const read = await readFitting(file, schema);
    return read && { id: file, file, value: read.value, lineOf: read.located.lineOf };
  };

  const exceptions: Exception[] =
    (await readOne(`${catalog}/prose-exceptions.yaml`, exceptionFile))?.value ?? [];

  const sources: Entry<Source>[] = [];
  for (const file of await projectFiles(root, `${catalog}/sources`)) {
    const read = await readFitting(file, sourceFile);
    for (const [id, value] of Object.entries(read?.value ?? {})) {
      const lineOf = (at: readonly PropertyKey[]) => read?.located.lineOf([id, ...at]) ?? 1;
      sources.push({ id, file, value, lineOf });
    }
  }

  const pages: Page[] = [];
  for (const file of await projectFiles(root, 'content/docs')) {
    if (!file.endsWith('.mdx')) {
      problems.push({
        file,
        what: 'pages are MDX, and this file is not',
        mend: 'rename it to end in .mdx, or move it out of content/docs',
      });
      continue;
    }
    const content = await readText(file);
    if (content === undefined) continue;
    const id = file.slice('content/docs/'.length, -'.mdx'.length);
    const read = readPage(id, file, content, exceptions);
    problems.push(...read.problems);
    if (read.page) pages.push(read.page);
    else broken.add(file);
  }

  return {
    content: {
      projects: await readRecords(`${catalog}/projects`, project),
      libraries: await readRecords(`${catalog}/libraries`, library),
      concepts: await readRecords(`${catalog}/concepts`, concept),
      sources,
      repositories: await readRepositories(),
      landscape: await readOne('content/snapshots/landscape.json', landscapeSnapshot),
      advisories: await readOne('content/snapshots/advisories.json', advisorySnapshot),
      links: await readOne('content/snapshots/links.json', linkSnapshot),
      measurements: await readMeasurements(),
      pages,
      broken,
    },
    problems,
  };

  async function readMeasurements(): Promise<Entry<Measurement>[]> {
    const entries: Entry<Measurement>[] = [];
    for (const file of await projectFiles(root, 'content/measurements/bench')) {
      const read = await readFitting(file, measurement);
      const id = path.posix.basename(file, '.json');
      if (read) entries.push({ id, file, value: read.value, lineOf: read.located.lineOf });
    }
    return entries;
  }

  async function readRepositories(): Promise<Entry<RepositorySnapshot>[]> {
    const entries: Entry<RepositorySnapshot>[] = [];
    for (const file of await projectFiles(root, 'content/snapshots/repositories')) {
      const read = await readFitting(file, repositorySnapshot);
      if (read) {
        entries.push({ id: read.value.repo, file, value: read.value, lineOf: read.located.lineOf });
      }
    }
    return entries;
  }
}

/** Files below a folder of the project, relative to the project; none where the folder is not there. */
async function projectFiles(root: string, folder: string): Promise<string[]> {
  const files = await filesBelow(path.join(root, folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return files.map((file) => `${folder}/${file}`);
}

/** One-line texts of a record that stand for themselves, without a source beside them. */
function unsourcedTexts(
  value: object,
  path: readonly PropertyKey[] = [],
): { path: PropertyKey[]; text: string }[] {
  if ('source' in value) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    if (typeof item === 'object' && item !== null) return unsourcedTexts(item, at);
    const shown = ['summary', 'rust', 'role', 'for', 'does'].includes(key);
    return shown && typeof item === 'string' ? [{ path: at, text: item }] : [];
  });
}
