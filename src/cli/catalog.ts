/** `npm run catalog -- check | stale --days N | refresh --mirror DIR` */
import { parseArgs } from 'node:util';
import { loadSite } from '../build/load.ts';
import { Catalog, ReportedProblems } from '../catalog/index.ts';
import { readContent } from '../catalog/read.ts';
import { refresh } from '../catalog/refresh/refresh.ts';
import { staleFacts } from '../catalog/stale.ts';

const usage = `Usage:
  npm run catalog -- check                   check facts, references and pages
  npm run catalog -- stale --days N          list facts older than N days
  npm run catalog -- refresh --mirror DIR    read bare clones (DIR/owner+name/repo) into content/snapshots`;

const root = process.cwd();
try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ReportedProblems)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { days: { type: 'string' }, mirror: { type: 'string' } },
    strict: false,
  });
  const [command] = positionals;

  if (command === 'check') {
    const loaded = await loadSite(root);
    if ('problems' in loaded) throw new ReportedProblems(loaded.problems);
    const { catalog, examples } = loaded;
    const { projects, libraries, concepts, sources, pages } = catalog;
    const count = (record: object, noun: string) => `${Object.keys(record).length} ${noun}`;
    console.log(
      `The catalog is sound: ${count(projects, 'projects')}, ${count(libraries, 'libraries')}, ` +
        `${count(concepts, 'concepts')}, ${count(sources, 'sources')}, ${count(pages, 'pages')}, ` +
        `${count(examples, 'examples')}.`,
    );
    return 0;
  }
  if (command === 'stale' && typeof values.days === 'string' && /^\d+$/.test(values.days)) {
    const loaded = await loadSite(root);
    if ('problems' in loaded) throw new ReportedProblems(loaded.problems);
    const stale = staleFacts(new Catalog(loaded.catalog), Number(values.days), new Date());
    for (const { where, read, days } of stale) console.log(`${read}  ${days} days  ${where}`);
    console.log(`${stale.length} facts are older than ${values.days} days.`);
    return 0;
  }
  if (command === 'refresh' && typeof values.mirror === 'string') {
    // Problems with pages or references are not in the way of new snapshots; broken records are.
    const { content, problems } = await readContent(root);
    const inTheWay = problems.filter(({ file }) =>
      /content\/catalog\/(projects|libraries)\//.test(file),
    );
    if (inTheWay.length > 0) throw new ReportedProblems(inTheWay);
    const files = await refresh(root, values.mirror, content);
    console.log(`${files.length} snapshots written to content/snapshots.`);
    return 0;
  }
  console.error(usage);
  return 2;
}
