import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { loadSite } from '../../src/build/load.ts';
import { formatReport } from '../../src/catalog/index.ts';
import {
  artifactFolder,
  manifestFile,
  readExamples,
  workspace,
} from '../../src/examples/examples.ts';
import { TestProject } from '../support/project.ts';

const name = 'log-rs-hello';
const folder = `${workspace}/${name}`;
const page = 'content/docs/libraries/log-rs.mdx';
const lockfile = `version = 4

[[package]]
name = "${name}"
version = "0.0.0"
dependencies = ["log"]

[[package]]
name = "log"
version = "1.2.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "aa11"
dependencies = ["deep 2.0.0"]

[[package]]
name = "deep"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "bb22"

[[package]]
name = "deep"
version = "2.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "cc33"
`;

/** The sound project with one recorded example on its library's page. */
async function withExample(): Promise<TestProject> {
  const project = await TestProject.create();
  await project.write(
    `${folder}/Cargo.toml`,
    `[package]\nname = "${name}"\n\n[dependencies]\nlog = "1"\n`,
  );
  await project.write(`${folder}/src/main.rs`, '// region: all\nfn main() {}\n// endregion: all\n');
  await project.write(`${folder}/output.txt`, 'hello\n');
  await project.write(`${folder}/${artifactFolder}/flame.svg`, '<svg></svg>');
  await project.write(`${workspace}/Cargo.toml`, '[workspace]\n');
  await project.write(`${workspace}/Cargo.lock`, lockfile);
  const text = await readFile(path.join(project.root, page), 'utf8');
  await project.write(page, `${text}\n<Example name="${name}" region="all" />\n`);
  // Recording without Cargo: the manifest says what is there now.
  const { examples } = await readExamples(project.root);
  const manifest = Object.fromEntries(
    examples.map(({ name: key, now }) => [key, { ...now, rustc: '1.95.0', date: '2026-01-02' }]),
  );
  await project.write(manifestFile, JSON.stringify(manifest));
  return project;
}

async function report(project: TestProject): Promise<string[]> {
  const loaded = await loadSite(project.root, '2026-02-01');
  return 'problems' in loaded ? formatReport(loaded.problems).split('\n').slice(0, -1) : [];
}

async function edit(project: TestProject, file: string, from: string, to: string): Promise<void> {
  const target = path.join(project.root, file);
  const text = await readFile(target, 'utf8');
  expect(text).toContain(from);
  await writeFile(target, text.replace(from, to));
}

test('an example that was recorded from what is there is fine', async () => {
  await using project = await withExample();
  expect(await report(project)).toEqual([]);
  const { examples } = await readExamples(project.root);
  expect(examples[0]).toMatchObject({
    dependencies: '[dependencies]\nlog = "1"',
    locked: { log: '1.2.0' },
  });
});

describe('drift is named', () => {
  const again = `run: npm run examples -- record ${name}`;
  test.for([
    [
      'a character of the program',
      `${folder}/src/main.rs`,
      'fn main()',
      'fn  main()',
      'its sources',
    ],
    ['its Cargo.toml', `${folder}/Cargo.toml`, 'log = "1"', 'log = "1.2"', 'its sources'],
    ['its output', `${folder}/output.txt`, 'hello', 'hallo', 'its output'],
    ['its picture', `${folder}/${artifactFolder}/flame.svg`, '<svg>', '<svg >', 'its pictures'],
    [
      'a locked version',
      `${workspace}/Cargo.lock`,
      'version = "1.2.0"',
      'version = "1.2.1"',
      'the versions it is locked to',
    ],
    [
      'a version that a dependency locks',
      `${workspace}/Cargo.lock`,
      'checksum = "cc33"',
      'checksum = "cc34"',
      'the versions it is locked to',
    ],
  ] as const)('%s', async ([, file, from, to, what]) => {
    await using project = await withExample();
    await edit(project, file, from, to);
    expect(await report(project)).toEqual([
      `${folder}: ${what} changed since the example was recorded: ${again}`,
    ]);
  });

  test('an unrelated crate changes nothing', async () => {
    await using project = await withExample();
    await edit(project, `${workspace}/Cargo.lock`, 'checksum = "bb22"', 'checksum = "bb23"');
    await edit(
      project,
      `${workspace}/Cargo.lock`,
      'version = 4\n',
      'version = 4\n\n[[package]]\nname = "unrelated"\nversion = "9.0.0"\n',
    );
    expect(await report(project)).toEqual([]);
  });
});

