import { access, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const read = (file: string) => readFile(new URL(`../../${file}`, import.meta.url), 'utf8');
const names = ['hosting/pages.yml', 'hosting/Containerfile'];

test.for(names)('%s says first that it is not tested here', async (name) => {
  expect((await read(name)).split('\n')[0]).toMatch(/^# Not tested here/);
});

test.for(names)('%s runs only commands that are there', async (name) => {
  const { scripts } = JSON.parse(await read('package.json'));
  const commands = [...(await read(name)).matchAll(/npm (?:run )?([\w:-]+)/g)].map(([, c]) => c);
  expect(commands.length).toBeGreaterThan(1);
  for (const command of commands) expect(['ci', ...Object.keys(scripts)]).toContain(command);
});

test('the container is built from files that are there', async () => {
  const copies = [...(await read('hosting/Containerfile')).matchAll(/^COPY (?!--)(.+) \S+$/gm)];
  for (const file of copies.flatMap(([, sources]) => String(sources).split(' '))) {
    await access(new URL(`../../${file}`, import.meta.url));
  }
  expect(copies.length).toBeGreaterThan(0);
});

test('the workflow has the parts that Pages needs', async () => {
  expect(parse(await read('hosting/pages.yml'))).toMatchObject({
    permissions: {},
    jobs: {
      build: { permissions: { contents: 'read' } },
      publish: { needs: 'build', permissions: { pages: 'write', 'id-token': 'write' } },
    },
  });
});
