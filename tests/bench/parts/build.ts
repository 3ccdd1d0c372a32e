import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { filesBelow } from '../../../src/files.ts';
import { type Bar, bar, row, type Table } from '../lib/report.ts';
import { median } from '../lib/stats.ts';
import { ours, stepsOf } from '../tools/ours.ts';
import { starlight } from '../tools/peers.ts';
import type { Tool } from '../tools/tool.ts';
import { type Size, sizeName, type Workshop } from '../workshop.ts';
import type { Part } from './part.ts';

/** What one tool took to build one size. */
interface Builds {
  cold: number[];
  rebuild: number[];
  peak: number[];
  /** Bytes of everything, and of pages alone. */
  output: number;
  html: number;
  pages: number;
  /** Of this site: seconds of each step, by name, of cold builds and of rebuilds. */
  steps: Map<string, number[]>;
  rebuildSteps: Map<string, number[]>;
}

/** How long builds take, how much memory, and what comes out. */
export const build: Part = {
  title: 'Building',
  method: [
    'A cold build starts without the output and without any cache of the tool; files that the operating system holds in memory stay there. A rebuild follows a cold build after one sentence was added to one page.',
    'The search index is part of every build. Of this site, so are the check of the content and of the built pages, the step that makes it open from disk, and the archive.',
    'Memory is the largest sum over the process and its descendants, looked at ten times a second; memory that processes share counts once for each.',
    'Every tool is built in turn, one run each, before the next run begins.',
    "Larger sites are made of copies of this site's pages: half of them libraries, the others concepts, each with a record of its own and with a seventh of its longer words changed. Peers build the same prose, with examples and facts in it, as plain Markdown; diagrams are left out there and their text kept.",
  ],
  async measure(workshop) {
    const tools = await workshop.tools();
    const sizes = workshop.options.sizes ?? ['story', 600, 3000];
    const measured = new Map<Size, Map<Tool, Builds>>();
    for (const size of sizes) measured.set(size, await buildAll(workshop, tools, size));

    const tables = sizes.flatMap((size): Table[] => {
      const builds = tools.map((tool) => measured.get(size)?.get(tool));
      const own = builds[0];
      const names = tools.map(({ name }) => name);
      return [
        {
          title: `Build, ${sizeName(size)}`,
          tools: names,
          rows: [
            row(
              'Cold build',
              's',
              builds.map((b) => b && median(b.cold)),
            ),
            row(
              'Rebuild after an edit',
              's',
              builds.map((b) => b && median(b.rebuild)),
            ),
            row(
              'Peak memory',
              'bytes',
              builds.map((b) => b && median(b.peak)),
            ),
            row(
              'Output',
              'bytes',
              builds.map((b) => b?.output),
            ),
            row(
              'HTML',
              'bytes',
              builds.map((b) => b?.html),
            ),
            row(
              'HTML files',
              'count',
              builds.map((b) => b?.pages),
            ),
          ],
        },
        {
          title: `Steps, ${sizeName(size)}`,
          tools: ['Cold', 'Rebuild'],
          rows: [...(own?.steps.keys() ?? [])].map((step) =>
            row(step, 's', [
              median(own?.steps.get(step) ?? []),
              median(own?.rebuildSteps.get(step) ?? []),
            ]),
          ),
        },
      ];
    });
    return { tables, bars: bars(measured) };
  },
};

async function buildAll(
  workshop: Workshop,
  tools: readonly Tool[],
  size: Size,
): Promise<Map<Tool, Builds>> {
  const measured = new Map<Tool, Builds>();
  // The prose for the peers comes out of a build of this site.
  if (tools.length > 1) await workshop.built(ours, size);
  for (let i = 0; i < workshop.options.runs; i++) {
    for (const tool of tools) {
      if (i > 0 && !measured.has(tool)) continue;
      console.error(`Run ${i + 1}: ${tool.name}, ${sizeName(size)} …`);
      try {
        await buildOnce(workshop, tool, size, measured);
      } catch (error) {
        if (tool === ours) throw error;
        console.error(`${tool.name} cannot build ${sizeName(size)}.\n${error}`);
        measured.delete(tool);
      }
    }
  }
  return measured;
}

