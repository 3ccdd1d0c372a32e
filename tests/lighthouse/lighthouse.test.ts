import lighthouse from 'lighthouse';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startChromium } from '../support/browser.ts';

/** One page of each kind; of libraries the one with the most code. */
const kinds = [
  'index.html',
  'projects.html',
  'projects/tikv.html',
  'libraries.html',
  'libraries/tokio.html',
  'libraries/rustls.html',
  'concepts.html',
  'concepts/raft.html',
  'about/offline.html',
];

let browser: Browser;
const speeds: Record<string, number> = {};
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(async () => {
  await browser.close();
  // Depends on the machine, so it is told and not judged.
  console.table(speeds);
});

test.for(kinds)('%s has nothing left to mend', async (file) => {
  const result = await lighthouse(`${inject('base')}/${file}`, {
    port: Number(new URL(browser.wsEndpoint()).port),
    logLevel: 'error',
  });
  if (!result) throw new Error('Lighthouse gave no result');
  const { audits, categories } = result.lhr;
  speeds[file] = Math.round((categories.performance?.score ?? 0) * 100);
  const faults = ['accessibility', 'best-practices', 'seo'].flatMap((name) => {
    const category = categories[name];
    if (category?.score === 1) return [];
    const failed = category?.auditRefs.filter(
      ({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 1,
    );
    return [`${name} ${category?.score}: ${failed?.map(({ id }) => id).join(', ')}`];
  });
  expect(faults).toEqual([]);
});
