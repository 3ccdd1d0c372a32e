import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { buildSite } from '../../src/build/build.ts';
import { TestProject } from '../support/project.ts';

const run = promisify(execFile);
const cli = (name: string) => fileURLToPath(new URL(`../../src/cli/${name}.ts`, import.meta.url));

/** Stands in for Astro: writes one file. */
const writing = (text: string) => async (folder: string) => {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'index.html'), text);
};

test('a build takes the place of the previous one, whole', async () => {
  await using project = await TestProject.create();
  await project.write('dist/old.html', 'old');
  await buildSite(project.root, writing('new'));
  expect(await readdir(path.join(project.root, 'dist'))).toEqual(['index.html']);
  expect(await readdir(project.root)).toEqual(['content', 'dist']);
});

test('a build that fails half-way leaves the previous one as it was', async () => {
  await using project = await TestProject.create();
  await buildSite(project.root, writing('good'));
  const failing = buildSite(project.root, async (folder) => {
    await writing('half')(folder);
    throw new Error('the renderer gave up');
  });
  await expect(failing).rejects.toThrow('the renderer gave up');
  expect(await readFile(path.join(project.root, 'dist/index.html'), 'utf8')).toBe('good');
  expect(await readdir(project.root)).toEqual(['content', 'dist']);
});

test.for(['build', 'catalog'])('%s prints the report and exits with 1', async (command) => {
  await using project = await TestProject.create();
  await project.write('content/catalog/concepts/quorum.yaml', 'name: Quorum\n');
  await project.write('dist/index.html', 'the previous site');
  const failed = await run(process.execPath, [cli(command), 'check'], { cwd: project.root }).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(failed).toMatchObject({
    code: 1,
    stderr: [
      "content/catalog/concepts/quorum.yaml:1: 'related' is missing: add it",
      "content/catalog/concepts/quorum.yaml:1: 'summary' is missing: add it",
      '2 problems found.',
      '',
    ].join('\n'),
  });
  expect(await readdir(project.root)).toEqual(['content', 'dist']);
  expect(await readdir(path.join(project.root, 'dist'))).toEqual(['index.html']);
});

test('a build says so where Astro fails, and leaves the previous site', async () => {
  await using project = await TestProject.create();
  await project.write('astro.config.mjs', 'throw new Error("no such option");\n');
  await project.write('dist/index.html', 'the previous site');
  const failed = await run(process.execPath, [cli('build')], { cwd: project.root }).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('no such option') });
  expect(await readFile(path.join(project.root, 'dist/index.html'), 'utf8')).toBe(
    'the previous site',
  );
});

test('catalog check says what it has checked', async () => {
  await using project = await TestProject.create();
  const { stdout } = await run(process.execPath, [cli('catalog'), 'check'], { cwd: project.root });
  expect(stdout).toBe(
    'The catalog is sound: 1 projects, 1 libraries, 1 concepts, 2 sources, 4 pages, 0 examples.\n',
  );
});

test('catalog stale lists facts older than a number of days', async () => {
  await using project = await TestProject.create();
  const { stdout } = await run(process.execPath, [cli('catalog'), 'stale', '--days', '1'], {
    cwd: project.root,
  });
  expect(stdout).toContain('2026-01-01  ');
  expect(stdout).toContain('libraries/log-rs.upkeep');
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('10 facts are older than 1 days.');
});

test('catalog without a command shows how to call it', async () => {
  await using project = await TestProject.create();
  const failed = await run(process.execPath, [cli('catalog')], { cwd: project.root }).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage:') });
});
