import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'smol-toml';
import { z } from 'zod';
import type { Page } from '../catalog/prose.ts';
import { compare, firstLine, type Problem } from '../catalog/report.ts';
import { day, text } from '../catalog/schema/common.ts';
import { parseYaml, validate } from '../catalog/yaml.ts';
import { filesBelow } from '../files.ts';
import { Lockfile } from './lockfile.ts';
import { regionProblems, regionsOf } from './regions.ts';

/** Folder of the Cargo workspace that holds every example. */
export const workspace = 'content/examples';
/** What was recorded of all examples. */
export const manifestFile = `${workspace}/manifest.json`;
/** What an example printed, beside its sources. */
export const outputFile = 'output.txt';
/** Pictures that an example made, beside its sources. */
export const artifactFolder = 'artifacts';

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256: run npm run examples -- record');

/** What a run of an example was recorded from, and what came of it. */
const record = z.strictObject({
  /** Over the package's files, `Cargo.toml` included. */
  sources: hash,
  /** Over the closure of its dependencies in Cargo.lock: names, versions, checksums. */
  dependencies: hash,
  /** Over what it printed. */
  output: hash,
  /** Over each picture that it made, by file name. */
  artifacts: z.record(z.string(), hash),
  /** Compiler that it was built with. */
  rustc: text,
  /** Day of the run; unchanged while nothing else changes. */
  date: day,
});
export type ExampleRecord = z.infer<typeof record>;

const manifest = z.record(z.string(), record);

/** An example with its files and what was recorded of it. */
export interface Example {
  name: string;
  /** Files below the example's folder, by path with forward slashes; output and pictures left out. */
  files: Record<string, string>;
  /** The tables of Cargo.toml that name dependencies, as they are written. */
  dependencies: string;
  /** Versions that its own dependencies were locked to, by crate. */
  locked: Record<string, string>;
  /** Why it is left out unless asked for, such as a C++ library that takes long to build. */
  slow: string | undefined;
  output: string | undefined;
  /** Pictures that were recorded, as they stand in the folder; base64, by file name. */
  artifacts: Record<string, string>;
  record: ExampleRecord | undefined;
  /** What the files and the lockfile hash to now. */
  now: Omit<ExampleRecord, 'rustc' | 'date' | 'output'> & { output: string | undefined };
}

/** Reads every example and its record; a project without examples has none. */
export async function readExamples(
  root: string,
): Promise<{ examples: Example[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const folder = path.join(root, workspace);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'target')
    .map(({ name }) => name)
    .sort(compare);
  if (names.length === 0) return { examples: [], problems };

  const records = await readManifest(root, problems);
  const lockText = await readFile(path.join(folder, 'Cargo.lock'), 'utf8').catch(() => '');
  let lock: Lockfile;
  try {
    lock = new Lockfile(lockText);
  } catch (error) {
    const what = `not valid TOML (${firstLine(error)})`;
    problems.push({ file: `${workspace}/Cargo.lock`, what, mend: 'restore it from git' });
    return { examples: [], problems };
  }
  const examples: Example[] = [];
  for (const name of names) {
    const example = await readExample(root, name, lock, records[name], problems);
    if (example) examples.push(example);
  }
  for (const name of Object.keys(records)) {
    if (names.includes(name)) continue;
    problems.push({
      file: manifestFile,
      what: `there is no example '${name}' any more`,
      mend: 'run: npm run examples -- record',
    });
  }
  return { examples, problems };
}

async function readManifest(
  root: string,
  problems: Problem[],
): Promise<Record<string, ExampleRecord>> {
  const content = await readFile(path.join(root, manifestFile), 'utf8').catch(() => undefined);
  if (content === undefined) return {};
  const located = parseYaml(manifestFile, content);
  if (Array.isArray(located)) {
    problems.push(...located);
    return {};
  }
  const fitted = validate(manifestFile, located, manifest);
  if ('value' in fitted) return fitted.value;
  problems.push(...fitted.problems);
  return {};
}

