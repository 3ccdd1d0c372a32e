import type { Browser, Page } from 'puppeteer-core';

/** A page, and what went wrong on it. */
export interface Visit extends AsyncDisposable {
  page: Page;
  /** Console messages, script errors, failed requests and those to anybody else. */
  complaints: string[];
  /** Addresses of all requests. */
  requests: string[];
}

/**
 * Opens a page of a site, in a context of its own: caches and storage of other visits are not there.
 *
 * @param root address of the site, without a slash at the end
 * @param address of the page below the root
 * @param prepare is called before the page is opened
 */
export async function visit(
  browser: Browser,
  root: string,
  address: string,
  prepare?: (page: Page) => Promise<unknown>,
): Promise<Visit> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${String(error)}`));
  page.on('requestfailed', (request) => {
    // An answer without a body, as to HEAD, is told as an answer and then as aborted.
    const answered = request.method() === 'HEAD' && request.response()?.ok();
    if (!answered) complaints.push(`failed: ${request.url()}`);
  });
  page.on('request', (request) => {
    requests.push(request.url());
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(`${root}/`)) {
      complaints.push(`foreign: ${request.url()}`);
    }
  });
  await page.setViewport({ width: 1280, height: 900 });
  await prepare?.(page);
  await page.goto(`${root}/${address}`, { waitUntil: 'load' });
  return { page, complaints, requests, [Symbol.asyncDispose]: () => context.close() };
}
