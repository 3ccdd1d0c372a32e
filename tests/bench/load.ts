/** `npm run bench:load`: what the packaged site bears, and what a reader costs. See the usage below. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os, { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { brotliDecompressSync } from 'node:zlib';
import { filesBelow } from '../../src/files.ts';
import { packageSite } from '../../src/hosting/package.ts';
import { get, nginx, type Running } from '../hosting/servers.ts';
import { startChromium } from '../support/browser.ts';

const usage = `Usage: npm run bench:load -- [options]     (after npm run build && npm run package)
  --seconds N      how long each kind of file is asked for (20)
  --every N        seconds between one build and the next, where builds are replaced (5)
  --write          put the figures into content/measurements/hosting.json, for the page that shows them`;

const run = promisify(execFile);
const root = process.cwd();
const dist = path.join(root, 'dist');
const configuration = path.join(root, 'dist-hosting/nginx.conf');
/** Connections that wrk keeps open. */
const connections = 64;
/** Tells pages of the second build from those of the first. */
const otherMark = '<!-- the other build -->';

/** What wrk found about one kind of file. */
interface Load {
  what: string;
  /** Answers a second. */
  rate: number;
  /** In milliseconds: a hundredth of the answers took longer. */
  p99: number;
  /** Answers in all. */
  answers: number;
  /** Answers that were no success, and connections that failed. */
  errors: number;
}

/** What a server sent for one step of a reader, headers included. */
interface Traffic {
  requests: number;
  bytes: number;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '20' },
      every: { type: 'string', default: '5' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [seconds, every] = [Number(values.seconds), Number(values.every)];
  if (values.help || !(seconds >= 1) || !(every >= 0)) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  if (nginx.missing) {
    console.error(nginx.missing);
    return 1;
  }
  const work = await mkdtemp(path.join(tmpdir(), 'load-'));
  await run('chmod', ['755', work]);
  try {
    const load = await measureLoad(work, seconds);
    const swap = await measureSwap(work, seconds, every);
    const reader = await measureReader(work);
    const { stderr: version } = await run('nginx', ['-v']);
    const { stdout: commit } = await run('git', ['rev-parse', 'HEAD'], { cwd: root });
    const result = {
      date: new Date().toISOString().slice(0, 10),
      commit: commit.trim(),
      machine: `${os.cpus()[0]?.model.trim()}, ${os.cpus().length} cores`,
      server: version.trim().replace(/^.*: /, '').replace('/', ' '),
      seconds,
      connections,
      load,
      swap,
      reader,
    };
    console.log(JSON.stringify(result, null, 2));
    if (values.write) {
      const file = path.join(root, 'content/measurements/hosting.json');
      await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
    }
    return [...load, swap].some(({ errors }) => errors > 0) || swap.mixed.length > 0 ? 1 : 0;
  } finally {
    await rm(work, { recursive: true });
  }
}

/** Asks for pages, assets and search chunks in turn, at full speed, as browsers that take brotli do. */
async function measureLoad(work: string, seconds: number): Promise<Load[]> {
  const files = await plainFiles(dist);
  const kinds = {
    pages: files.filter((file) => file.endsWith('.html')),
    assets: files.filter((file) => file.startsWith('_astro/')),
    search: files.filter((file) => /\.pf_(fragment|index|meta)$/.test(file)),
  };
  await using server = await nginx.start(configuration, dist);
  const loads: Load[] = [];
  for (const [what, asked] of Object.entries(kinds)) {
    loads.push({ what, ...(await wrk(work, server, asked, seconds)) });
  }
  return loads;
}

/**
 * Asks for everything while two builds take turns, and reads pages with the assets that they name
 * beside it: each must be of the page's own build.
 */
async function measureSwap(work: string, seconds: number, every: number) {
  const other = await writeOtherBuild(path.join(work, 'other'));
  const target = path.join(work, 'srv');
  const deploy = (site: string) => run(path.join(root, 'hosting/deploy.sh'), [site, target]);
  await deploy(other);
  await deploy(dist);
  await using server = await nginx.start(configuration, path.join(target, 'current'));

  let going = true;
  let builds = 0;
  const taking = (async () => {
    while (going) {
      await deploy(builds++ % 2 === 0 ? other : dist);
      await wait(every * 1000);
    }
  })();
  const read = { pages: 0, mixed: [] as string[] };
  const reading = (async () => {
    while (going) {
      for (const page of ['/index.html', '/libraries/tower.html']) {
        read.mixed.push(...(await mixOn(server, page, other)));
        read.pages++;
      }
    }
  })();
  const asked = (await plainFiles(dist)).filter((file) =>
    /\.html$|^_astro\/|\.pf_(fragment|index|meta)$/.test(file),
  );
  const load = await wrk(work, server, asked, seconds);
  going = false;
  await Promise.all([taking, reading]);
  return { ...load, builds, ...read };
}

