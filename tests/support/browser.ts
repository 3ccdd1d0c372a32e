import { access, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
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

const installedFirefox = [
  process.env.FIREFOX_PATH,
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
];

/** Starts the Firefox that is installed; undefined where there is none. */
async function startFirefox(executablePath: string): Promise<Browser> {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath,
    // Puppeteer switches this off, and then files may read each other as they never may for readers.
    extraPrefsFirefox: { 'security.fileuri.strict_origin_policy': true },
    env: { ...process.env, HOME: await mkdtemp(path.join(tmpdir(), 'firefox-')) },
  });
}

/** The browsers to test with: Chromium always, Firefox where it is installed. */
export async function browsers(): Promise<{ name: string; start: () => Promise<Browser> }[]> {
  const found = [{ name: 'Chromium', start: startChromium }];
  for (const executable of installedFirefox) {
    if (!executable || (await access(executable).catch(() => true))) continue;
    found.push({ name: 'Firefox', start: () => startFirefox(executable) });
    break;
  }
  return found;
}
