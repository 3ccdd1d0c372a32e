import { expect, test } from 'vitest';
import { compareVersions } from './catalog.ts';

test('versions compare by number, and a pre-release comes before its release', () => {
  const sorted = ['1.10.0', '1.9.0', '2.0.0-rc.1', '2.0.0', '0.10.0-alpha.2', '0.10.0', '1.9'];
  expect([...sorted].sort(compareVersions)).toEqual([
    '0.10.0-alpha.2',
    '0.10.0',
    '1.9',
    '1.9.0',
    '1.10.0',
    '2.0.0-rc.1',
    '2.0.0',
  ]);
});
