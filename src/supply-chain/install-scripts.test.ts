import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const read = (file: string) => readFile(new URL(`../../${file}`, import.meta.url), 'utf8');

test('every install script in the lockfile was reviewed: decided on, and listed', async () => {
  const { packages } = JSON.parse(await read('package-lock.json'));
  const { allowScripts } = JSON.parse(await read('package.json'));
  const contributing = await read('CONTRIBUTING.md');
  const scripts = Object.entries<{ hasInstallScript?: boolean }>(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([place]) => place.replace(/^.*node_modules\//, ''));
  expect(Object.keys(allowScripts).sort()).toEqual([...new Set(scripts)].sort());
  for (const name of scripts) expect(contributing).toMatch(new RegExp(`^\\| \`${name}\` \\|`, 'm'));
});
