import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';

export type Element = Tree.Element;

/** The built pages: file name below the site's folder, and its parsed document. */
export async function readPages(dist: string): Promise<Map<string, Element>> {
  const files = (await readdir(dist, { recursive: true }))
    .filter((file) => file.endsWith('.html'))
    .map((file) => file.split(path.sep).join('/'))
    .sort();
  return new Map(
    await Promise.all(
      files.map(async (file): Promise<[string, Element]> => {
        const document = parse(await readFile(path.join(dist, file), 'utf8'));
        const html = document.childNodes.find((node) => 'tagName' in node);
        return [file, html as Element];
      }),
    ),
  );
}

/** All elements below one, in document order, that a test accepts. */
export function find(root: Element, accept: (element: Element) => boolean): Element[] {
  return root.childNodes.flatMap((node) =>
    'tagName' in node ? [...(accept(node) ? [node] : []), ...find(node, accept)] : [],
  );
}

/** Elements with a tag name. */
export function byTag(root: Element, ...names: string[]): Element[] {
  return find(root, ({ tagName }) => names.includes(tagName));
}

/** Elements with a class. */
export function byClass(root: Element, name: string): Element[] {
  return find(root, (element) => (attribute(element, 'class') ?? '').split(/\s+/).includes(name));
}

export function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((a) => a.name === name)?.value;
}

/** Text of an element, white space folded. */
export function textOf(node: Tree.ChildNode): string {
  const raw = (n: Tree.ChildNode): string =>
    'value' in n ? n.value : 'childNodes' in n ? n.childNodes.map(raw).join('') : '';
  return raw(node).replace(/\s+/g, ' ').trim();
}

/** The parts of a page's text between headings of a level: heading and what follows it. */
export function sectionsOf(
  parent: Element,
  tagName: 'h2' | 'h3',
): { heading: string; elements: Element[] }[] {
  const parts: { heading: string; elements: Element[] }[] = [];
  for (const node of parent.childNodes) {
    if (!('tagName' in node)) continue;
    if (node.tagName === tagName) parts.push({ heading: textOf(node), elements: [] });
    else parts.at(-1)?.elements.push(node);
  }
  return parts;
}
