import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import project from '../../../package.json' with { type: 'json' };
import { run } from '../lib/process.ts';
import type { Tool } from './tool.ts';

const { dependencies: own } = project;

/** This site, built from a copy of the project. */
export const ours: Tool = {
  id: 'ours',
  name: 'This site',
  packages: {
    astro: own.astro,
    '@astrojs/starlight': own['@astrojs/starlight'],
    pagefind: own.pagefind,
  },
  install: async (folder) => {
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
      await cp(path.join(process.cwd(), file), path.join(folder, file));
    }
    await run(['npm', 'ci', '--no-audit', '--no-fund'], folder);
  },
  command: () => [process.execPath, 'src/cli/build.ts', '--times'],
  output: 'dist',
  caches: [
    'dist',
    '.staging',
    '.astro',
    'node_modules/.astro',
    'node_modules/.vite',
    'node_modules/.cache',
  ],
  source: (id) => `content/docs/${id}.mdx`,
  address: (id) => (id === 'index' ? '/' : `/${id.replace(/\/index$/, '')}.html`),
};

/** Seconds of each step of a build, by name: what `npm run build -- --times` printed. */
export function stepsOf(output: string): Map<string, number> {
  const lines = output.matchAll(/^ *([\d.]+) s {2}(\S+)$/gm);
  return new Map([...lines].map(([, seconds, name = '']) => [name, Number(seconds)]));
}

/** Every file of the project that belongs to it, by path: what git tracks, and what is new. */
export async function projectFiles(root: string): Promise<string[]> {
  const list = await run(['git', 'ls-files', '-co', '--exclude-standard', '-z'], root);
  const files = list.output.split('\0').filter(Boolean).sort();
  // A file that was deleted but not committed is still listed.
  const there = await Promise.all(
    files.map((file) =>
      readFile(path.join(root, file)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return files.filter((_file, i) => there[i]);
}

/** Puts the project into the copy's folder, in place of what was there, with pages added to it. */
export async function writeProject(
  root: string,
  folder: string,
  added: ReadonlyMap<string, string>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (name !== 'node_modules') await rm(path.join(folder, name), { recursive: true });
  }
  for (const file of await projectFiles(root)) {
    await cp(path.join(root, file), path.join(folder, file));
  }
  for (const [file, text] of added) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
}