async function readExample(
  root: string,
  name: string,
  lock: Lockfile,
  recorded: ExampleRecord | undefined,
  problems: Problem[],
): Promise<Example | undefined> {
  const folder = path.join(root, workspace, name);
  const paths = await filesBelow(folder);
  const files: Record<string, string> = {};
  const artifacts: Record<string, string> = {};
  const artifactHashes: Record<string, string> = {};
  let output: string | undefined;
  for (const file of paths) {
    const bytes = await readFile(path.join(folder, file));
    if (file.startsWith(`${artifactFolder}/`)) {
      artifacts[path.posix.basename(file)] = bytes.toString('base64');
      artifactHashes[path.posix.basename(file)] = sha256(bytes);
    } else if (file === outputFile) output = bytes.toString('utf8');
    else files[file] = bytes.toString('utf8');
  }

  const at = `${workspace}/${name}`;
  for (const [file, content] of Object.entries(files)) {
    for (const problem of regionProblems(content))
      problems.push({ file: `${at}/${file}`, ...problem });
  }
  const cargo = files['Cargo.toml'];
  if (cargo === undefined) {
    problems.push({
      file: at,
      what: 'the example has no Cargo.toml',
      mend: 'add one, or remove the folder',
    });
    return undefined;
  }
  const closure = lock.closure(name);
  if (!closure) {
    problems.push({
      file: `${workspace}/Cargo.lock`,
      what: `the lockfile does not know '${name}'`,
      mend: 'name the package as its folder, and run: npm run examples -- record',
    });
    return undefined;
  }
  let slow: unknown;
  try {
    const { package: own } = parse(cargo) as {
      package?: { metadata?: { example?: { slow?: string } } };
    };
    slow = own?.metadata?.example?.slow;
  } catch {
    problems.push({ file: `${at}/Cargo.toml`, what: 'not valid TOML', mend: 'correct the syntax' });
  }
  return {
    name,
    files,
    dependencies: dependencyTables(cargo),
    locked: lock.direct(name),
    slow: typeof slow === 'string' ? slow : undefined,
    output,
    artifacts,
    record: recorded,
    now: {
      sources: sha256(Object.entries(files).flat().join('\0')),
      dependencies: sha256(closure.join('\n')),
      output: output === undefined ? undefined : sha256(output),
      artifacts: artifactHashes,
    },
  };
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The tables of a Cargo.toml that name dependencies, word for word. */
function dependencyTables(cargo: string): string {
  const tables = cargo.split(/^(?=\[)/m);
  return tables
    .filter((table) => /^\[(build-)?dependencies[\].]/.test(table))
    .join('')
    .trimEnd();
}

/** Proves from hashes that each example was recorded from what is there now. */
export function checkRecords(examples: readonly Example[]): Problem[] {
  return examples.flatMap(({ name, record, now, output }) => {
    const file = `${workspace}/${name}`;
    const mend = `run: npm run examples -- record ${name}`;
    if (!record || output === undefined) {
      return [{ file, what: 'the example has no record', mend }];
    }
    const changed = [
      record.sources !== now.sources && 'its sources',
      record.dependencies !== now.dependencies && 'the versions it is locked to',
      record.output !== now.output && 'its output',
      JSON.stringify(record.artifacts) !== JSON.stringify(now.artifacts) && 'its pictures',
    ].filter((part) => part !== false);
    return changed.length === 0
      ? []
      : [{ file, what: `${changed.join(' and ')} changed since the example was recorded`, mend }];
  });
}

/** Checks that pages show only what exists, and that everything is shown. */
export function checkShown(examples: readonly Example[], pages: readonly Page[]): Problem[] {
  const problems: Problem[] = [];
  const byName = new Map(examples.map((example) => [example.name, example]));
  const shown = new Set<string>();
  for (const page of pages) {
    for (const { name, file, region, line } of page.examples) {
      shown.add(name);
      const at = { file: page.file, line };
      const example = byName.get(name);
      const content = example?.files[file];
      if (!example) {
        problems.push({
          ...at,
          what: `there is no example '${name}'`,
          mend: `correct the name, or write ${workspace}/${name}`,
        });
      } else if (content === undefined) {
        problems.push({
          ...at,
          what: `the example '${name}' has no file '${file}'`,
          mend: 'correct the path',
        });
      } else if (region !== undefined && !regionsOf(content).includes(region)) {
        problems.push({
          ...at,
          what: `${file} of '${name}' has no region '${region}'`,
          mend: `mark it with // region: ${region}`,
        });
      }
    }
  }
  for (const { name } of examples) {
    if (shown.has(name)) continue;
    problems.push({
      file: `${workspace}/${name}`,
      what: 'no page shows this example',
      mend: `show it with <Example name="${name}" />, or remove it`,
    });
  }
  return problems;
}
