import { expect, test } from 'vitest';
import { countSteps, stepTimes, timeStep } from './times.ts';

test('a step counts every time that it runs, here or in another process', async () => {
  expect(await timeStep('search', () => 'its result')).toBe('its result');
  await timeStep('archive', () => undefined);
  countSteps([{ name: 'search', seconds: 100 }]);
  const [search, archive] = stepTimes();
  expect(search).toEqual({ name: 'search', seconds: expect.closeTo(100, 0) });
  expect(archive?.name).toBe('archive');
});

test('a step that fails says so', async () => {
  const failing = timeStep('policy', () => {
    throw new Error('no policy');
  });
  await expect(failing).rejects.toThrow('no policy');
});
