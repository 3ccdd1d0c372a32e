import GithubSlugger from 'github-slugger';
import type { ApiItem } from '../catalog/schema/library.ts';

/**
 * Address of an item on docs.rs, at the release that the page is about.
 *
 * @param items the whole API map; methods take the page of their type from it
 * @throws if the page neither follows from the item nor is given
 */
export function docsRsAddress(
  item: ApiItem,
  items: readonly ApiItem[],
  crate: string,
  version: string,
): string {
  const pageCrate = (page: string) => (page.split('/')[0] ?? '').replaceAll('_', '-');
  if (item.kind === 'feature') return `https://docs.rs/crate/${crate}/${version}/features`;
  const page = item.page ?? derivedPage(item, items);
  if (page === undefined) {
    throw new Error(
      `the page of '${item.item}' on docs.rs does not follow from its kind: add 'page'`,
    );
  }
  // Items of a sibling crate have pages of their own, whose newest version is not ours to know.
  const own = pageCrate(page) === crate.replaceAll('_', '-');
  return own
    ? `https://docs.rs/${crate}/${version}/${page}`
    : `https://docs.rs/${pageCrate(page)}/latest/${page}`;
}

function derivedPage(item: ApiItem, items: readonly ApiItem[]): string | undefined {
  const segments = item.item.replace(/[!<(].*$/, '').split('::');
  const name = segments.at(-1) ?? '';
  const parents = segments.slice(0, -1);
  if (item.kind === 'method') {
    const type = items.find((other) => other.item === parents.join('::'));
    const page = type && (type.page ?? derivedPage(type, items));
    return page && `${page}#method.${name}`;
  }
  if (item.kind === 'module') return `${segments.join('/')}/index.html`;
  return parents.length === 0 ? undefined : `${parents.join('/')}/${item.kind}.${name}.html`;
}

/** Anchors of the items of an API map, `api-raft-raw_node-rawnode`: one each, in the map's order. */
export function apiAnchors(items: readonly ApiItem[]): string[] {
  const slugger = new GithubSlugger();
  return items.map(({ item }) => slugger.slug(`api-${item.replaceAll('::', '-')}`));
}
