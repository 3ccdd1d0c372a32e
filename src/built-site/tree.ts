/** What several steps ask of the tree of a page, as parse5 makes it. */
import { defaultTreeAdapter, type DefaultTreeAdapterTypes as Tree } from 'parse5';

/** Calls a function for each element in a node, in order, those in templates too; it may remove it. */
export function visit(node: Tree.ParentNode, act: (element: Tree.Element) => void): void {
  for (const child of [...node.childNodes]) {
    if (!('tagName' in child)) continue;
    act(child);
    visit('content' in child ? child.content : child, act);
  }
}

/** The value of an attribute; undefined where the element has none of the name. */
export function attributeOf({ attrs }: Tree.Element, attribute: string): string | undefined {
  return attrs.find(({ name }) => name === attribute)?.value;
}

/** The text of a node and of everything in it. */
export function textOf(node: Tree.ChildNode): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

/** A new element with attributes and text. */
export function element(
  tagName: string,
  attributes: Readonly<Record<string, string>>,
  text = '',
): Tree.Element {
  const attrs = Object.entries(attributes).map(([name, value]) => ({ name, value }));
  const made = defaultTreeAdapter.createElement(tagName, html, attrs);
  if (text !== '') defaultTreeAdapter.insertText(made, text);
  return made;
}

/** Puts elements in the place of one. */
export function replace(old: Tree.Element, ...others: readonly Tree.Element[]): void {
  const { parentNode } = old;
  if (!parentNode) return;
  for (const other of others) defaultTreeAdapter.insertBefore(parentNode, other, old);
  remove(old);
}

/** Puts an element behind another one. */
export function insertAfter(element: Tree.Element, other: Tree.Element): void {
  const { parentNode } = element;
  if (!parentNode) return;
  const next = parentNode.childNodes[parentNode.childNodes.indexOf(element) + 1];
  if (next) defaultTreeAdapter.insertBefore(parentNode, other, next);
  else defaultTreeAdapter.appendChild(parentNode, other);
}

/** Takes an element out of its page. */
export function remove(old: Tree.Element): void {
  defaultTreeAdapter.detachNode(old);
}

const html = 'http://www.w3.org/1999/xhtml' as Tree.Element['namespaceURI'];
