import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { keyedPages } from './keyed-pages.ts';

const route = fileURLToPath(
  new URL('routes/static/index.astro', import.meta.resolve('@astrojs/starlight')),
);

/** What becomes of the source of a route. */
function keyed(code: string): string {
  const { transform } = keyedPages();
  if (typeof transform !== 'object') throw new Error('the plugin has no filter');
  const filter = transform.filter?.id;
  if (!(filter instanceof RegExp) || !filter.test(route)) throw new Error('the route is not meant');
  const context = {
    error(message: string) {
      throw new Error(message);
    },
  };
  const result = transform.handler.call(context as never, code, route) as { code: string };
  return result.code;
}

test("the pages of the Starlight that is installed get their source's hash as key", async () => {
  const code = keyed(await readFile(route, 'utf8'));
  expect(code).toContain('import { paths, routes } from');
  expect(code).toContain('cacheKey: routes[i].entry.digest');
});

test('a route that is written otherwise is refused', () => {
  expect(() => keyed('return all;')).toThrow("Starlight's route has no 'import { paths } from'");
});
