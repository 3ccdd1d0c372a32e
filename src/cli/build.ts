/**
 * `npm run build`: checks, builds and finishes the site, then puts it in the place of the previous
 * one. `npm run build -- --times` also prints how long each step took.
 */
import { setFlagsFromString } from 'node:v8';
import { buildSite } from '../build/build.ts';
import { finishSite } from '../build/finish.ts';
import { collectSooner, renderSite } from '../build/render.ts';
import { stepTimes } from '../build/times.ts';
import { ReportedProblems } from '../catalog/index.ts';

setFlagsFromString(collectSooner);

const root = process.cwd();
const started = Date.now();
try {
  await buildSite(root, async (folder) => {
    await renderSite(root, folder);
    await finishSite(root, folder);
  });
  const seconds = (Date.now() - started) / 1000;
  console.log(`Built dist in ${seconds.toFixed(1)} s.`);
  if (process.argv.includes('--times')) {
    const steps = stepTimes();
    const own = steps.reduce((sum, step) => sum + step.seconds, 0);
    for (const step of [{ name: 'astro', seconds: seconds - own }, ...steps]) {
      console.log(`${step.seconds.toFixed(2).padStart(8)} s  ${step.name}`);
    }
  }
} catch (error) {
  if (!(error instanceof ReportedProblems)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
