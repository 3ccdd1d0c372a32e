import { expect, test } from 'vitest';
import { closePaths, openPaths, partsOf, plain, squeezed, wordsOf } from './words.ts';

test.for([
  ['fail_point!', ['fail_point']],
  ['tower::balance', ['tower', 'balance']],
  ['#[instrument]', ['#instrument'].map(plain)],
  ['Service<Request>', ['service', 'request']],
  ['Größe, naïve', ['große', 'naive']],
  ['raft-rs', ['raftrs']],
] as const)('words of %s', ([text, expected]) => {
  expect(wordsOf(text)).toEqual(expected);
});

test.for([
  ['RawNode', ['raw', 'node']],
  ['leader-lease', ['leader', 'lease']],
  ['fail_point!', ['fail', 'point']],
  ['raft', ['raft']],
] as const)('parts of %s', ([word, expected]) => {
  expect(partsOf(word)).toEqual(expected);
});

test('paths are opened for the index and closed for people', () => {
  expect(openPaths('raft::RawNode')).toBe('raft :: RawNode');
  expect(closePaths(openPaths('a raft::storage::Storage b'))).toBe('a raft::storage::Storage b');
});

test('what readers type for one name is the same squeezed', () => {
  expect(new Set(['fail_point!', 'fail point', 'FailPoint', 'fail-point'].map(squeezed))).toEqual(
    new Set(['failpoint']),
  );
});