/** What of a page's assets is not there, or not as its own build has it. */
async function mixOn(server: Running, page: string, other: string): Promise<string[]> {
  const load = async (address: string) => {
    const { status, body } = await get(server, address, { 'accept-encoding': 'br' });
    return { status, body: status === 200 ? brotliDecompressSync(body) : body };
  };
  const { status, body } = await load(page);
  const html = body.toString();
  const build = html.includes(otherMark) ? other : dist;
  const wrong = status === 200 ? [] : [`${page}: ${status}`];
  for (const [, asset] of html.matchAll(/(?:href|src)="[./]*(_astro\/[^"]+)"/g)) {
    const answer = await load(`/${asset}`);
    const same =
      answer.status === 200 && answer.body.equals(await readFile(path.join(build, `${asset}`)));
    if (!same) wrong.push(`${page}: ${asset} ${answer.status}`);
  }
  return wrong;
}

/**
 * Packages a build with the same pages, in which every asset has another name and other bytes.
 *
 * @returns its folder
 */
async function writeOtherBuild(project: string): Promise<string> {
  const folder = path.join(project, 'dist');
  await cp(path.join(root, 'hosting'), path.join(project, 'hosting'), { recursive: true });
  await cp(dist, folder, { recursive: true, filter: (file) => !isTwin(file) });
  for (const file of await filesBelow(folder)) {
    const name = path.join(folder, file);
    if (file.startsWith('_astro/')) {
      if (/\.(css|js)$/.test(file)) await writeFile(name, `${await readFile(name, 'utf8')}/**/`);
      await rename(name, path.join(folder, renamed(file)));
    } else if (file.endsWith('.html')) {
      const html = (await readFile(name, 'utf8')).replace(/_astro\/[^"]+/g, renamed);
      await writeFile(name, html + otherMark);
    }
  }
  await packageSite(project);
  return folder;
}

function renamed(asset: string): string {
  return asset.replace('_astro/', '_astro/other.');
}

/** What one reader makes a server send: a first page, two more, and a search. */
async function measureReader(work: string): Promise<Record<string, Traffic>> {
  const log = path.join(work, 'answers.log');
  await using server = await nginx.start(configuration, dist, log);
  let before = 0;
  /** What was sent since the last call, once nothing has been asked for in a second. */
  const sent = async (): Promise<Traffic> => {
    let lines: string[] = [];
    for (;;) {
      await wait(1000);
      const now = (await readFile(log, 'utf8')).split('\n').slice(0, -1);
      if (now.length === lines.length) break;
      lines = now;
    }
    const fresh = lines.slice(before);
    before = lines.length;
    return {
      requests: fresh.length,
      bytes: fresh.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0),
    };
  };

  const browser = await startChromium();
  try {
    const page = await browser.newPage();
    const open = (file: string) => page.goto(`http://127.0.0.1:${server.port}/${file}`);
    await sent();
    await open('libraries/tower.html');
    const first = await sent();
    await open('concepts/raft.html');
    const second = await sent();
    await open('projects/tikv.html');
    const third = await sent();
    await page.click('.search-open');
    await page.keyboard.type('timeout');
    const search = await sent();
    return { first, second, third, search };
  } finally {
    await browser.close();
  }
}

function isTwin(file: string): boolean {
  return /\.(br|gz)$/.test(file);
}

async function plainFiles(folder: string): Promise<string[]> {
  return (await filesBelow(folder)).filter((file) => !isTwin(file));
}

/** Asks for files in turn on all cores; wrk and the server share them. */
async function wrk(
  work: string,
  { port }: Running,
  files: readonly string[],
  seconds: number,
): Promise<Omit<Load, 'what'>> {
  const script = path.join(work, 'wrk.lua');
  await writeFile(
    script,
    `local paths = { ${files.map((file) => JSON.stringify(encodeURI(`/${file}`))).join(', ')} }
     local i = 0
     request = function()
       i = i % #paths + 1
       return wrk.format("GET", paths[i], { ["Accept-Encoding"] = "gzip, deflate, br" })
     end
     done = function(summary, latency)
       local e = summary.errors
       print(string.format('{ "answers": %d, "microseconds": %d, "p99": %d, "errors": %d }',
         summary.requests, summary.duration, latency:percentile(99),
         e.connect + e.read + e.write + e.status + e.timeout))
     end`,
  );
  const { stdout } = await run('wrk', [
    ...['-t2', `-c${connections}`, `-d${seconds}s`],
    ...['-s', script, `http://127.0.0.1:${port}`],
  ]);
  const { answers, microseconds, p99, errors } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  return { rate: Math.round(answers / (microseconds / 1e6)), p99: p99 / 1000, answers, errors };
}
