import type { AstroIntegration } from 'astro';
import { expect, test } from 'vitest';
import { stepTimes, timed } from './times.ts';

test('what an integration does to the finished files is noted under its name', async () => {
  let done = 0;
  const hooks = { 'astro:build:done': () => void done++ };
  const [step, other] = timed([
    { name: 'a-step', hooks },
    { name: 'not-a-step', hooks: {} },
  ]);
  type Finished = Parameters<NonNullable<AstroIntegration['hooks']['astro:build:done']>>[0];
  await step?.hooks['astro:build:done']?.({} as Finished);
  expect(done).toBe(1);
  expect(other?.hooks).toEqual({});
  expect(stepTimes().map(({ name }) => name)).toEqual(['a-step']);
});
