import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { takeSteps } from '../../src/built-site/built-site.ts';
import { policyHeader } from '../../src/policy/directives.ts';
import { policy } from '../../src/policy/policy.ts';
import { puppeteerEngines } from '../support/browser.ts';
import { attribute, byTag, find, readPages } from '../support/dom.ts';
import { serveFolder } from '../support/serve-folder.ts';

const dist = inject('dist');
const pages = await readPages(dist);

test('every page has its policy, behind the character set and before all else', () => {
  for (const [file, html] of pages) {
    const [head] = byTag(html, 'head');
    const [charset, policy] = head ? byTag(head, 'meta') : [];
    expect(head?.childNodes.slice(0, 2), file).toEqual([charset, policy]);
    expect(charset && attribute(charset, 'charset'), file).toBe('utf-8');
    expect(policy && attribute(policy, 'http-equiv'), file).toBe('Content-Security-Policy');
    const content = (policy && attribute(policy, 'content')) ?? '';
    expect(content, file).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'/);
    expect(content, file).not.toMatch(/'unsafe-|https?:|\*/);
    expect(
      find(html, (element) => attribute(element, 'style') !== undefined),
      file,
    ).toEqual([]);
  }
});

test('the header for hosts allows no more, refuses frames, and is small', async () => {
  const header = await policyHeader(dist);
  expect(header).toMatch(/^script-src 'self' 'wasm-unsafe-eval' .*; frame-ancestors 'none'$/);
  expect(header).not.toMatch(/'unsafe-|https?:|\*/);
  // Every answer carries it. An inline script costs 54; one for each page would grow without end.
  expect(header.length).toBeLessThan(800);
});

const fixture = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>T</title>
<link rel="icon" href="data:,">
<style>p { color: rgb(1, 2, 3) }</style>
<script>
  globalThis.ran = 'é — \\u2028';
</script>
<script type="speculationrules">{"prefetch":[{"urls":["other.html"]}]}</script></head>
<body><p>a</p></body></html>`;

describe.for(await puppeteerEngines())('in $name', ({ start }) => {
  let browser: Browser;
  let folder: string;
  let served: Awaited<ReturnType<typeof serveFolder>>;
  beforeAll(async () => {
    browser = await start();
    folder = await mkdtemp(path.join(tmpdir(), 'policy-'));
    await writeFile(path.join(folder, 'index.html'), fixture);
    await writeFile(path.join(folder, 'other.html'), fixture);
    await takeSteps(folder, [policy()]);
    const allowed = await readFile(path.join(folder, 'index.html'), 'utf8');
    const changed = allowed
      .replace('globalThis.ran', ' globalThis.ran')
      .replace('rgb(1, 2, 3)', 'rgb(4, 5, 6)')
      .replace('<p>', '<p style="font-size: 99px" onclick="globalThis.clicked = true">');
    await writeFile(path.join(folder, 'changed.html'), changed);
    served = await serveFolder(folder, '/');
  });
  afterAll(async () => {
    await browser.close();
    await served[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  /** Opens pages one after the other, and gathers what their policies refused. */
  async function violationsOn(addresses: string[]) {
    const page = await browser.newPage();
    await page.evaluateOnNewDocument(() => {
      const violations: string[] = [];
      Object.assign(globalThis, { violations });
      document.addEventListener('securitypolicyviolation', (event) => {
        violations.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`.trim());
      });
    });
    const found: Record<string, string[]> = {};
    for (const address of addresses) {
      await page.goto(address, { waitUntil: 'load' });
      const violations = await page.evaluate(
        () => (globalThis as unknown as { violations: string[] }).violations,
      );
      if (violations.length > 0) found[address] = violations;
    }
    return { page, found, [Symbol.asyncDispose]: () => page.close() };
  }
  const result = () => ({
    ran: (globalThis as { ran?: string }).ran,
    clicked: (globalThis as { clicked?: boolean }).clicked,
    color: getComputedStyle(document.querySelector('p') as Element).color,
    size: getComputedStyle(document.querySelector('p') as Element).fontSize,
  });

  test.for(['served', 'from disk'])('%s, what was hashed runs, and nothing else', async (way) => {
    const at = (file: string) =>
      way === 'served' ? served.base + file : pathToFileURL(path.join(folder, file)).href;
    await using allowed = await violationsOn([at('index.html')]);
    expect(allowed.found).toEqual({});
    expect(await allowed.page.evaluate(result)).toEqual({
      ran: 'é — \u2028',
      color: 'rgb(1, 2, 3)',
      size: '16px',
    });

    await using changed = await violationsOn([at('changed.html')]);
    await changed.page.click('p');
    expect(await changed.page.evaluate(result)).toEqual({ color: 'rgb(0, 0, 0)', size: '16px' });
    const directives = changed.found[at('changed.html')]?.map((text) => text.split(':', 1)[0]);
    expect(directives).toEqual(
      expect.arrayContaining(['script-src-elem', 'style-src-elem', 'style-src-attr']),
    );
  });

  test('text is not taken for markup or code, and no other script may change that', async () => {
    await using visited = await violationsOn([`${inject('base')}/about.html`]);
    const refused = await visited.page.evaluate(() => {
      const refuses = (act: () => unknown) => {
        try {
          act();
          return false;
        } catch (error) {
          return error instanceof TypeError;
        }
      };
      const { trustedTypes } = globalThis as unknown as {
        trustedTypes: { createPolicy(name: string, rules: object): unknown };
      };
      return {
        markup: refuses(() => {
          document.body.innerHTML = '<b>text</b>';
        }),
        script: refuses(() => {
          document.createElement('script').src = '/other.js';
        }),
        worker: refuses(() => new Worker('/other.js')),
        policy: refuses(() => trustedTypes.createPolicy('another', {})),
      };
    });
    expect(refused).toEqual({ markup: true, script: true, worker: true, policy: true });
  });

  test.for(['served', 'from disk'])('%s, no page of the site is refused anything', async (way) => {
    // With both: a browser holds a page to its own policy and to the header's.
    await using hosted = await serveFolder(dist, '/', {
      'content-security-policy': await policyHeader(dist),
    });
    const root = way === 'served' ? hosted.base : `${pathToFileURL(dist).href}/`;
    // The page of missing addresses has addresses from the root, which lead nowhere on disk.
    const files = [...pages.keys()].filter((file) => way === 'served' || file !== '404.html');
    await using visited = await violationsOn(files.map((file) => root + file));
    expect(visited.found).toEqual({});
  });
});
