import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes the site in a staging folder and puts it in the place of the previous one only when that
 * succeeded; a failed build leaves the previous `dist` as it was.
 *
 * @param root folder of the project
 * @param make writes the finished site into the folder it is given, or throws what is wrong
 */
export async function buildSite(
  root: string,
  make: (folder: string) => Promise<void>,
): Promise<void> {
  const staging = path.join(root, '.staging');
  const site = path.join(staging, 'dist');
  const previous = path.join(staging, 'previous');
  const dist = path.join(root, 'dist');
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  try {
    await make(site);
    await rename(dist, previous).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(site, dist);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
