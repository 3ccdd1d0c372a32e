/** `npm run build`: checks, builds and finishes the site, then puts it in the place of the previous one. */
import { build } from 'astro';
import { buildSite } from '../build/build.ts';
import { ReportedProblems } from '../catalog/index.ts';

const root = process.cwd();
const started = Date.now();
try {
  await buildSite(root, (outDir) => build({ root, outDir, logLevel: 'warn' }));
  console.log(`Built dist in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
} catch (error) {
  if (!(error instanceof ReportedProblems)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
