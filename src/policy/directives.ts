import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { filesBelow } from '../files.ts';

/** What differs from policy to policy. */
export interface Allowed {
  /** Hashes of inline scripts, as a policy writes them: `sha256-…`. */
  scripts: Iterable<string>;
  /** Hashes of style elements. */
  styles: Iterable<string>;
  /** Names of the Trusted Types policies that scripts may create; undefined asks for no such types. */
  trustedTypes?: readonly string[] | undefined;
}

/**
 * The Content Security Policy of one page, without what a `<meta>` cannot carry. Nothing is allowed
 * but what is named, and only from the site itself; `'unsafe-inline'` never.
 */
export function contentSecurityPolicy({ scripts, styles, trustedTypes }: Allowed): string {
  const hashes = (list: Iterable<string>) => [...new Set(list)].sort().map((hash) => `'${hash}'`);
  return formatDirectives({
    'default-src': ["'none'"],
    // The search engine is WebAssembly. No JavaScript is made from text.
    'script-src': ["'self'", "'wasm-unsafe-eval'", ...hashes(scripts)],
    'style-src': ["'self'", ...hashes(styles)],
    // Icons in style sheets are `data:` addresses: a mask from a file is refused on `file://`.
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'"],
    'manifest-src': ["'self'"],
    'worker-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    ...(trustedTypes && {
      'require-trusted-types-for': ["'script'"],
      'trusted-types': trustedTypes.length > 0 ? [...trustedTypes] : ["'none'"],
    }),
  });
}

/**
 * The policy for a host to send with every file of a site: what all pages have in common, and what a
 * `<meta>` cannot say. A browser holds a page to both. Styles are left to the pages, which may each
 * have their own: their hashes in a header would cost every answer more than they guard.
 *
 * @param directory folder of a site whose pages have their policies
 * @returns value of the header `Content-Security-Policy`
 */
export async function policyHeader(directory: string): Promise<string> {
  const together = new Map<string, string[]>();
  for (const file of await filesBelow(directory)) {
    if (!file.endsWith('.html')) continue;
    const html = await readFile(path.join(directory, file), 'utf8');
    const [, policy] =
      /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(html) ?? [];
    if (policy === undefined) throw new Error(`${file} has no policy: build the site again`);
    for (const directive of policy.split('; ')) {
      const [name = '', ...sources] = directive.split(' ');
      together.set(name, [...new Set([...(together.get(name) ?? []), ...sources])]);
    }
  }
  // Without the default, what it switches off has to be named.
  together.delete('default-src');
  together.delete('style-src');
  for (const name of ['object-src', 'frame-src', 'media-src', 'frame-ancestors']) {
    together.set(name, ["'none'"]);
  }
  return formatDirectives(Object.fromEntries(together));
}

function formatDirectives(directives: Record<string, readonly string[]>): string {
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ');
}
