import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { readContent } from '../../src/catalog/read.ts';
import { refresh } from '../../src/catalog/refresh/refresh.ts';
import { TestProject } from '../support/project.ts';

const lockfile = `version = 4

[[package]]
name = "log"
version = "1.10.0"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "log"
version = "1.9.0"
source = "git+https://github.com/acme/log-rs#0123"

[[package]]
name = "unshown"
version = "3.0.0"
`;

const clones: Record<string, Record<string, string>> = {
  'acme/store': {
    'Cargo.toml':
      '[workspace]\nmembers = ["a"]\n\n[workspace.package]\nlicense = "MIT"\nedition = "2024"\n',
    'Cargo.lock': lockfile,
    'src/main.rs': 'fn main() {\n\n  run();\n}\n',
    'tool.go': 'package main\n',
  },
  'acme/log-rs': {
    'Cargo.toml':
      '[package]\nname = "log"\nlicense = "Apache-2.0"\nedition = "2021"\nrust-version = "1.70"\n',
    'src/lib.rs': '// lib\n',
  },
  'cncf/landscape': {
    'landscape.yml': `landscape:
  - name: Runtime
    subcategories:
      - name: Empty
        items:
      - name: Database
        items:
          - name: Store
            project: incubating
            extra:
              accepted: '2020-01-01'
              incubating: '2022-02-02'
`,
  },
  'rustsec/advisory-db': {
    'crates/log/RUSTSEC-2025-0001.md':
      '```toml\n[advisory]\nid = "RUSTSEC-2025-0001"\npackage = "log"\ndate = "2025-05-05"\n\n[versions]\npatched = [">= 1.10.0"]\n```\n\n# It forgets\n\nSometimes.\n',
    'crates/other/RUSTSEC-2025-0002.md': 'not for us',
  },
};

/** Makes a mirror of bare-like clones with one commit each, at a fixed time. */
async function makeMirror(root: string, repositories = clones): Promise<string> {
  const mirror = path.join(root, 'mirror');
  for (const [repo, files] of Object.entries(repositories)) {
    const folder = path.join(mirror, repo.replace('/', '+'));
    const work = path.join(folder, 'work');
    for (const [file, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(work, file)), { recursive: true });
      await writeFile(path.join(work, file), text);
    }
    const git = (...args: string[]) =>
      execFileSync('git', args, {
        cwd: work,
        env: {
          ...process.env,
          GIT_CONFIG_GLOBAL: '/dev/null',
          GIT_AUTHOR_DATE: '2026-01-01T12:00:00Z',
          GIT_COMMITTER_DATE: '2026-01-01T12:00:00Z',
        },
        stdio: 'ignore',
      });
    git('init', '-q');
    git('add', '.');
    git('-c', 'user.name=T', '-c', 'user.email=t@t.example', 'commit', '-qm', 'All');
    for (const tag of ['v1.9.0', 'v1.10.0', 'v2.0.0-rc1']) git('tag', tag);
    execFileSync('git', ['clone', '-q', '--bare', work, path.join(folder, 'repo')]);
  }
  return mirror;
}

async function refreshAll(project: TestProject, mirror: string): Promise<string[]> {
  const { content } = await readContent(project.root);
  return refresh(project.root, mirror, content);
}

/** Every snapshot, by file. */
async function snapshots(project: TestProject): Promise<Record<string, string>> {
  const folder = path.join(project.root, 'content/snapshots');
  const files = (await readdir(folder, { recursive: true })).filter((file) =>
    file.endsWith('.json'),
  );
  return Object.fromEntries(
    await Promise.all(
      files.sort().map(async (file) => [file, await readFile(path.join(folder, file), 'utf8')]),
    ),
  );
}

describe('refresh', () => {
  test('reads what records ask for, and nothing else', async () => {
    await using project = await TestProject.create();
    await refreshAll(project, await makeMirror(project.root));
    const written = await snapshots(project);
    expect(JSON.parse(written['repositories/acme+store.json'] ?? '')).toEqual({
      repo: 'acme/store',
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      committed: '2026-01-01',
      release: { tag: 'v1.10.0', version: '1.10.0', date: '2026-01-01' },
      manifest: { path: 'Cargo.toml', licence: 'MIT', edition: '2024', rustVersion: null },
      lines: { rust: 3, all: 4, rustFiles: 1 },
      lock: {
        packages: 3,
        crates: [
          { name: 'log', version: '1.9.0', from: 'git' },
          { name: 'log', version: '1.10.0', from: 'crates.io' },
        ],
      },
    });
    expect(JSON.parse(written['repositories/acme+log-rs.json'] ?? '')).toMatchObject({
      manifest: { licence: 'Apache-2.0', edition: '2021', rustVersion: '1.70' },
      lock: null,
    });
    expect(JSON.parse(written['landscape.json'] ?? '').projects).toEqual([
      {
        name: 'Store',
        maturity: 'incubating',
        category: 'Database',
        accepted: '2020-01-01',
        incubating: '2022-02-02',
        graduated: null,
        archived: null,
      },
    ]);
    expect(JSON.parse(written['advisories.json'] ?? '').advisories).toEqual([
      {
        id: 'RUSTSEC-2025-0001',
        crate: 'log',
        date: '2025-05-05',
        title: 'It forgets',
        kind: 'vulnerability',
        patched: ['>= 1.10.0'],
        withdrawn: false,
      },
    ]);
    expect(await loadCatalog(project.root)).toHaveProperty('catalog');
  });

  test('leaves what another command wrote, and nothing of its own from before', async () => {
    await using project = await TestProject.create();
    await project.write('content/snapshots/links.json', '{}');
    await project.write('content/snapshots/repositories/acme+gone.json', '{}');
    await refreshAll(project, await makeMirror(project.root));
    const written = Object.keys(await snapshots(project));
    expect(written).toContain('links.json');
    expect(written).not.toContain('repositories/acme+gone.json');
  });

  test('gives identical bytes for identical clones', async () => {
    await using project = await TestProject.create();
    const mirror = await makeMirror(project.root);
    await refreshAll(project, mirror);
    const first = await snapshots(project);
    await refreshAll(project, mirror);
    expect(await snapshots(project)).toEqual(first);
  });

  test('names everything it cannot read, and writes nothing', async () => {
    await using project = await TestProject.create();
    const before = await snapshots(project);
    const mirror = await makeMirror(project.root, {
      'acme/store': { 'Cargo.toml': '[package]\n', 'Cargo.lock': '[[package]\nname = \n' },
      'cncf/landscape': { 'landscape.yml': 'landscape: []\n' },
      'rustsec/advisory-db': { 'crates/log/RUSTSEC-2025-0001.md': '# No front matter\n' },
    });
    const error = await refreshAll(project, mirror).catch((e: Error) => e);
    expect(String((error as Error).message).split('\n')).toEqual([
      'acme+log-rs/repo: the mirror has no bare clone of acme/log-rs: git clone --bare the repository to this folder of the mirror',
      expect.stringMatching(
        /^acme\+store\/repo:Cargo\.lock:1: not valid TOML \(.+\): fetch the clone again$/,
      ),
      "cncf+landscape/repo:landscape.yml: there is no project 'Store': correct 'landscape' in the project's record",
      'rustsec+advisory-db/repo:crates/log/RUSTSEC-2025-0001.md: the advisory has no readable front matter: fetch the clone again',
      '4 problems found.',
    ]);
    expect(await snapshots(project)).toEqual(before);
  });
});
