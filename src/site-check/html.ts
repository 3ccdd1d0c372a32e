import type { DefaultTreeAdapterTypes as Tree } from 'parse5';

/** The text of a node and of everything in it. */
export function textOf(node: Tree.ChildNode): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}
