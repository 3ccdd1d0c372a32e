import { defaultTreeAdapter, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { attributeOf, element, remove, replace, visit } from '../built-site/tree.ts';
import { rewriteCss } from './css.ts';

/** Attributes that hold one address. */
const addressAttributes = new Set([
  'href',
  'src',
  'poster',
  'data',
  'action',
  'formaction',
  'cite',
]);

/** Links whose address a standard wants in full. */
const absoluteLinks = new Set(['canonical', 'alternate', 'sitemap']);

/** A page that is being made portable. */
export class PortablePage {
  private readonly document: Tree.Document;

  constructor(document: Tree.Document) {
    this.document = document;
  }

  /** Rewrites every address on the page that a browser would follow or load from the site. */
  rewriteAddresses(rewrite: (address: string) => string): void {
    visitAddresses(this.document, (address, element) =>
      element.tagName === 'link' && absoluteLinks.has(attributeOf(element, 'rel') ?? '')
        ? address
        : rewrite(address),
    );
    visit(this.document, (element) => {
      // From disk a browser refuses what it would have to check, and style sheets have changed.
      if (element.tagName !== 'link' && element.tagName !== 'script') return;
      const address = attributeOf(element, 'href') ?? attributeOf(element, 'src') ?? '';
      if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(address)) return;
      element.attrs = element.attrs.filter(({ name }) => !/^(crossorigin|integrity)$/.test(name));
    });
  }

  /** Takes away every attribute whose name matches. */
  dropAttributes(name: RegExp): void {
    visit(this.document, (element) => {
      element.attrs = element.attrs.filter((attribute) => !name.test(attribute.name));
    });
  }

  /** Says on the page where the root of the site lies, for scripts: `../../`. */
  setRoot(address: string): void {
    for (const node of this.document.childNodes) {
      if ('tagName' in node) node.attrs.push({ name: 'data-root', value: address });
    }
  }

  /** Addresses of the style sheets that the page loads. */
  stylesheets(): string[] {
    return linked(this.document, 'stylesheet').map((link) => attributeOf(link, 'href') ?? '');
  }

  /** Puts the text of a style sheet that the page loads into the page. */
  embedStylesheet(address: string, css: string): void {
    for (const link of linked(this.document, 'stylesheet')) {
      if (attributeOf(link, 'href') !== address) continue;
      const media = attributeOf(link, 'media');
      replace(link, element('style', media === undefined ? {} : { media }, css));
    }
  }

  /** Addresses of the page's icons. */
  icons(): string[] {
    return linked(this.document, 'icon').map((link) => attributeOf(link, 'href') ?? '');
  }

  /** Puts an icon, an SVG, into the page. */
  embedIcon(address: string, svg: string): void {
    for (const link of linked(this.document, 'icon')) {
      const href = link.attrs.find(({ name }) => name === 'href');
      if (href?.value === address) href.value = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    }
  }

  /** Replaces all module scripts that are loaded by one at the end of the page, which holds its code. */
  embedScript(code: string): void {
    visit(this.document, (old) => {
      if (isModule(old) || isPreload(old)) remove(old);
      if (old.tagName === 'body') defaultTreeAdapter.appendChild(old, element('script', {}, code));
    });
  }

  /** Addresses of the module scripts that the page loads, in order. */
  moduleScripts(): string[] {
    const sources: string[] = [];
    visit(this.document, (element) => {
      if (isModule(element)) sources.push(attributeOf(element, 'src') ?? '');
    });
    return sources;
  }

  /** Replaces all module scripts that are loaded by one classic, deferred script. */
  replaceModuleScripts(address: string): void {
    let first = true;
    visit(this.document, (element) => {
      // A browser refuses these from disk, and nothing preloads a classic script.
      if (isPreload(element)) remove(element);
      if (!isModule(element)) return;
      if (!first) {
        remove(element);
        return;
      }
      first = false;
      element.attrs = [
        { name: 'src', value: address },
        { name: 'defer', value: '' },
      ];
    });
  }
}

/** An address on a page: the tag that has it, and the attribute, or what stands in its place. */
export interface PageAddress {
  tag: string;
  attribute: string;
  address: string;
}

/** Every address on a page that a browser would follow or load, in order. */
export function addressesOn(document: Tree.Document): PageAddress[] {
  const found: PageAddress[] = [];
  visitAddresses(document, (address, { tagName }, attribute) => {
    found.push({ tag: tagName, attribute, address });
    return address;
  });
  return found;
}

/** Gives every address on a page to a function, and puts what it returns in its place. */
function visitAddresses(
  document: Tree.Document,
  act: (address: string, element: Tree.Element, attribute: string) => string,
): void {
  visit(document, (element) => {
    for (const attribute of element.attrs) {
      const { name, value } = attribute;
      const rewrite = (address: string) => act(address, element, name);
      if (addressAttributes.has(name)) attribute.value = rewrite(value);
      else if (name === 'srcset' || name === 'imagesrcset') {
        attribute.value = rewriteSrcset(value, rewrite);
      } else if (name === 'style') {
        attribute.value = rewriteCss(value, 'declarationList', rewrite);
      }
    }
    if (element.tagName === 'meta' && /^refresh$/i.test(attributeOf(element, 'http-equiv') ?? '')) {
      const content = element.attrs.find(({ name }) => name === 'content');
      const [, delay, address] =
        /^(\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?)['"]?(.*?)['"]?\s*$/i.exec(content?.value ?? '') ??
        [];
      if (content && address) content.value = `${delay}${act(address, element, 'refresh')}`;
    }
    const [text] = element.childNodes;
    if (!text || !('value' in text)) return;
    if (element.tagName === 'style') {
      text.value = rewriteCss(text.value, 'stylesheet', (address) =>
        act(address, element, 'style'),
      );
    }
    if (element.tagName === 'script' && attributeOf(element, 'type') === 'speculationrules') {
      text.value = rewriteRules(text.value, (address) => act(address, element, 'rule'));
    }
  });
}

/** Links of a kind, among those that a page has in its head. */
function linked(document: Tree.Document, kind: string): Tree.Element[] {
  const found: Tree.Element[] = [];
  visit(document, (element) => {
    const rel = attributeOf(element, 'rel')?.split(/\s+/);
    if (element.tagName === 'link' && rel?.includes(kind)) found.push(element);
  });
  return found;
}

function isPreload(element: Tree.Element): boolean {
  return element.tagName === 'link' && attributeOf(element, 'rel') === 'modulepreload';
}

function isModule(element: Tree.Element): boolean {
  return (
    element.tagName === 'script' &&
    attributeOf(element, 'type') === 'module' &&
    attributeOf(element, 'src') !== undefined
  );
}

/** A list of addresses with descriptors; an address may hold commas, but not end with one. */
function rewriteSrcset(srcset: string, rewrite: (address: string) => string): string {
  const candidates = srcset.matchAll(/[\s,]*(\S*[^\s,])(?:,|([^,]*)(?:,|$))/g);
  return [...candidates]
    .map(([, address = '', descriptor = '']) => `${rewrite(address)} ${descriptor.trim()}`.trim())
    .join(', ');
}

/** Speculation rules name addresses in lists of `urls`. */
function rewriteRules(json: string, rewrite: (address: string) => string): string {
  const walk = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => walk(item, key));
    if (typeof value === 'string') return key === 'urls' ? rewrite(value) : value;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, walk(v, k)]));
  };
  return JSON.stringify(walk(JSON.parse(json), ''));
}
