import { type SpawnOptions, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { compare } from '../catalog/report.ts';
import { sha256, workspace } from './examples.ts';

/** What a run of an example gave. */
export interface Run {
  output: string;
  /** Pictures that it made, by file name. */
  artifacts: Map<string, Buffer>;
  /** Seconds that Cargo took, and that the program took. */
  built: number;
  ran: number;
}

/** Thrown where an example does not build, or ends with an error; says what it printed. */
export class ExampleFailed extends Error {
  override name = 'ExampleFailed';
}

/** Thrown where the machine has no Cargo. */
export class NoCargo extends Error {
  constructor() {
    super(
      'Running examples needs Cargo, and there is none on PATH: install Rust from https://rustup.rs',
    );
  }
}

/** Longest time that a program may take, in seconds; one that waits for ever should not hang CI. */
const longestRun = 120;

/** Built files are kept outside the checkout, so that a fresh clone need not build all again. */
const target = process.env.CARGO_TARGET_DIR ?? path.join(homedir(), '.cache/rust-at-cncf-examples');

/** Version of the compiler: `1.95.0`. */
export async function rustcVersion(): Promise<string> {
  const { output } = await run('rustc', ['--version'], {});
  return output.split(' ')[1] ?? output.trim();
}

/** Adds new packages to Cargo.lock and drops old ones; versions that are locked stay. */
export async function updateLockfile(root: string): Promise<void> {
  const cwd = path.join(root, workspace);
  const { code } = await run('cargo', ['update', '--workspace'], { cwd }, true);
  if (code !== 0) throw new ExampleFailed('Cargo cannot read the workspace');
}

/**
 * Builds one example by itself, so that it has only the features that it asks for, and runs it.
 *
 * @throws ExampleFailed, NoCargo
 */
export async function runExample(root: string, name: string): Promise<Run> {
  const cwd = path.join(root, workspace);
  const env = { ...process.env, CARGO_TARGET_DIR: target };
  const started = performance.now();
  const build = await run('cargo', ['build', '--locked', '--package', name], { cwd, env }, true);
  if (build.code !== 0) throw new ExampleFailed('it does not build');
  const built = (performance.now() - started) / 1000;

  const folder = await mkdtemp(path.join(tmpdir(), 'example-'));
  try {
    await mkdir(path.join(folder, 'artifacts'));
    const before = performance.now();
    const { code, output, errors } = await run(path.join(target, 'debug', name), [], {
      cwd: folder,
      // Nothing of the caller's environment may show in what is printed.
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        TMPDIR: folder,
        LANG: 'C.UTF-8',
        EXAMPLE_ARTIFACTS: path.join(folder, 'artifacts'),
      },
      timeout: longestRun * 1000,
    });
    if (code !== 0) {
      const how = code === null ? `did not end within ${longestRun} s` : `ended with ${code}`;
      throw new ExampleFailed(`it ${how}\n${output}${errors}`.trimEnd());
    }
    const artifacts = new Map<string, Buffer>();
    for (const file of (await readdir(path.join(folder, 'artifacts'))).sort(compare)) {
      artifacts.set(file, await readFile(path.join(folder, 'artifacts', file)));
    }
    return { output, artifacts, built, ran: (performance.now() - before) / 1000 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Hashes of pictures by file name, as the manifest keeps them. */
export function artifactHashes(artifacts: ReadonlyMap<string, Buffer>): Record<string, string> {
  return Object.fromEntries([...artifacts].map(([file, bytes]) => [file, sha256(bytes)]));
}

/** Runs a command; with `watched`, its messages go to the terminal as they come. */
function run(
  command: string,
  args: string[],
  options: SpawnOptions,
  watched = false,
): Promise<{ code: number | null; output: string; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...options,
      stdio: ['ignore', 'pipe', watched ? 'inherit' : 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      errors += chunk;
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' && !path.isAbsolute(command) ? new NoCargo() : error),
    );
    child.on('close', (code) => resolve({ code, output, errors }));
  });
}
