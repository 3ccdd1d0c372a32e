import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { SiteFolder } from '../../tests/support/site-folder.ts';
import { writeArchive } from './archive.ts';

const options = { name: 'a-site', time: new Date('2026-01-02T03:04:06Z') };

async function withSite(act: (directory: string) => Promise<void>): Promise<void> {
  await using site = await SiteFolder.of({ 'index.html': 'home', 'sub/für dich.html': 'page' });
  await act(site.directory);
}

test('the archive holds every file below its own name, and not itself', async () => {
  await withSite(async (directory) => {
    await writeArchive(directory, options);
    await writeArchive(directory, options);
    const zip = unzipSync(await readFile(path.join(directory, 'a-site.zip')));
    expect(Object.keys(zip)).toEqual(['a-site/index.html', 'a-site/sub/für dich.html']);
    expect(new TextDecoder().decode(zip['a-site/index.html'])).toBe('home');
  });
});

test('the hash beside it is that of the archive, in the form that sha256sum reads', async () => {
  await withSite(async (directory) => {
    await writeArchive(directory, options);
    const zip = await readFile(path.join(directory, 'a-site.zip'));
    const hash = createHash('sha256').update(zip).digest('hex');
    expect(await readFile(path.join(directory, 'a-site.zip.sha256'), 'utf8')).toBe(
      `${hash}  a-site.zip\n`,
    );
  });
});

test('a time before there was zip is taken as its first day', async () => {
  await withSite(async (directory) => {
    expect(await writeArchive(directory, { ...options, time: new Date(0) })).toBeGreaterThan(100);
  });
});

test('the same site gives the same bytes, at any hour', async () => {
  const zips: Buffer[] = [];
  for (const zone of ['UTC', 'Asia/Tokyo']) {
    process.env.TZ = zone;
    await withSite(async (directory) => {
      await writeArchive(directory, options);
      zips.push(await readFile(path.join(directory, 'a-site.zip')));
    });
  }
  process.env.TZ = undefined;
  expect(zips[0]?.equals(zips[1] ?? Buffer.alloc(0))).toBe(true);
});
