import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, inject, test } from 'vitest';
import { filesBelow } from '../../src/files.ts';
import { immutableFiles } from '../../src/hosting/headers.ts';
import { PackagedSite } from '../hosting/fixture.ts';
import { caddy, get, nginx } from '../hosting/servers.ts';

const dist = inject('dist');
const files = (await filesBelow(dist)).filter((file) => !/(^_headers|\.(br|gz))$/.test(file));

test('what is kept for a year has a hash in its name, and each glob means something', () => {
  for (const glob of immutableFiles) {
    const matched = files.filter((file) => path.posix.matchesGlob(`/${file}`, glob));
    expect(matched, glob).not.toEqual([]);
    for (const file of matched) expect(file).toMatch(/[._][\w-]{7,}\.\w+$/);
  }
});

test.for([
  { server: nginx, configuration: 'nginx.conf' },
  { server: caddy, configuration: 'Caddyfile' },
])(
  '$server.name serves every file of the built site',
  async ({ server, configuration }, { skip }) => {
    skip(server.missing !== undefined, server.missing);
    await using packaged = await PackagedSite.create();
    await using running = await server.start(packaged.configuration(configuration), dist);
    for (const file of files) {
      const { status, headers, body } = await get(running, encodeURI(`/${file}`));
      expect([status, body.equals(await readFile(path.join(dist, file)))], file).toEqual([
        200,
        true,
      ]);
      if (!/\.(pf_\w+|pagefind|sha256)$/.test(file)) {
        expect(headers['content-type'], file).not.toBe('application/octet-stream');
        expect(headers['content-type'], file).toBeDefined();
      }
    }
  },
);
