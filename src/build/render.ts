import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Problem, ReportedProblems } from '../catalog/index.ts';
import { countSteps, type StepTime } from './times.ts';

/** What the process tells: what the first gate found, or that the pages are there. */
export type Rendered = { problems: readonly Problem[] } | { steps: StepTime[] };

/** For Node: collects garbage sooner. The bundler's own memory is freed with it, and the index needs it. */
export const collectSooner = '--heap-growing-percent=15';

const program = fileURLToPath(new URL('render-process.ts', import.meta.url));

/**
 * Checks the content and lets Astro write the pages, in a process of its own: the bundler keeps most of
 * its memory until its process ends, and the search index needs as much again.
 *
 * @param root folder of the project
 * @param folder where the pages go
 * @throws ReportedProblems with everything that the first gate found
 * @throws Error where Astro fails, which has then said why
 */
export async function renderSite(root: string, folder: string): Promise<void> {
  const rendering = fork(program, [folder], {
    cwd: root,
    execArgv: [...process.execArgv, collectSooner],
    serialization: 'advanced',
  });
  let told: Rendered | undefined;
  rendering.on('message', (message: Rendered) => {
    told = message;
  });
  const [code] = await once(rendering, 'exit');
  if (told && 'problems' in told) throw new ReportedProblems(told.problems);
  if (code !== 0 || !told) throw new Error('the pages were not written: see above');
  countSteps(told.steps);
}
