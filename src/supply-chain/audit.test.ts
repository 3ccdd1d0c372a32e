import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

// They start programs, which take as long as the machine lets them.
vi.setConfig({ testTimeout: 60_000 });

const run = promisify(execFile);
const cli = fileURLToPath(new URL('../cli/audit.ts', import.meta.url));

/** A project that locks one package. */
let project: string;
beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'audited-'));
  const dependencies = { leaky: '1.0.0' };
  const manifest = { name: 'audited', version: '1.0.0', dependencies };
  const lock = {
    ...manifest,
    lockfileVersion: 3,
    packages: { '': manifest, 'node_modules/leaky': { version: '1.0.0' } },
  };
  await writeFile(path.join(project, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(project, 'package-lock.json'), JSON.stringify(lock));
});
afterAll(() => rm(project, { recursive: true }));

/** Runs the command against a registry that is played here. */
async function auditAgainst(registry: RequestListener): Promise<{ code: number; stdout: string }> {
  const server = createServer(registry).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const env = {
    ...process.env,
    npm_config_registry: `http://127.0.0.1:${port}/`,
    npm_config_cache: path.join(project, `cache-${port}`),
  };
  try {
    const { stdout } = await run(process.execPath, [cli], { cwd: project, env });
    return { code: 0, stdout };
  } catch (error) {
    return error as { code: number; stdout: string };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Answers with advisories for a package, and has seen which packages were asked for. */
function knowing(severity: string, asked: unknown[]): RequestListener {
  return async (request, response) => {
    if (request.method !== 'POST') return response.writeHead(404).end('{}');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push(JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()));
    const advisory = {
      id: 1,
      url: 'https://advisories.example/1',
      title: 'It leaks',
      severity,
      vulnerable_versions: '<2.0.0',
    };
    response.writeHead(200, { 'content-type': 'application/json' });
    return response.end(JSON.stringify(severity === 'none' ? {} : { leaky: [advisory] }));
  };
}

test('what is known of a locked package is told, and fails from high on', async () => {
  const asked: unknown[] = [];
  const { code, stdout } = await auditAgainst(knowing('high', asked));
  expect(asked).toEqual([{ leaky: ['1.0.0'] }]);
  expect(stdout).toBe(
    'high  leaky\n  It leaks: https://advisories.example/1\n' +
      'Vulnerabilities: 1 packages in the lockfile have known ones.\n',
  );
  expect(code).toBe(1);
});

test.for([
  ['moderate', 1],
  ['none', 0],
] as const)('%s is told, and does not fail', async ([severity, count]) => {
  const { code, stdout } = await auditAgainst(knowing(severity, []));
  expect(stdout).toContain(`Vulnerabilities: ${count} packages`);
  expect(code).toBe(0);
});

test('a registry that does not answer leaves it unchecked, and says so', async () => {
  const { code, stdout } = await auditAgainst((_request, response) =>
    response.writeHead(405).end(),
  );
  expect(stdout).toMatch(/^Vulnerabilities: NOT CHECKED, .*405/);
  expect(code).toBe(0);
});

test('so does one that breaks off', async () => {
  const { code, stdout } = await auditAgainst((request) => request.destroy());
  expect(stdout).toMatch(/^Vulnerabilities: NOT CHECKED, .*\n$/);
  expect(code).toBe(0);
});
