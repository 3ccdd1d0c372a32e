/** Response headers by name. */
export type Headers = Readonly<Record<string, string>>;

/**
 * Files whose name changes with what is in them, as globs below the root of the site. Only these may
 * be kept without asking again.
 */
export const immutableFiles = [
  '/_astro/*',
  '/pagefind/fragment/*',
  '/pagefind/index/*',
  '/pagefind/words/*',
  '/pagefind/*.pf_meta',
] as const;

/** `Cache-Control` of such files, and of all others: those are kept, but asked for again each time. */
export const cacheControl = {
  immutable: 'public, max-age=31536000, immutable',
  revalidated: 'no-cache',
} as const;

/**
 * What every response carries for the safety of readers.
 *
 * @param policy Content Security Policy, as `policyHeader` gives it
 */
export function securityHeaders(policy: string): Headers {
  return {
    'Content-Security-Policy': policy,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy':
      'accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()',
    // Nobody learns which page a reader came from, nor what stands in its address.
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}

/** The same headers for each kind of host. */
export interface RenderedHeaders {
  /** `_headers`, which static hosts such as Netlify and Cloudflare Pages read from the site's root. */
  headersFile: string;
  /** Lines to fill into the template of a server's configuration, by the name of their place. */
  nginx: Record<'cache' | 'headers', string[]>;
  caddy: Record<'headers', string[]>;
}

/**
 * Renders one list of headers for every kind of host.
 *
 * @throws where a value holds what one of the hosts would take for syntax
 */
export function renderHeaders(headers: Headers): RenderedHeaders {
  for (const [name, value] of Object.entries(headers)) {
    const found = /["$\\{}\r\n]/.exec(value);
    if (found) {
      throw new Error(`the header ${name} holds ${JSON.stringify(found[0])}: write it without`);
    }
  }
  const { immutable, revalidated } = cacheControl;
  const each = (line: (name: string, value: string) => string) =>
    Object.entries(headers).map(([name, value]) => line(name, value));

  return {
    // Hosts of this kind revalidate by themselves, and join the values of all rules that match: a
    // Cache-Control for every file would spoil that of the immutable ones.
    headersFile: [
      '/*',
      ...each((name, value) => `  ${name}: ${value}`),
      ...immutableFiles.flatMap((glob) => [glob, `  Cache-Control: ${immutable}`]),
      '',
    ].join('\n'),
    nginx: {
      // The status belongs to the key: a missing file must not be kept for a year.
      cache: [
        `default "${revalidated}";`,
        ...immutableFiles.map((glob) => `"~^(200|206|304) ${pattern(glob)}$" "${immutable}";`),
      ],
      headers: each((name, value) => `add_header ${name} "${value}" always;`),
    },
    caddy: {
      headers: [
        `@immutable path ${immutableFiles.join(' ')}`,
        ...each((name, value) => `header ${name} "${value}"`),
        `header @immutable Cache-Control "${immutable}"`,
        `header ?Cache-Control "${revalidated}"`,
      ],
    },
  };
}

/** The part of a regular expression that a glob stands for. */
function pattern(glob: string): string {
  return glob.replaceAll('.', String.raw`\.`).replaceAll('*', '.*');
}
