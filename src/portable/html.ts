import { defaultTreeAdapter, parse, serialize, type DefaultTreeAdapterTypes as Tree } from 'parse5';
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

  constructor(html: string) {
    this.document = parse(html);
  }

  toString(): string {
    return serialize(this.document);
  }

  /** Rewrites every address on the page that a browser would follow or load. */
  rewriteAddresses(rewrite: (address: string) => string): void {
    visit(this.document, (element) => {
      const get = (name: string) => element.attrs.find((attribute) => attribute.name === name);
      if (element.tagName === 'link' && absoluteLinks.has(get('rel')?.value ?? '')) return;
      for (const attribute of element.attrs) {
        if (addressAttributes.has(attribute.name)) attribute.value = rewrite(attribute.value);
        else if (attribute.name === 'srcset' || attribute.name === 'imagesrcset') {
          attribute.value = rewriteSrcset(attribute.value, rewrite);
        } else if (attribute.name === 'style') {
          attribute.value = rewriteCss(attribute.value, 'declarationList', rewrite);
        }
      }
      if (element.tagName === 'meta' && get('http-equiv')?.value.toLowerCase() === 'refresh') {
        const content = get('content');
        const [, delay, address] =
          /^(\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?)['"]?(.*?)['"]?\s*$/i.exec(content?.value ?? '') ??
          [];
        if (content && address) content.value = `${delay}${rewrite(address)}`;
      }
      const [text] = element.childNodes;
      if (!text || !('value' in text)) return;
      if (element.tagName === 'style') text.value = rewriteCss(text.value, 'stylesheet', rewrite);
      if (element.tagName === 'script' && get('type')?.value === 'speculationrules') {
        text.value = rewriteRules(text.value, rewrite);
      }
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
    return linked(this.document, 'stylesheet').map(addressOf);
  }

  /** Puts the text of a style sheet that the page loads into the page. */
  embedStylesheet(address: string, css: string): void {
    for (const link of linked(this.document, 'stylesheet')) {
      if (addressOf(link) !== address) continue;
      const media = link.attrs.filter(({ name }) => name === 'media');
      const style = defaultTreeAdapter.createElement('style', link.namespaceURI, media);
      defaultTreeAdapter.insertText(style, css);
      replace(link, style);
    }
  }

  /** Addresses of the page's icons. */
  icons(): string[] {
    return linked(this.document, 'icon').map(addressOf);
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
    visit(this.document, (element) => {
      if (isModule(element) || isPreload(element)) remove(element);
      if (element.tagName !== 'body') return;
      const script = defaultTreeAdapter.createElement('script', element.namespaceURI, []);
      defaultTreeAdapter.insertText(script, code);
      defaultTreeAdapter.appendChild(element, script);
    });
  }

  /** Addresses of the module scripts that the page loads, in order. */
  moduleScripts(): string[] {
    const sources: string[] = [];
    visit(this.document, (element) => {
      if (isModule(element)) sources.push(sourceOf(element));
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

function visit(node: Tree.ParentNode, act: (element: Tree.Element) => void): void {
  for (const child of [...node.childNodes]) {
    if (!('tagName' in child)) continue;
    act(child);
    visit('content' in child ? child.content : child, act);
  }
}

/** Links of a kind, among those that a page has in its head. */
function linked(document: Tree.Document, kind: string): Tree.Element[] {
  const found: Tree.Element[] = [];
  visit(document, (element) => {
    const rel = element.attrs.find(({ name }) => name === 'rel')?.value.split(/\s+/);
    if (element.tagName === 'link' && rel?.includes(kind)) found.push(element);
  });
  return found;
}

function addressOf({ attrs }: Tree.Element): string {
  return attrs.find(({ name }) => name === 'href')?.value ?? '';
}

function isPreload({ tagName, attrs }: Tree.Element): boolean {
  return tagName === 'link' && attrs.some((a) => a.name === 'rel' && a.value === 'modulepreload');
}

function replace(element: Tree.Element, other: Tree.Element): void {
  const { parentNode } = element;
  if (!parentNode) return;
  defaultTreeAdapter.insertBefore(parentNode, other, element);
  remove(element);
}

function isModule({ tagName, attrs }: Tree.Element): boolean {
  const has = (name: string, value?: string) =>
    attrs.some((a) => a.name === name && (value === undefined || a.value === value));
  return tagName === 'script' && has('type', 'module') && has('src');
}

function sourceOf({ attrs }: Tree.Element): string {
  return attrs.find(({ name }) => name === 'src')?.value ?? '';
}

function remove(element: Tree.Element): void {
  defaultTreeAdapter.detachNode(element);
}

function rewriteSrcset(srcset: string, rewrite: (address: string) => string): string {
  return srcset
    .split(/,\s+/)
    .map((candidate) => candidate.trim().replace(/^\S+/, rewrite))
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
