import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { takeSteps } from '../../src/built-site/built-site.ts';
import { portable } from '../../src/portable/portable.ts';
import { startChromium } from '../support/browser.ts';

const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
/** Of every kind of address that a browser loads or follows by itself. */
const site = {
  'index.html': `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>First</title>
    <link rel="stylesheet" href="/styles/main.css" crossorigin>
    <script type="module" src="/scripts/main.js"></script></head>
    <body><p id="font">words</p>
    <img id="plain" src="/my pictures/größe.svg" alt="">
    <img id="set" srcset="/my%20pictures/other.svg 1x" alt="">
    <object data="/my pictures/object.svg" type="image/svg+xml"></object>
    <svg><defs><rect id="own" width="9" height="9"/></defs><use href="#own"/></svg>
    <p style="background: url(/my%20pictures/attribute.svg)">styled</p>
    <iframe src="/deep/für dich/frame.html" title="frame"></iframe>
    <form action="/deep/für dich/form.html"><input name="q" value="1"><button>Go</button></form></body></html>`,
  'deep/für dich/frame.html':
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Frame</title></head><body>In the frame</body></html>',
  'deep/für dich/form.html':
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Form</title><meta http-equiv="refresh" content="0; url=/deep/refreshed.html"></head><body></body></html>',
  'deep/refreshed.html':
    '<!doctype html><html lang="en"><head><title>Refreshed</title></head><body></body></html>',
  'styles/main.css':
    '@import "/styles/more.css"; @font-face { font-family: own; src: url("/styles/a font.woff2") } #font { font-family: own }',
  'styles/more.css': 'p { color: rgb(1, 2, 3); background: url("/my pictures/sheet.svg") }',
  'styles/a font.woff2': 'no font, but a file',
  'scripts/main.js': 'import { name } from "./name.js"; document.body.dataset.ran = name;',
  'scripts/name.js': 'export const name = "yes";',
  ...Object.fromEntries(
    ['größe', 'other', 'object', 'attribute', 'sheet'].map((name) => [
      `my pictures/${name}.svg`,
      picture,
    ]),
  ),
};

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await startChromium();
  folder = await mkdtemp(path.join(tmpdir(), 'une clé '));
  for (const [file, content] of Object.entries(site)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), content);
  }
  await takeSteps(folder, [portable()]);
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

test('from disk, a page loads everything that it names, and leads on', async () => {
  const page = await browser.newPage();
  const loaded: string[] = [];
  const failed: string[] = [];
  const name = (url: string) =>
    decodeURIComponent(url.slice(pathToFileURL(folder).href.length + 1)).replace(/\?.*/, '');
  page.on('requestfinished', (request) => loaded.push(name(request.url())));
  page.on('requestfailed', (request) => failed.push(request.url()));
  await page.goto(`${pathToFileURL(folder)}/index.html`, { waitUntil: 'networkidle0' });
  expect(failed).toEqual([]);
  const [script] = loaded.filter((file) => file.startsWith('scripts/'));
  expect(loaded.sort()).toEqual(
    [
      ...Object.keys(site).filter((file) => !/^(scripts|deep\/(refreshed|.*form))/.test(file)),
      script,
    ].sort(),
  );
  expect(await page.evaluate(() => document.body.dataset.ran)).toBe('yes');
  expect(await page.$eval('p', (p) => getComputedStyle(p).color)).toBe('rgb(1, 2, 3)');
  const widths = await page.$$eval('img', (all) => all.map((img) => img.naturalWidth));
  expect(widths).toEqual([9, 9]);
  expect(await page.$eval('use', (use) => use.getBoundingClientRect().width)).toBe(9);

  await page.click('form button');
  await page.waitForFunction(() => document.title === 'Refreshed');
  expect(failed).toEqual([]);
  await page.close();
});
