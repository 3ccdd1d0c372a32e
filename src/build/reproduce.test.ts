import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { differences } from './reproduce.ts';

test('files that differ are named, and those that only one folder has', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'differences-'));
  try {
    const write = async (file: string, content: string) => {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), content);
    };
    await write('one/same.html', 'a');
    await write('other/same.html', 'a');
    await write('one/sub/changed.html', 'a');
    await write('other/sub/changed.html', 'b');
    await write('one/only-here.html', '');
    await write('other/only-there.html', '');
    expect(await differences(path.join(folder, 'one'), path.join(folder, 'other'))).toEqual([
      'only-here.html',
      'only-there.html',
      'sub/changed.html',
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
