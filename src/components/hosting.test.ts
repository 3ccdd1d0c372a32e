import { expect, test } from 'vitest';
import { reckon } from './hosting.ts';

test('a day of readers is what one costs, times as many', () => {
  const { reader, day, month, mean, peak } = reckon({
    first: { requests: 5, bytes: 40_000 },
    second: { requests: 1, bytes: 10_000 },
    third: { requests: 1, bytes: 12_000 },
    search: { requests: 10, bytes: 200_000 },
  });
  expect(reader).toEqual({ requests: 12, bytes: 162_000 });
  expect(day).toEqual({ requests: 12e6, bytes: 162e9 });
  expect(month.bytes).toBe(162e9 * 30);
  expect(mean.requests).toBeCloseTo(138.9, 1);
  expect(peak.requests).toBeCloseTo(555.6, 1);
});
