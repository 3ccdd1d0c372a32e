import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { filesBelow } from '../../src/files.ts';
import { brotli, type Kind, kindOf } from '../support/weight.ts';
import { budgets, measures } from './budgets.ts';

const dist = inject('dist');
const files = (await filesBelow(dist)).filter((file) => file.endsWith('.html'));

/** What a page weighs, in bytes as they are sent. */
async function weigh(file: string): Promise<Record<(typeof measures)[number], number>> {
  const html = await readFile(path.join(dist, file), 'utf8');
  const styles = [...html.matchAll(/<style[^>]*>(.*?)<\/style>/gs)].map(([, css = '']) => css);
  const bare = html
    .replace(/<style[^>]*>.*?<\/style>/gs, '')
    .replace(/<meta http-equiv="content-security-policy"[^>]*>/i, '');
  const linked = async (pattern: RegExp) => {
    const weights = [...html.matchAll(pattern)].map(async ([, address = '']) => {
      const target = new URL(address, `http://site/${file}`).pathname.slice(1);
      return brotli(await readFile(path.join(dist, target))).length;
    });
    return (await Promise.all(weights)).reduce((sum, weight) => sum + weight, 0);
  };
  const css = await linked(/<link rel="stylesheet" href="([^"]+)"/g);
  const js = await linked(/<script[^>]* src="([^"]+)"/g);
  return {
    html: brotli(bare).length,
    style: brotli(styles.join('')).length,
    css,
    js,
    total: brotli(html).length + css + js,
  };
}

test('every page is of a kind that has a budget', () => {
  expect(files.filter((file) => kindOf(file) === undefined)).toEqual([]);
});

describe('no page is heavier than its kind may be', () => {
  test.for(files)('%s', async (file) => {
    const budget = budgets[kindOf(file) as Kind];
    const weight = await weigh(file);
    const over = measures
      .filter((measure) => weight[measure] > budget[measure])
      .map(
        (measure) =>
          `${file}: ${measure} is ${weight[measure]} bytes (brotli); its budget is ${budget[measure]}, in tests/site/budgets.ts`,
      );
    expect(over).toEqual([]);
  });
});

test('pages carry no style attributes, no event handlers, and nothing that blocks', async () => {
  const found: string[] = [];
  for (const file of files) {
    const html = await readFile(path.join(dist, file), 'utf8');
    const tags = html.replace(/<(script|style)\b[^>]*>.*?<\/\1>/gs, '<$1>').match(/<[a-z][^<>]*>/g);
    for (const tag of tags ?? []) {
      if (/\s(style|on[a-z]+)="/.test(tag)) found.push(`${file}: ${tag}`);
    }
    for (const [tag] of html.matchAll(/<script\b[^>]*\bsrc=[^>]*>/g)) {
      if (!/\sdefer\b/.test(tag)) found.push(`${file}: ${tag}`);
    }
    for (const [tag] of html.matchAll(/<link\b[^>]*\brel="stylesheet"[^>]*>/g)) {
      if (!/\smedia="(print|not all)"/.test(tag)) found.push(`${file}: ${tag}`);
    }
  }
  expect(found).toEqual([]);
});
