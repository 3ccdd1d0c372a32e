import { execFile } from 'node:child_process';
import {
  appendFile,
  copyFile,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { filesBelow } from '../files.ts';

const run = promisify(execFile);

/** Loaded before the build: a clock that is 400 days ahead. */
const otherClock = `data:text/javascript,${encodeURIComponent(`
  const Real = Date;
  const ahead = 400 * 86_400_000;
  globalThis.Date = class Date extends Real {
    constructor(...given) {
      if (given.length > 0) super(...given);
      else super(Real.now() + ahead);
    }
    static now() { return Real.now() + ahead; }
  };
`)}`;

/**
 * Builds the commit that is checked out once more, as somebody else would: in another folder, with
 * another clock, time zone and language, and without caches; then again after an edit that was taken
 * back, with what the builds before it kept.
 *
 * @param root folder of the project, with its packages installed and `dist` built from this commit
 * @returns files of `dist` that another build does not have in the same bytes, or only it has
 * @throws Error where something is changed but not committed, or another build fails
 */
export async function reproduce(root: string): Promise<string[]> {
  const { stdout: changed } = await run('git', ['status', '--porcelain'], { cwd: root });
  if (changed !== '') throw new Error(`not committed, so not to be built elsewhere:\n${changed}`);

  const parent = await mkdtemp(path.join(tmpdir(), 'reproduce-'));
  try {
    const other = path.join(parent, 'another place, à côté');
    await run('git', ['clone', '--quiet', root, other]);
    await linkPackages(root, other);
    const environment = {
      ...process.env,
      NODE_OPTIONS: `--import=${otherClock}`,
      TZ: 'Pacific/Kiritimati',
      LC_ALL: 'tr_TR.UTF-8',
    };
    const build = () =>
      run(process.execPath, ['src/cli/build.ts'], { cwd: other, env: environment });
    const found = async () => differences(path.join(root, 'dist'), path.join(other, 'dist'));
    await build();
    const different = await found();

    const page = path.join(other, 'content/docs/index.mdx');
    const text = await readFile(page);
    await appendFile(page, '\nOne sentence more.\n');
    await build();
    await writeFile(page, text);
    await build();
    return [...new Set([...different, ...(await found())])].sort();
  } finally {
    await rm(parent, { recursive: true });
  }
}

/** Paths of files that two folders do not have in common, byte for byte. */
export async function differences(one: string, other: string): Promise<string[]> {
  const all = new Set([...(await filesBelow(one)), ...(await filesBelow(other))]);
  const found: string[] = [];
  for (const file of [...all].sort()) {
    const [a, b] = await Promise.all(
      [one, other].map((folder) => readFile(path.join(folder, file)).catch(() => undefined)),
    );
    if (!a || !b || !a.equals(b)) found.push(file);
  }
  return found;
}

/**
 * Gives a checkout the packages of another, as files of its own: a link to the folder would show
 * tools where it really lies.
 */
async function linkPackages(from: string, to: string): Promise<void> {
  const packages = path.join(from, 'node_modules');
  for (const entry of await readdir(packages, { recursive: true, withFileTypes: true })) {
    const source = path.join(entry.parentPath, entry.name);
    const inside = path.relative(packages, source);
    // What a build keeps there between runs; the folder of commands is no such thing.
    if (/^\.(?!bin\b)/.test(inside)) continue;
    const target = path.join(to, 'node_modules', inside);
    if (entry.isDirectory()) await mkdir(target, { recursive: true });
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await link(source, target).catch(() => copyFile(source, target));
  }
}
