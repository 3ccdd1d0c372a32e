/** `npm run bench`: measures this site beside its peers. See the usage below. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measurement } from '../../src/catalog/schema/measurement.ts';
import { machine, revision } from './lib/machine.ts';
import { formatMeasurement } from './lib/report.ts';
import { build } from './parts/build.ts';
import { pages } from './parts/pages.ts';
import type { Part } from './parts/part.ts';
import { portable } from './parts/portable.ts';
import { search } from './parts/search.ts';
import { peers } from './tools/peers.ts';
import { type Size, Workshop } from './workshop.ts';

const parts: Record<string, Part> = { build, pages, search, portable };

const usage = `Usage: npm run bench -- [${Object.keys(parts).join('|')} …] [options]
  --runs N         how often each thing is measured, search apart (5)
  --sizes LIST     story, or a number of pages, with commas; each part has its own
  --queries N      how many queries the search is asked in each state, once each (50)
  --peers LIST     which peers to compare with, with commas (${peers.map(({ id }) => id).join(',')})
  --work DIR       where sites are built, outside the project (a folder in the system's temporary one)
  --write          put the figures into content/measurements/bench, for the page that shows them`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '5' },
      sizes: { type: 'string' },
      queries: { type: 'string', default: '50' },
      peers: { type: 'string', default: peers.map(({ id }) => id).join(',') },
      work: { type: 'string', default: path.join(tmpdir(), 'rust-at-cncf-bench') },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(parts);
  const runs = Number(values.runs);
  const queries = Number(values.queries);
  const sizes = values.sizes
    ?.split(',')
    .map((size): Size => (size === 'story' ? size : Number(size)));
  const asked = values.peers.split(',').filter((peer) => peer !== '');
  const wrong =
    names.some((name) => !parts[name]) ||
    !isCount(runs) ||
    !isCount(queries) ||
    sizes?.some((size) => size !== 'story' && !isCount(size)) ||
    asked.some((peer) => !peers.some(({ id }) => id === peer));
  if (values.help || wrong) {
    console.error(usage);
    return values.help ? 0 : 2;
  }

  const root = process.cwd();
  const work = path.resolve(values.work);
  await mkdir(work, { recursive: true });
  await using _lock = await lock(work);
  // What is measured is the project as it is now; it may go on while the figures are taken.
  const commit = revision(root);
  const workshop = new Workshop(root, work, { runs, sizes, queries, peers: asked });
  for (const name of names) {
    const part = parts[name];
    if (!part) continue;
    const { tables, bars, browser, runs: counted = runs } = await part.measure(workshop);
    const shown = new Set(tables.flatMap(({ tools }) => tools));
    const compared = (await workshop.tools()).filter((tool) => shown.has(tool.name));
    const result = measurement.parse({
      title: part.title,
      date: new Date().toISOString().slice(0, 10),
      commit,
      runs: counted,
      machine: { ...machine(), ...(browser && { browser }) },
      versions: Object.fromEntries(
        compared.map((tool) => [
          tool.name,
          Object.entries(tool.packages)
            .map(([name, version]) => `${name} ${version}`)
            .join(', '),
        ]),
      ),
      method: part.method,
      tables,
      bars,
    });
    console.log(formatMeasurement(result));
    if (values.write) {
      const file = path.join(root, 'content/measurements/bench', `${name}.json`);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
      console.log(`\nWritten to ${path.relative(root, file)}.`);
    }
  }
  for (const [tool, reason] of workshop.missing) console.log(`\nLeft out: ${tool} (${reason})`);
  return 0;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}

/** Two runs in one folder would build over each other, and disturb each other's clocks. */
async function lock(folder: string): Promise<AsyncDisposable> {
  const file = path.join(folder, '.lock');
  const holder = Number(await readFile(file, 'utf8').catch(() => Number.NaN));
  const runs = (() => {
    try {
      return Number.isInteger(holder) && process.kill(holder, 0);
    } catch {
      return false;
    }
  })();
  if (runs)
    throw new Error(`${folder} is in use by process ${holder}: wait, or name another --work`);
  await writeFile(file, String(process.pid));
  return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
}
