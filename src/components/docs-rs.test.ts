import { expect, test } from 'vitest';
import type { ApiItem } from '../catalog/schema/library.ts';
import { docsRsAddress } from './docs-rs.ts';

const items: ApiItem[] = [
  { item: 'raft::raw_node::RawNode', kind: 'struct', does: '' },
  { item: 'raft::raw_node::RawNode::step', kind: 'method', does: '' },
  { item: 'raft::raw_node', kind: 'module', does: '' },
  { item: 'raft::fail_point!', kind: 'macro', does: '' },
  { item: 'failpoints', kind: 'feature', does: '' },
  {
    item: 'raft::Storage::term',
    kind: 'method',
    does: '',
    page: 'raft/trait.Storage.html#tymethod.term',
  },
  { item: 'raft_proto::Entry', kind: 'struct', does: '' },
];

test.for([
  [0, 'https://docs.rs/raft/0.7.0/raft/raw_node/struct.RawNode.html'],
  [1, 'https://docs.rs/raft/0.7.0/raft/raw_node/struct.RawNode.html#method.step'],
  [2, 'https://docs.rs/raft/0.7.0/raft/raw_node/index.html'],
  [3, 'https://docs.rs/raft/0.7.0/raft/macro.fail_point.html'],
  [4, 'https://docs.rs/crate/raft/0.7.0/features'],
  [5, 'https://docs.rs/raft/0.7.0/raft/trait.Storage.html#tymethod.term'],
  [6, 'https://docs.rs/raft-proto/latest/raft_proto/struct.Entry.html'],
] as const)('item %i', ([i, address]) => {
  expect(docsRsAddress(items[i] as ApiItem, items, 'raft', '0.7.0')).toBe(address);
});

test('a method whose type is not in the map must give its page', () => {
  const lonely: ApiItem = { item: 'raft::Other::run', kind: 'method', does: '' };
  expect(() => docsRsAddress(lonely, items, 'raft', '0.7.0')).toThrow("add 'page'");
});
