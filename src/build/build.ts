import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ReportedProblems } from '../catalog/index.ts';
import { keepForBuild, loadSite } from './load.ts';
import { timeStep } from './times.ts';

/**
 * Builds the site in a staging folder and puts it in the place of the previous one only when both
 * gates have passed; a failed build leaves the previous `dist` as it was.
 *
 * @param root folder of the project
 * @param render writes the finished site, the second gate included, into the folder it is given
 * @param today day that facts must not lie behind; the clock's if absent
 * @throws ReportedProblems with everything that a gate found
 */
export async function buildSite(
  root: string,
  render: (staging: string) => Promise<void>,
  today?: string,
): Promise<void> {
  const loaded = await timeStep('content-gate', () => loadSite(root, today));
  if ('problems' in loaded) throw new ReportedProblems(loaded.problems);
  keepForBuild(root, loaded);

  const staging = path.join(root, '.staging');
  const site = path.join(staging, 'dist');
  const previous = path.join(staging, 'previous');
  const dist = path.join(root, 'dist');
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  try {
    await render(site);
    await rename(dist, previous).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(site, dist);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
