import type { Browser, HTTPRequest } from 'puppeteer-core';
import { vi } from 'vitest';
import { callIn, type Tab } from './tab.ts';

/** A tab in a browser that Puppeteer drives: Chromium, and Firefox through WebDriver BiDi. */
export async function puppeteerTab(starting: Promise<Browser>): Promise<Tab> {
  const browser = await starting;
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  const isFirefox = (await browser.version()).toLowerCase().startsWith('firefox');
  if (!isFirefox) {
    // A page that was made ready takes over in a process of its own, and Puppeteer loses sight of it.
    const session = await page.createCDPSession();
    await session.send('Page.setPrerenderingAllowed', { isAllowed: false });
  }
  let complaints: string[] = [];
  const complain = (complaint: string) => {
    // Firefox's window fetches the icon at leisure, also when its page has been left, and looks for
    // the favicon.ico of old when a page comes back out of its memory. Of what was under way through
    // a service worker when its page was left, it says that there was an unexpected error.
    if (isFirefox && /\/favicon\.(ico|svg)|ServiceWorker .* unexpected error/.test(complaint))
      return;
    complaints.push(complaint);
  };
  page.on('console', (message) =>
    complain(`console: ${message.text()} (${message.location().url})`),
  );
  page.on('pageerror', (error) => complain(`error: ${String(error)}`));
  const underWay = new Set<HTTPRequest>();
  page.on('request', (request) => {
    // Chromium's window asks for manifest and icons of a site that can be installed, and does not
    // always tell that they have come.
    if (isFirefox || !['manifest', 'other'].includes(request.resourceType())) underWay.add(request);
  });
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame()) underWay.clear();
  });
  page.on('requestfinished', (request) => underWay.delete(request));
  page.on('requestfailed', (request) => {
    underWay.delete(request);
    const why = request.failure()?.errorText ?? '';
    if (!/ABORTED/.test(why)) complain(`failed: ${request.url()}, ${why}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complain(`${response.status()}: ${response.url()}`);
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
      await vi.waitUntil(() => underWay.size === 0, { timeout: 20_000, interval: 5 });
      // Messages arrive in order, so what was said before this answer has been heard after it.
      await page.evaluate(() => undefined);
      const taken = complaints;
      complaints = [];
      return taken;
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
