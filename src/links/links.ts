import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import type { LinkSnapshot } from '../catalog/schema/snapshot.ts';
import { filesBelow } from '../files.ts';
import type { LinkState } from './check-links.ts';

/**
 * The addresses outside the site that its pages link to, without fragments.
 *
 * @param directory folder of the built site
 * @param own beginnings of addresses that are the site's own
 * @returns the pages of each address
 */
export async function outsideLinks(
  directory: string,
  own: readonly string[],
): Promise<Map<string, string[]>> {
  const links = new Map<string, Set<string>>();
  for (const file of await filesBelow(directory)) {
    if (!file.endsWith('.html')) continue;
    const visit = (node: Tree.ChildNode): void => {
      if (!('tagName' in node)) return;
      const href = node.attrs.find(({ name }) => name === 'href')?.value ?? '';
      if (node.tagName === 'a' && /^https?:/.test(href) && !own.some((o) => href.startsWith(o))) {
        const address = href.replace(/#.*/, '');
        links.set(address, (links.get(address) ?? new Set()).add(file));
      }
      node.childNodes.forEach(visit);
    };
    parse(await readFile(path.join(directory, file), 'utf8')).childNodes.forEach(visit);
  }
  return new Map([...links].sort().map(([address, files]) => [address, [...files]]));
}

/** What was found, as it is kept in content/snapshots: in the order of addresses, whatever the run. */
export function snapshotOf(states: ReadonlyMap<string, LinkState>, checked: string): LinkSnapshot {
  const snapshot: LinkSnapshot = { checked, alive: [], moved: {}, dead: {}, notChecked: {} };
  for (const [address, found] of [...states].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (found.state === 'alive') snapshot.alive.push(address);
    else if (found.state === 'moved') snapshot.moved[address] = found.to;
    else if (found.state === 'dead') snapshot.dead[address] = found.status;
    else snapshot.notChecked[address] = found.why;
  }
  return snapshot;
}
