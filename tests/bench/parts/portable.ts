import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { filesBelow } from '../../../src/files.ts';
import { run } from '../lib/process.ts';
import { type Bar, bar, row, type Table } from '../lib/report.ts';
import { compressedSize } from '../lib/serve.ts';
import { median } from '../lib/stats.ts';
import { ours, stepsOf } from '../tools/ours.ts';
import { type Size, sizeName, type Workshop } from '../workshop.ts';
import type { Part } from './part.ts';

/** The step of the build that is measured, by its name. */
const step = 'portable';

/** What it costs that the built site opens from anywhere. */
export const portable: Part = {
  title: 'Opening from anywhere',
  method: [
    'The share is the time of the step that makes a built site portable, against the rest of the same cold build. Reading and writing pages is not in it: all steps share that.',
    'Growth is the difference in compressed bytes (brotli, highest quality) between the files that a page over https loads, in two builds: one that ends just before the step, one that ends just after it.',
  ],
  async measure(workshop) {
    await workshop.tools(() => false);
    const tables: Table[] = [];
    const bars: Bar[] = [];
    for (const size of workshop.options.sizes ?? (['story', 600] satisfies Size[])) {
      await workshop.write(ours, size);
      const seconds: number[] = [];
      const shares: number[] = [];
      for (let i = 0; i < workshop.options.runs; i++) {
        console.error(`Run ${i + 1}: ${ours.name}, ${sizeName(size)} …`);
        await workshop.clean(ours);
        const built = await workshop.build(ours);
        const own = stepsOf(built.output).get(step);
        if (own === undefined) throw new Error(`the build has no step '${step}'`);
        seconds.push(own);
        shares.push(own / (built.seconds - own));
      }
      const growth = await growthOf(workshop);
      tables.push({
        title: `The step, ${sizeName(size)}`,
        tools: [ours.name],
        rows: [
          row('Time', 's', [median(seconds)]),
          row('Against the rest of a cold build', 'share', [median(shares)]),
          row('Growth of a page: median', 'bytes', [median(growth)]),
          row('Growth of a page: most', 'bytes', [Math.max(...growth)]),
        ],
      });
      bars.push(
        ...bar(`Against the rest of a cold build, ${sizeName(size)}`, 'share', median(shares), 0.2),
        ...bar(`Growth of a page: most, ${sizeName(size)}`, 'bytes', Math.max(...growth), 1000),
      );
    }
    return { tables, bars };
  },
};

/** For each page, by how many compressed bytes it and its scripts and styles grow. */
async function growthOf(workshop: Workshop): Promise<number[]> {
  const before = await buildUntil(workshop, 0);
  const after = await buildUntil(workshop, 1);
  const pages = (await filesBelow(before)).filter((file) => file.endsWith('.html'));
  const [sizesBefore, sizesAfter] = [new Map<string, number>(), new Map<string, number>()];
  const growth: number[] = [];
  for (const page of pages) {
    growth.push(
      (await weight(after, page, sizesAfter)) - (await weight(before, page, sizesBefore)),
    );
  }
  return growth;
}

/** Builds with the steps before the measured one, and so many from it on. */
async function buildUntil(workshop: Workshop, further: number): Promise<string> {
  const folder = workshop.place(ours);
  const output = path.join(workshop.folder, 'built', `until-${step}-${further}`);
  const program = `
    import { pageSteps } from './src/build/finish.ts';
    import { renderSite } from './src/build/render.ts';
    import { takeSteps } from './src/built-site/built-site.ts';
    const output = ${JSON.stringify(output)};
    const steps = pageSteps(process.cwd());
    const at = steps.findIndex(({ name }) => name === '${step}');
    if (at < 0) throw new Error("there is no step '${step}'");
    await renderSite(process.cwd(), output);
    await takeSteps(output, steps.slice(0, at + ${further}));`;
  await rm(output, { recursive: true, force: true });
  await writeFile(path.join(folder, 'build-until.mjs'), program);
  await run([process.execPath, 'build-until.mjs'], folder);
  return output;
}

/** Compressed bytes of a page and of every script and style sheet that it names. */
async function weight(site: string, page: string, known: Map<string, number>): Promise<number> {
  const sizeOf = async (file: string): Promise<number> => {
    const found = known.get(file) ?? (await compressedSize(await readFile(path.join(site, file))));
    known.set(file, found);
    return found;
  };
  const html = await readFile(path.join(site, page), 'utf8');
  const addresses = [
    ...html.matchAll(/<(?:script[^>]*? src|link rel="stylesheet" href)="([^"]+)"/g),
  ];
  const files = new Set(
    addresses.map(([, address = '']) =>
      address.startsWith('/')
        ? address.slice(1)
        : path.posix.normalize(path.posix.join(path.posix.dirname(page), address)),
    ),
  );
  let sum = await sizeOf(page);
  for (const file of files) sum += await sizeOf(file);
  return sum;
}
