import { parse, serialize, type DefaultTreeAdapterTypes as Tree } from 'parse5';
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
      if (
        element.tagName === 'link' &&
        element.attrs.some((a) => a.name === 'rel' && a.value === 'modulepreload')
      ) {
        remove(element);
      }
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

function isModule({ tagName, attrs }: Tree.Element): boolean {
  const has = (name: string, value?: string) =>
    attrs.some((a) => a.name === name && (value === undefined || a.value === value));
  return tagName === 'script' && has('type', 'module') && has('src');
}

function sourceOf({ attrs }: Tree.Element): string {
  return attrs.find(({ name }) => name === 'src')?.value ?? '';
}

function remove(element: Tree.Element): void {
  const { parentNode } = element;
  if (parentNode)
    parentNode.childNodes = parentNode.childNodes.filter((child) => child !== element);
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