describe('bad input', () => {
  test('an example that was never recorded', async () => {
    await using project = await withExample();
    await project.write(manifestFile, '{}');
    expect(await report(project)).toEqual([
      `${folder}: the example has no record: run: npm run examples -- record ${name}`,
    ]);
  });

  test('names that pages get wrong, all at once', async () => {
    await using project = await withExample();
    await edit(
      project,
      page,
      `<Example name="${name}" region="all" />`,
      [
        `<Example name="${name}" region="none" />`,
        '<Example name="gone" />',
        `<Example name="${name}" file="src/x.rs" />`,
        '<Example />',
      ].join('\n\n'),
    );
    expect(await report(project)).toEqual([
      `${page}:16: src/main.rs of '${name}' has no region 'none': mark it with // region: none`,
      `${page}:18: there is no example 'gone': correct the name, or write ${workspace}/gone`,
      `${page}:20: the example '${name}' has no file 'src/x.rs': correct the path`,
      `${page}:22: <Example> does not say which example it shows: write <Example name="…" />`,
    ]);
  });

  test('a region that is opened and not closed', async () => {
    await using project = await withExample();
    await edit(project, `${folder}/src/main.rs`, '// endregion: all\n', '');
    expect(await report(project)).toContain(
      `${folder}/src/main.rs:1: the region 'all' is opened and not closed: close it with // endregion: all`,
    );
  });

  test('an example that no page shows, and a record of one that is gone', async () => {
    await using project = await withExample();
    await edit(project, page, `<Example name="${name}" region="all" />`, '');
    await edit(project, manifestFile, `"${name}"`, `"${name}-old"`);
    expect(await report(project)).toEqual([
      `${folder}: no page shows this example: show it with <Example name="${name}" />, or remove it`,
      `${folder}: the example has no record: run: npm run examples -- record ${name}`,
      `${manifestFile}: there is no example '${name}-old' any more: run: npm run examples -- record`,
    ]);
  });

  test('a lockfile that does not parse', async () => {
    await using project = await withExample();
    await edit(project, `${workspace}/Cargo.lock`, 'version = 4', 'version = ');
    expect(await report(project)).toContainEqual(
      expect.stringMatching(
        /^content\/examples\/Cargo\.lock: not valid TOML \(.+\): restore it from git$/,
      ),
    );
  });

  test('a package that the lockfile does not know', async () => {
    await using project = await withExample();
    await edit(project, `${workspace}/Cargo.lock`, `name = "${name}"`, 'name = "other"');
    expect(await report(project)).toContain(
      `${workspace}/Cargo.lock: the lockfile does not know '${name}': name the package as its folder, and run: npm run examples -- record`,
    );
  });
});

test.for(['verify', 'record'])('%s says in one line that there is no Cargo', async (command) => {
  await using project = await withExample();
  const cli = fileURLToPath(new URL('../../src/cli/examples.ts', import.meta.url));
  const failed = await promisify(execFile)(process.execPath, [cli, command], {
    cwd: project.root,
    env: { ...process.env, PATH: project.root },
  }).catch((error: { code: number; stderr: string }) => error);
  expect(failed).toMatchObject({
    code: 1,
    stderr:
      'Running examples needs Cargo, and there is none on PATH: install Rust from https://rustup.rs\n',
  });
});
