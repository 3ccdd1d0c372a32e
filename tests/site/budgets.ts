import type { Kind } from '../support/weight.ts';

/** What is weighed of a page, all in bytes after brotli. */
export const measures = ['html', 'style', 'css', 'js', 'total'] as const;

type Budget = Record<(typeof measures)[number], number>;

/** The same for every page: its style in the document, sheets that block nothing, scripts. */
const shared = { style: 5_000, css: 2_000, js: 4_500 };

/**
 * What a page of a kind may weigh: `html` is the document without its style and policy, `total`
 * everything that it loads. A page that needs more says why in the commit that raises its budget.
 */
export const budgets: Record<Kind, Budget> = {
  home: { ...shared, html: 3_000, total: 13_000 },
  // Served at any depth, it has its scripts in its text.
  'not found': { ...shared, html: 5_000, js: 0, total: 9_000 },
  index: { ...shared, html: 5_500, total: 14_500 },
  // The page of measurements holds the tables of four benchmarks beside five peers.
  about: { ...shared, html: 7_500, total: 16_000 },
  concept: { ...shared, html: 14_000, total: 23_000 },
  project: { ...shared, html: 20_000, total: 30_000 },
  library: { ...shared, html: 30_000, total: 39_000 },
};
