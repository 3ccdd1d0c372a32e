import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../support/free-port.ts';

/** A real web server, with one of the configurations that `npm run package` makes. */
export interface Server {
  name: 'nginx' | 'caddy';
  /** Why it cannot be tested here; undefined where it can. */
  missing: string | undefined;
  /**
   * Starts it on a free port.
   *
   * @param configuration file that `npm run package` wrote
   * @param site folder to serve
   * @param log file for a line per answer: status, bytes sent, address; only nginx
   */
  start: (configuration: string, site: string, log?: string) => Promise<Running>;
}

export interface Running extends AsyncDisposable {
  port: number;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

const modules = '/etc/nginx/modules-enabled';

export const nginx: Server = {
  name: 'nginx',
  missing: missing(
    runs('nginx', '-v') && existsSync(`${modules}/50-mod-http-brotli-static.conf`),
    'nginx and libnginx-mod-http-brotli-static',
  ),
  start: (configuration, site, log) =>
    start('nginx', async (folder, port) => {
      const server = replaced(await readFile(configuration, 'utf8'), [
        ['listen 80;', `listen 127.0.0.1:${port};`],
        ['    listen [::]:80;\n', ''],
        ['root /srv/rust-at-cncf/current;', `root "${site}";`],
      ]);
      await writeFile(path.join(folder, 'site.conf'), server);
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
      const main = `
        daemon off;
        worker_processes 2;
        pid ${folder}/nginx.pid;
        error_log stderr warn;
        include ${modules}/*.conf;
        events { worker_connections 1024; }
        http {
          log_format answers '$status $bytes_sent $request_uri';
          access_log ${log ? `${log} answers` : 'off'};
          ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n')}
          include ${folder}/site.conf;
        }`;
      await writeFile(path.join(folder, 'nginx.conf'), main);
      return ['-c', path.join(folder, 'nginx.conf'), '-e', 'stderr'];
    }),
};

export const caddy: Server = {
  name: 'caddy',
  missing: missing(runs('caddy', 'version'), 'caddy'),
  start: (configuration, site) =>
    start('caddy', async (folder, port) => {
      const server = replaced(await readFile(configuration, 'utf8'), [
        [':80 {', `http://127.0.0.1:${port} {`],
        ['root * /srv/rust-at-cncf/current', `root * "${site}"`],
      ]);
      const config = path.join(folder, 'Caddyfile');
      await writeFile(config, `{\n\tadmin off\n}\n${server}`);
      return ['run', '--adapter', 'caddyfile', '--config', config];
    }),
};

/** Asks a server as it is said here: the path is not tidied, the body is not decoded. */
export async function get(
  { port }: Running,
  address: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  const asked = request({ host: '127.0.0.1', port, path: address, headers, method }).end();
  const [response] = await once(asked, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

function runs(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Continuous integration sets HOSTING_TESTS=required: there, nothing may be passed over. */
function missing(found: boolean, packages: string): string | undefined {
  if (found || process.env.HOSTING_TESTS === 'required') return undefined;
  return `not installed: ${packages}`;
}

/** What a test has to change in a configuration must be there, or it would test something else. */
function replaced(text: string, changes: readonly (readonly [string, string])[]): string {
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`the configuration does not say '${from}'`);
    text = text.replace(from, () => to);
  }
  return text;
}

async function start(
  command: string,
  configure: (folder: string, port: number) => Promise<string[]>,
): Promise<Running> {
  const folder = await mkdtemp(path.join(tmpdir(), `${command}-`));
  // Started by root, nginx reads it as nobody.
  await chmod(folder, 0o755);
  const port = await freePort();
  const server = spawn(command, await configure(folder, port), {
    env: { ...process.env, HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  server.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  const running = {
    port,
    [Symbol.asyncDispose]: async () => {
      if (server.exitCode === null && server.kill()) await once(server, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
  await answering(running, server).catch(async (error) => {
    await running[Symbol.asyncDispose]();
    throw new Error(`${command} did not start: ${error.message}\n${complaints}`);
  });
  return running;
}

/** Resolves as soon as the server answers; rejects when it has ended, or does not begin. */
async function answering(running: Running, server: ChildProcess): Promise<void> {
  const failed = new AbortController();
  const fail = (reason: Error) => failed.abort(reason);
  server.once('error', fail);
  server.once('exit', (code) => fail(new Error(`it ended with ${code}`)));
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    failed.signal.throwIfAborted();
    if (await get(running, '/').catch(() => undefined)) return;
    await wait(10);
  }
  throw new Error('it does not answer');
}
