import { access, constants, glob, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import puppeteer, { type Browser } from 'puppeteer-core';
import { puppeteerTab } from './puppeteer-tab.ts';
import type { Tab } from './tab.ts';
import { startWebKit } from './webkit.ts';

/** Where systems keep their browsers. `Xvfb` is the screen that WebKit draws on. */
const installed = {
  Chromium: [
    process.env.CHROME_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ],
  Firefox: [
    process.env.FIREFOX_PATH,
    '/usr/bin/firefox-esr',
    '/usr/bin/firefox',
    '/Applications/Firefox.app/Contents/MacOS/firefox',
  ],
  WebKit: [
    process.env.WEBKIT_PATH,
    // The folder is named after the processor.
    ...(await Array.fromAsync(glob('/usr/lib/*/webkit2gtk-4.*/MiniBrowser'))),
    '/usr/libexec/webkit2gtk-4.1/MiniBrowser',
  ],
  Xvfb: ['/usr/bin/Xvfb'],
};

async function find(program: keyof typeof installed): Promise<string | undefined> {
  for (const executable of installed[program]) {
    if (executable && !(await access(executable, constants.X_OK).catch(() => true)))
      return executable;
  }
  return undefined;
}

/** Keeps the browser from talking to anybody but the server under test. */
const quiet = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Asks a server of its maker about every form.
  '--disable-features=AutofillServerCommunication',
  '--no-sandbox',
];

/** Starts the Chromium that is installed, or else the headless one that an npm package ships. */
export async function startChromium(): Promise<Browser> {
  const executablePath = await find('Chromium');
  if (executablePath) return puppeteer.launch({ executablePath, args: quiet });
  const { default: shipped } = await import('@sparticuz/chromium');
  return puppeteer.launch({
    executablePath: await shipped.executablePath(),
    args: [...shipped.args, ...quiet],
    headless: 'shell',
  });
}

async function startFirefox(executablePath: string): Promise<Browser> {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath,
    // Puppeteer switches this off, and then files may read each other as they never may for readers.
    extraPrefsFirefox: { 'security.fileuri.strict_origin_policy': true },
    env: { ...process.env, HOME: await mkdtemp(path.join(tmpdir(), 'firefox-')) },
  });
}

/** Those engines, of the ones to test with, that Puppeteer drives: Chromium, and Firefox where it is installed. */
export async function puppeteerEngines(): Promise<
  { name: string; start: () => Promise<Browser> }[]
> {
  const firefox = await find('Firefox');
  return [
    { name: 'Chromium', start: startChromium },
    ...(firefox ? [{ name: 'Firefox', start: () => startFirefox(firefox) }] : []),
  ];
}

/** A browser engine to test with. */
export interface Engine {
  name: string;
  /** Whether it is neither installed nor required, so that its tests are skipped. */
  skip: boolean;
  /** Starts it with a profile of its own. Fails where it is required and not installed. */
  start(): Promise<Tab>;
}

/**
 * The engines to test with. Chromium is always there; Firefox and WebKit may be missing, unless the
 * environment names them in `REQUIRED_BROWSERS`, as continuous integration does.
 */
export async function engines(): Promise<Engine[]> {
  const firefox = await find('Firefox');
  const webkit = (await find('Xvfb')) && (await find('WebKit'));
  const required = (process.env.REQUIRED_BROWSERS ?? '').split(' ');
  const engine = (name: string, packages: string, start: (() => Promise<Tab>) | undefined) => ({
    name,
    skip: !start && !required.includes(name),
    start:
      start ??
      (() => {
        throw new Error(
          `${name} is not installed, and REQUIRED_BROWSERS names it: install ${packages}, or take it from there`,
        );
      }),
  });
  return [
    engine('Chromium', 'chromium', () => puppeteerTab(startChromium())),
    engine(
      'Firefox',
      'firefox-esr',
      firefox ? () => puppeteerTab(startFirefox(firefox)) : undefined,
    ),
    engine(
      'WebKit',
      'libwebkit2gtk-4.1-0 and xvfb',
      webkit ? () => startWebKit(webkit) : undefined,
    ),
  ];
}