async function buildOnce(
  workshop: Workshop,
  tool: Tool,
  size: Size,
  measured: Map<Tool, Builds>,
): Promise<void> {
  if (!measured.has(tool)) await workshop.write(tool, size);
  await workshop.clean(tool);
  const cold = await workshop.build(tool);
  const page = path.join(workshop.place(tool), tool.source('concepts/raft'));
  const before = await readFile(page);
  let rebuild: typeof cold;
  try {
    await appendFile(page, '\n\nOne sentence more.\n');
    rebuild = await workshop.build(tool);
  } finally {
    await writeFile(page, before);
  }

  const builds: Builds = measured.get(tool) ?? {
    cold: [],
    rebuild: [],
    peak: [],
    ...(await outputOf(path.join(workshop.place(tool), tool.output))),
    steps: new Map(),
    rebuildSteps: new Map(),
  };
  builds.cold.push(cold.seconds);
  builds.rebuild.push(rebuild.seconds);
  if (cold.peak !== undefined) builds.peak.push(cold.peak);
  addSteps(builds.steps, cold.output);
  addSteps(builds.rebuildSteps, rebuild.output);
  measured.set(tool, builds);
}

async function outputOf(folder: string): Promise<{ output: number; html: number; pages: number }> {
  let [output, html, pages] = [0, 0, 0];
  for (const file of await filesBelow(folder)) {
    const { size } = await stat(path.join(folder, file));
    output += size;
    if (!file.endsWith('.html')) continue;
    html += size;
    pages++;
  }
  return { output, html, pages };
}

function addSteps(steps: Map<string, number[]>, output: string): void {
  for (const [name, seconds] of stepsOf(output)) {
    steps.set(name, [...(steps.get(name) ?? []), seconds]);
  }
}

function bars(measured: ReadonlyMap<Size, ReadonlyMap<Tool, Builds>>): Bar[] {
  const own = (size: Size) => measured.get(size)?.get(ours);
  const stock = (size: Size) => measured.get(size)?.get(starlight);
  const cold = (builds: Builds | undefined) => builds && median(builds.cold);
  const found: Bar[] = [];
  const [middle, large] = [own(600), own(3000)];
  if (middle) {
    const [seconds, theirs] = [cold(middle), cold(stock(600))];
    found.push(
      ...bar('Cold build of 600 pages, no slower than Starlight', 's', seconds, theirs),
      ...bar('aim: half of that', 's', seconds, theirs && theirs / 2),
    );
  }
  if (middle && large) {
    const each = (builds: Builds, count: number) => (cold(builds) ?? 0) / count;
    found.push(
      ...bar(
        'Time per page at 3,000 against 600',
        'times',
        each(large, 3000) / each(middle, 600),
        1.2,
      ),
    );
  }
  if (large) {
    const theirs = stock(3000)?.html;
    found.push(
      ...bar('Peak memory at 3,000 pages', 'bytes', median(large.peak), 2.5 * 2 ** 30),
      ...bar(
        "HTML at 3,000 pages, an eighth of Starlight's",
        'bytes',
        large.html,
        theirs && theirs / 8,
      ),
    );
  }
  for (const [size, tools] of measured) {
    const builds = tools.get(ours);
    if (!builds) continue;
    const steps = [...builds.rebuildSteps].filter(([name]) => name !== 'astro');
    const ownSteps = steps.reduce((sum, [, seconds]) => sum + (median(seconds) ?? 0), 0);
    found.push(
      ...bar(
        `Rebuild against cold, ${sizeName(size)}`,
        'times',
        (median(builds.rebuild) ?? 0) / (cold(builds) ?? 1),
        0.6,
      ),
      ...bar(`Own steps in a rebuild, ${sizeName(size)}`, 's', ownSteps, 2),
    );
  }
  return found;
}
