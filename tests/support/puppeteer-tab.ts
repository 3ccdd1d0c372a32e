import type { Browser } from 'puppeteer-core';
import { callIn, type Tab } from './tab.ts';

/**
 * Whether a browser asked for something that no page names: Firefox looks for the icon of old when a
 * page comes back out of its memory.
 */
function isOwnRequest(address: string): boolean {
  return new URL(address).pathname === '/favicon.ico';
}

/** A tab in a browser that Puppeteer drives: Chromium, and Firefox through WebDriver BiDi. */
export async function puppeteerTab(starting: Promise<Browser>): Promise<Tab> {
  const browser = await starting;
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  let complaints: string[] = [];
  page.on('console', (message) =>
    complaints.push(`console: ${message.text()} (${message.location().url})`),
  );
  page.on('pageerror', (error) => complaints.push(`error: ${String(error)}`));
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  page.on('response', (response) => {
    if (response.status() >= 400 && !isOwnRequest(response.url()))
      complaints.push(`${response.status()}: ${response.url()}`);
  });
  // Firefox tells nothing of requests to a disk. The page hears of those that its elements make; what
  // a style sheet asks for in vain stays unheard there.
  await page.evaluateOnNewDocument(() =>
    addEventListener(
      'error',
      ({ target }) => {
        if (target instanceof Element) console.error('failed:', target.outerHTML);
      },
      true,
    ),
  );
  return {
    open: async (address) => void (await page.goto(address, { waitUntil: 'load' })),
    evaluate: (run, ...args) => page.evaluate(callIn(run, args)) as Promise<never>,
    click: (selector) => page.click(selector),
    back: () => page.evaluate(() => history.back()),
    async press(key, held) {
      if (held) await page.keyboard.down(held);
      await page.keyboard.press(key as 'Enter');
      if (held) await page.keyboard.up(held);
    },
    async takeComplaints() {
      // Messages arrive in order, so what was said before this answer has been heard after it.
      await page.evaluate(() => undefined);
      const taken = complaints;
      complaints = [];
      return taken;
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
