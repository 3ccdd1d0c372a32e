/** `npm run examples -- verify [--slow] [name…] | record [--slow] [name…]` */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createTwoFilesPatch } from 'diff';
import { compare, formatReport } from '../catalog/report.ts';
import {
  artifactFolder,
  type Example,
  type ExampleRecord,
  manifestFile,
  outputFile,
  readExamples,
  sha256,
  workspace,
} from '../examples/examples.ts';
import {
  artifactHashes,
  ExampleFailed,
  NoCargo,
  type Run,
  runExample,
  rustcVersion,
  updateLockfile,
} from '../examples/run.ts';

const usage = `Usage:
  npm run examples -- verify [--slow] [name…]    build and run, and compare with what was recorded
  npm run examples -- record [--slow] [name…]    build and run, and write down what was printed
Without names, all examples except those that are marked as slow; with --slow, those too.`;

const root = process.cwd();
try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof NoCargo || error instanceof ExampleFailed)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { slow: { type: 'boolean' } },
    strict: false,
  });
  const [command, ...names] = positionals;
  if (command !== 'verify' && command !== 'record') {
    console.error(usage);
    return 2;
  }
  const rustc = await rustcVersion();
  if (command === 'record') await updateLockfile(root);
  const { examples, problems } = await readExamples(root);
  const unknown = names.filter((name) => !examples.some((example) => example.name === name));
  if (unknown.length > 0) {
    console.error(
      `There is no example ${unknown.join(', ')}. There are: ${examples.map((e) => e.name).join(', ')}.`,
    );
    return 2;
  }
  const drift = problems.filter(({ file }) => file !== manifestFile);
  if (drift.length > 0) {
    console.error(formatReport(drift));
    return 1;
  }

  const wanted = examples.filter(
    ({ name, slow }) => names.includes(name) || (names.length === 0 && (!slow || values.slow)),
  );
  const records = new Map(
    examples.flatMap(({ name, record }) => (record ? [[name, record] as const] : [])),
  );
  let failed = 0;
  for (const [i, example] of wanted.entries()) {
    console.log(`[${i + 1}/${wanted.length}] ${example.name}`);
    try {
      const run = await runExample(root, example.name);
      const times = `built in ${run.built.toFixed(1)} s, ran in ${run.ran.toFixed(1)} s`;
      if (command === 'record') {
        records.set(example.name, await writeRecord(example, run, rustc));
        console.log(`  recorded (${times})`);
        continue;
      }
      const difference = compareRun(example, run);
      if (difference === undefined) console.log(`  as recorded (${times})`);
      else {
        failed++;
        console.log(`  NOT as recorded (${times})\n${difference}`);
      }
    } catch (error) {
      if (!(error instanceof ExampleFailed)) throw error;
      failed++;
      console.log(`  FAILED: ${error.message}`);
    }
  }
  if (command === 'record') await writeManifest(examples, records);
  const left = names.length > 0 ? 0 : examples.length - wanted.length;
  if (left > 0) console.log(`${left} slow examples were left out; --slow includes them.`);
  console.log(`${wanted.length - failed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

/** What differs between a run and its record, for a person to read; nothing if they agree. */
function compareRun(example: Example, run: Run): string | undefined {
  if (!example.record || example.output === undefined) {
    return `  there is no record: run npm run examples -- record ${example.name}`;
  }
  const recorded = Object.keys(example.artifacts).join(', ');
  const made = [...run.artifacts.keys()].join(', ');
  if (recorded !== made)
    return `  it made these pictures: ${made || 'none'}; recorded: ${recorded || 'none'}`;
  if (run.output === example.output) return undefined;
  return createTwoFilesPatch('recorded', 'printed now', example.output, run.output);
}

/** Writes what an example printed and made; the day changes only if something else did. */
async function writeRecord(example: Example, run: Run, rustc: string): Promise<ExampleRecord> {
  const folder = path.join(root, workspace, example.name);
  await writeFile(path.join(folder, outputFile), run.output);
  await rm(path.join(folder, artifactFolder), { recursive: true, force: true });
  for (const [file, bytes] of run.artifacts) {
    await mkdir(path.join(folder, artifactFolder), { recursive: true });
    await writeFile(path.join(folder, artifactFolder, file), bytes);
  }
  const { sources, dependencies } = example.now;
  const fresh = {
    sources,
    dependencies,
    output: sha256(run.output),
    artifacts: artifactHashes(run.artifacts),
    rustc,
  };
  const { date: before, ...old } = example.record ?? { date: undefined };
  const same = JSON.stringify(old) === JSON.stringify(fresh);
  return { ...fresh, date: same && before ? before : new Date().toISOString().slice(0, 10) };
}

async function writeManifest(
  examples: readonly Example[],
  records: ReadonlyMap<string, ExampleRecord>,
): Promise<void> {
  const known = [...records]
    .filter(([name]) => examples.some((example) => example.name === name))
    .sort(([a], [b]) => compare(a, b));
  await writeFile(
    path.join(root, manifestFile),
    `${JSON.stringify(Object.fromEntries(known), null, 2)}\n`,
  );
}
