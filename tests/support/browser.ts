import { access } from 'node:fs/promises';
import puppeteer, { type Browser } from 'puppeteer-core';

/** Where systems keep a Chromium or Chrome. */
const installed = [
  process.env.CHROME_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Keeps the browser from talking to anybody but the server under test. */
const quiet = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-sandbox',
];

/** Starts the Chromium that is installed, or else the headless one that an npm package ships. */
export async function startChromium(): Promise<Browser> {
  for (const executablePath of installed) {
    if (!executablePath || (await access(executablePath).catch(() => true))) continue;
    return puppeteer.launch({ executablePath, args: quiet });
  }
  const { default: shipped } = await import('@sparticuz/chromium');
  return puppeteer.launch({
    executablePath: await shipped.executablePath(),
    args: [...shipped.args, ...quiet],
    headless: 'shell',
  });
}
