/** The process that `renderSite` starts: `render-process.ts <folder>`, in the folder of the project. */
import { build } from 'astro';
import { keepForBuild, loadSite } from './load.ts';
import type { Rendered } from './render.ts';
import { stepTimes, timeStep } from './times.ts';

const root = process.cwd();
const [, , outDir = 'dist'] = process.argv;

// Whoever ended the build meant this too.
process.once('disconnect', () => process.exit(1));

const loaded = await timeStep('content-gate', () => loadSite(root));
if ('problems' in loaded) {
  tell({ problems: loaded.problems });
} else {
  keepForBuild(root, loaded);
  await build({ root, outDir, logLevel: 'warn' });
  tell({ steps: stepTimes() });
}

/** Tells the process that waits, and ends. */
function tell(rendered: Rendered): void {
  process.send?.(rendered, () => process.exit());
}
