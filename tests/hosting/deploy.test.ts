import { execFile } from 'node:child_process';
import {
  access,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { PackagedSite } from './fixture.ts';
import { caddy, get, nginx } from './servers.ts';

// They start programs, which take as long as the machine lets them.
vi.setConfig({ testTimeout: 60_000 });

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../hosting/deploy.sh', import.meta.url));

/** A place where builds are put, and the builds. */
class Target implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  static async create(): Promise<Target> {
    const folder = await mkdtemp(path.join(tmpdir(), 'a target-'));
    await chmod(folder, 0o755);
    return new Target(folder);
  }

  get current(): string {
    return path.join(this.folder, 'srv', 'current');
  }

  /** Puts a build there: pages that name it, and an asset whose name changes with it. */
  async deploy(build: string, env: Record<string, string> = {}): Promise<void> {
    const site = path.join(this.folder, build);
    const files = {
      'index.html': `build ${build} /_astro/app.${build}.js`,
      [`only-${build}.html`]: build,
      'same.html': 'the same in every build',
      [`_astro/app.${build}.js`]: `asset of build ${build}`,
      'pagefind/pagefind-entry.json': `entry of ${build}`,
      [`pagefind/index/en_${build}.pf_index`]: `index of ${build}`,
    };
    for (const [file, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(site, file)), { recursive: true });
      await writeFile(path.join(site, file), content);
    }
    const to = path.join(this.folder, 'srv');
    await run(script, [site, to], { env: { ...process.env, ...env } });
  }

  /** Makes it so that a build was replaced some hours ago. */
  async replacedBefore(build: string, hours: number): Promise<void> {
    const then = new Date(Date.now() - hours * 3_600_000);
    for (const release of await this.releases()) {
      const folder = path.join(this.folder, 'srv/releases', release);
      const own = await readFile(path.join(folder, 'own'), 'utf8');
      if (own.includes(`app.${build}.js`)) await utimes(path.join(folder, 'replaced'), then, then);
    }
  }

  releases(): Promise<string[]> {
    return readdir(path.join(this.folder, 'srv/releases'));
  }

  read(file: string): Promise<string> {
    return readFile(path.join(this.current, file), 'utf8');
  }

  async has(file: string): Promise<boolean> {
    return access(path.join(this.current, file)).then(
      () => true,
      () => false,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

test('a build takes the place of the one before; only assets of that one stay', async () => {
  await using target = await Target.create();
  await target.deploy('a');
  expect(await target.read('index.html')).toContain('build a');
  await target.deploy('b');
  expect(await target.read('index.html')).toContain('build b');
  expect(await target.read('_astro/app.a.js')).toBe('asset of build a');
  expect(await target.read('pagefind/index/en_a.pf_index')).toBe('index of a');
  expect(await target.read('pagefind/pagefind-entry.json')).toBe('entry of b');
  expect(await target.has('only-a.html')).toBe(false);
});

test('assets stay for a day after their build was replaced, however many builds follow', async () => {
  await using target = await Target.create();
  for (const build of ['a', 'b', 'c']) await target.deploy(build);
  expect(await target.has('_astro/app.a.js')).toBe(true);
  await target.replacedBefore('a', 23);
  await target.deploy('d');
  expect(await target.has('_astro/app.a.js')).toBe(true);
  await target.replacedBefore('a', 25);
  await target.deploy('e');
  expect(await target.has('_astro/app.a.js')).toBe(false);
  expect(await target.has('_astro/app.b.js')).toBe(true);
  expect(await target.releases()).toHaveLength(4);
});

test('the release that is served stays until the next is there, however old its mark', async () => {
  await using target = await Target.create();
  await target.deploy('a');
  await expect(target.deploy('b', { PATH: await failing(target, 'mv') })).rejects.toThrow();
  expect(await target.read('index.html')).toContain('build a');
  expect(await target.releases()).toHaveLength(1);
  await target.replacedBefore('a', 25);
  await target.deploy('c');
  expect(await target.has('_astro/app.a.js')).toBe(true);
  expect(await target.has('_astro/app.b.js')).toBe(false);
  expect(await target.releases()).toHaveLength(2);
});

test('a file that did not change stays the same file, so that its tag does too', async () => {
  await using target = await Target.create();
  const inode = async (file: string) => (await stat(path.join(target.current, file))).ino;
  await target.deploy('a');
  const before = [await inode('same.html'), await inode('index.html')];
  await target.deploy('b');
  expect(await inode('same.html')).toBe(before[0]);
  expect(await inode('index.html')).not.toBe(before[1]);
});

test('the builds that it was given are not touched by later ones', async () => {
  await using target = await Target.create();
  await target.deploy('a');
  await writeFile(path.join(target.folder, 'a/same.html'), 'changed in the checkout');
  expect(await target.read('same.html')).toBe('the same in every build');
});

test('what is not a built site is refused', async () => {
  await using target = await Target.create();
  const refused = run(script, [target.folder, path.join(target.folder, 'srv')]);
  await expect(refused).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching('Usage') });
  expect(await readdir(target.folder)).toEqual([]);
});

describe.for([
  { server: nginx, configuration: 'nginx.conf' },
  { server: caddy, configuration: 'Caddyfile' },
])('$server.name', ({ server, configuration }) => {
  test('no reader sees a mix while builds take turns', async ({ skip }) => {
    skip(server.missing !== undefined, server.missing);
    await using target = await Target.create();
    await target.deploy('a');
    await using packaged = await PackagedSite.create();
    await using running = await server.start(packaged.configuration(configuration), target.current);

    let deploying = true;
    const seen = new Set<string>();
    /** Opens the page, then loads what it names, over and over. */
    const reader = async () => {
      while (deploying) {
        const page = await get(running, '/index.html');
        const [, build, asset] = /^build (\S+) (\S+)$/.exec(page.body.toString()) ?? [];
        expect([page.status, build]).toEqual([200, expect.any(String)]);
        seen.add(String(build));
        const loaded = await get(running, String(asset));
        expect([loaded.status, loaded.body.toString()]).toEqual([200, `asset of build ${build}`]);
        const kept = await get(running, '/_astro/app.a.js');
        expect([kept.status, kept.body.toString()]).toEqual([200, 'asset of build a']);
      }
    };
    const readers = Promise.all([reader(), reader(), reader(), reader()]);
    try {
      for (const build of ['b', 'c', 'd', 'e', 'f']) await target.deploy(build);
    } finally {
      deploying = false;
    }
    await readers;
    expect(seen.size).toBeGreaterThan(1);
    expect((await get(running, '/index.html')).body.toString()).toContain('build f');
  });
});

/** A search path on which one command always fails. */
async function failing(target: Target, command: string): Promise<string> {
  const folder = path.join(target.folder, 'bin');
  await mkdir(folder);
  await writeFile(path.join(folder, command), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  return `${folder}:${process.env.PATH}`;
}
