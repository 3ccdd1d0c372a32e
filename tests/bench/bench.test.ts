import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadSite } from '../../src/build/load.ts';
import type { Measurement } from '../../src/catalog/schema/measurement.ts';
import { TestProject } from '../support/project.ts';
import { exportPages } from './content/export.ts';
import { generatePages } from './content/generate.ts';
import { bar, formatMeasurement, row } from './lib/report.ts';
import { serveSite } from './lib/serve.ts';
import { median, percentile } from './lib/stats.ts';
import { docusaurus, mdbook, starlight } from './tools/peers.ts';

const root = process.cwd();

test('the middle and the tail of figures', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(percentile([1, 2, 3, 4, 5], 0.95)).toBeCloseTo(4.8);
  expect(median([])).toBeUndefined();
});

test('a larger site is the same every time, half of it in one section, and passes the gate', {
  timeout: 30_000,
}, async () => {
  const pages = await generatePages(root, 60);
  expect(await generatePages(root, 60)).toEqual(pages);
  await using project = await TestProject.create();
  await rm(path.join(project.root, 'content'), { recursive: true });
  await cp(path.join(root, 'content'), path.join(project.root, 'content'), {
    recursive: true,
    filter: (file) => !file.includes(`${path.sep}target`),
  });
  for (const [file, text] of pages) await project.write(file, text);
  const site = await loadSite(project.root);
  if ('problems' in site) throw new Error(JSON.stringify(site.problems.slice(0, 5)));
  const ids = Object.keys(site.catalog.pages).filter((id) => id !== '404');
  expect(ids).toHaveLength(60);
  expect(ids.filter((id) => id.startsWith('libraries/'))).toHaveLength(30);
});

test('a built page becomes Markdown that keeps code, tables and links', async () => {
  await using project = await TestProject.create();
  const html = (title: string, content: string) =>
    `<html><head><meta name="description" content="About ${title}"></head><body><main>` +
    `<h1>${title}</h1><div class="sl-markdown-content">${content}</div></main></body></html>`;
  await project.write('dist/404.html', html('Not here', ''));
  await project.write('dist/guides.html', html('Guides', '<p>All of them.</p>'));
  await project.write(
    'dist/guides/one.html',
    html(
      'One',
      '<h2 id="a">A type</h2><p>A <code>Vec&lt;u8&gt;</code>, or Vec&lt;u8&gt; in <a href="../guides.html#all">a guide</a>.</p>' +
        '<p hidden>Not for readers.</p><svg><title>Drawn</title></svg>' +
        '<pre data-language="rust"><code><span>fn</span> main() {}\n</code></pre>' +
        '<dl><dt>Licence</dt><dd>MIT</dd></dl>' +
        '<table><thead><tr><th>Crate</th></tr></thead><tbody><tr><td>log</td></tr></tbody></table>',
    ),
  );
  const [index, one] = await exportPages(path.join(project.root, 'dist'));
  expect(index).toMatchObject({ id: 'guides/index', title: 'Guides', body: 'All of them.' });
  expect(one).toEqual({
    id: 'guides/one',
    title: 'One',
    description: 'About One',
    body: [
      '## A type',
      'A `Vec<u8>`, or Vec&lt;u8> in [a guide](/guides/index.md#all).',
      '```rust\nfn main() {}\n```',
      '- **Licence**: MIT',
      '| Crate |\n| --- |\n| log |',
    ].join('\n\n'),
  });
  if (!one) throw new Error('the page is missing');
  expect(starlight.page(one)).toContain('[a guide](/guides/#all)');
  expect(docusaurus.page(one)).toContain('[a guide](index.md#all)');
  expect(mdbook.page(one)).toMatch(/^# One\n/);
});

test('a served site is compressed, answers every form of an address, and is counted', async () => {
  await using project = await TestProject.create();
  const text = 'the same words again and again. '.repeat(100);
  await project.write('dist/index.html', text);
  await project.write('dist/guides/one.html', text);
  await using served = await serveSite(path.join(project.root, 'dist'));
  for (const address of ['/', '/index.html', '/guides/one', '/guides/one.html?q=1']) {
    const response = await fetch(served.base + address);
    expect(response.headers.get('content-encoding')).toBe('br');
    expect(await response.text()).toBe(text);
  }
  const response = await fetch(`${served.base}/%2e%2e%2fcontent/docs/index.mdx`);
  expect(response.status).toBe(404);
  expect(served.sent.map(({ path }) => path).slice(0, 3)).toEqual([
    '/',
    '/index.html',
    '/guides/one',
  ]);
  expect(served.sent[0]?.bytes).toBeLessThan(100);
});

test('bars say whether they are met', () => {
  const measurement: Measurement = {
    title: 'Building',
    date: '2026-01-01',
    commit: 'unknown',
    runs: 5,
    machine: { processor: 'one', cores: 1, memory: 1, system: 'one', node: 'v24.0.0' },
    versions: {},
    method: [],
    tables: [{ title: 'Build', tools: ['Ours', 'Theirs'], rows: [row('Cold', 's', [4, 6])] }],
    bars: [
      ...bar('Cold', 's', 4, 3),
      ...bar('Warm', 's', 3, 3),
      ...bar('Size', 'bytes', undefined, 3),
      ...bar('Against a peer that is not here', 's', 4, undefined),
    ],
  };
  const lines = formatMeasurement(measurement).split('\n');
  expect(lines).toContain('Cold   4.00 s  6.00 s (1.50)');
  expect(lines.filter((line) => /met|MET|MEASURED/.test(line))).toEqual([
    expect.stringMatching(/^NOT MET +Cold/),
    expect.stringMatching(/^met +Warm/),
    expect.stringMatching(/^NOT MEASURED +Size/),
  ]);
});
