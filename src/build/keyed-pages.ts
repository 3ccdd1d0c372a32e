import type { Plugin } from 'vite';

/** Starlight's route for all of its pages. */
const route = /[\\/]starlight[\\/]dist[\\/]routes[\\/]static[\\/]index\.astro$/;

/** What that route says of its pages, and what is said instead. */
const changes: readonly [from: string, to: string][] = [
  ['import { paths } from', 'import { paths, routes } from'],
  [
    'return paths;',
    'return paths.map((path, i) => ({ ...path, cacheKey: routes[i].entry.digest }));',
  ],
];

/**
 * Gives Starlight's pages the key by which Astro knows in the next build which of them are as they
 * were: a hash of the page's source. Astro itself looks whether the code and the facts are as they
 * were. Fails where Starlight's route is written otherwise.
 */
export function keyedPages(): Plugin {
  return {
    name: 'keyed-pages',
    enforce: 'pre',
    transform: {
      filter: { id: route },
      handler(code) {
        for (const [from, to] of changes) {
          if (!code.includes(from))
            return this.error(`Starlight's route has no '${from}' any more`);
          code = code.replace(from, to);
        }
        return { code, map: null };
      },
    },
  };
}
