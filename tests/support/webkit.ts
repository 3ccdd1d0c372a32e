/**
 * Drives WebKitGTK's MiniBrowser through its remote inspector, the protocol behind Web Inspector.
 *
 * WebDriver would click and type as a reader does, but it tells nothing of the console and of
 * requests, and WebKitGTK's refuses `webSocketUrl`, the door to BiDi. The inspector tells both, and
 * has no input: clicks and keys are events that a script makes. A click counts only where the element
 * is not covered, and follows links as any click; a key reaches the page's own handlers and nothing
 * else. What real input does is seen in the other engines.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { vi } from 'vitest';
import { freePort } from './free-port.ts';
import { callIn, type Tab } from './tab.ts';

/** An answer or an event of the inspector's protocol. */
interface Message {
  id?: number;
  method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: each method has parameters of its own
  params?: any;
  // biome-ignore lint/suspicious/noExplicitAny: each method has a result of its own
  result?: any;
  error?: { message: string };
}

/** The connection to one page, whichever process the browser moves it to. */
class Inspector {
  /** Events of the page. */
  onEvent: (method: string, params: Message['params']) => void = () => undefined;

  private readonly socket: WebSocket;
  private readonly waiting = new Map<
    number,
    { target: string; resolve: (result: Message['result']) => void; reject: (why: Error) => void }
  >();
  private target = '';
  private lastId = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => this.onOuter(JSON.parse(data)));
  }

  static async connect(address: string): Promise<Inspector> {
    const inspector = new Inspector(new WebSocket(address));
    await vi.waitUntil(() => inspector.target, { timeout: 10_000, interval: 10 });
    await inspector.listen(inspector.target);
    return inspector;
  }

  /** Calls a method in the page. */
  call(method: string, params = {}, target = this.target): Promise<Message['result']> {
    const id = ++this.lastId;
    const message = JSON.stringify({ id, method, params });
    const outer = {
      id,
      method: 'Target.sendMessageToTarget',
      params: { targetId: target, message },
    };
    this.socket.send(JSON.stringify(outer));
    return new Promise((resolve, reject) => this.waiting.set(id, { target, resolve, reject }));
  }

  close(): void {
    this.socket.close();
  }

  private async listen(target: string): Promise<void> {
    const domains = ['Console', 'Network', 'Page'];
    await Promise.all(domains.map((domain) => this.call(`${domain}.enable`, {}, target)));
  }

  /** Messages about the page's processes; those of the page itself are wrapped in them. */
  private onOuter({ id, method, params, error }: Message): void {
    if (error && id) this.settle({ id, error });
    switch (method) {
      case 'Target.targetCreated': {
        const { targetId, type, isProvisional } = params.targetInfo;
        if (type !== 'page') return;
        // Another site gets another process, which takes the page over when it has answered.
        if (isProvisional) this.listen(targetId).catch(() => undefined);
        else this.target = targetId;
        return;
      }
      case 'Target.didCommitProvisionalTarget':
        this.target = params.newTargetId;
        return;
      case 'Target.targetDestroyed':
        for (const [waiting, { target }] of this.waiting) {
          if (target !== params.targetId) continue;
          this.settle({ id: waiting, error: { message: 'the page went away' } });
        }
        return;
      case 'Target.dispatchMessageFromTarget': {
        const message: Message = JSON.parse(params.message);
        if (message.id) this.settle(message);
        else if (message.method) this.onEvent(message.method, message.params);
      }
    }
  }

  private settle({ id = 0, result, error }: Message): void {
    const call = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) call?.reject(new Error(error.message));
    else call?.resolve(result);
  }
}

/** Starts MiniBrowser with a profile of its own, on a screen that nobody sees. */
export async function startWebKit(executable: string): Promise<Tab> {
  const profile = await mkdtemp(path.join(tmpdir(), 'webkit-'));
  // A page from disk may open pages from everywhere.
  const blank = path.join(profile, 'blank.html');
  await writeFile(blank, '<!doctype html><title>Blank</title>');
  const home = pathToFileURL(blank).href;

  const screen = spawn('Xvfb', ['-displayfd', '3', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [display] = await once(screen.stdio[3] as Readable, 'data');

  const inspectorAt = `127.0.0.1:${await freePort()}`;
  const browser = spawn(
    executable,
    ['--enable-developer-extras=true', '--geometry=1280x900', home],
    {
      stdio: 'ignore',
      env: {
        ...process.env,
        HOME: profile,
        XDG_DATA_HOME: path.join(profile, 'data'),
        XDG_CACHE_HOME: path.join(profile, 'cache'),
        XDG_CONFIG_HOME: path.join(profile, 'config'),
        DISPLAY: `:${String(display).trim()}`,
        WEBKIT_INSPECTOR_HTTP_SERVER: inspectorAt,
      },
    },
  );
  const close = async () => {
    await end(browser);
    await end(screen);
    await rm(profile, { recursive: true, maxRetries: 5 });
  };
  try {
    const socket = await vi.waitUntil(
      async () => {
        const list = await fetch(`http://${inspectorAt}/`).then(
          (answer) => answer.text(),
          () => '',
        );
        return /socket\/\d+\/\d+\/WebPage/.exec(list)?.[0];
      },
      { timeout: 20_000, interval: 50 },
    );
    const inspector = await Inspector.connect(`ws://${inspectorAt}/${socket}`);
    const tab = new WebKitTab(inspector, close);
    await tab.waitFor(home);
    return tab;
  } catch (error) {
    await close();
    throw error;
  }
}

class WebKitTab implements Tab {
  private readonly inspector: Inspector;
  private readonly end: () => Promise<void>;
  private complaints: string[] = [];
  /** Addresses of the requests under way, for complaints about them. */
  private readonly requests = new Map<string, string>();
  /** Address of the page that has come last. */
  private shown = '';
  private onLoad: () => void = () => undefined;

  constructor(inspector: Inspector, end: () => Promise<void>) {
    this.inspector = inspector;
    this.end = end;
    inspector.onEvent = (method, params) => {
      if (method === 'Page.frameNavigated' && !params.frame.parentId) {
        this.shown = params.frame.url;
        this.requests.clear();
      } else if (method === 'Page.loadEventFired') {
        this.onLoad();
      } else if (method === 'Console.messageAdded' && !isNoFault(params.message.text)) {
        this.complaints.push(`console: ${params.message.text} (${params.message.url})`);
      } else if (method === 'Network.requestWillBeSent') {
        this.requests.set(params.requestId, params.request.url);
      } else if (method === 'Network.loadingFinished') {
        this.requests.delete(params.requestId);
      } else if (method === 'Network.responseReceived' && params.response.status >= 400) {
        this.complaints.push(`${params.response.status}: ${params.response.url}`);
      } else if (method === 'Network.loadingFailed') {
        const address = this.requests.get(params.requestId);
        this.requests.delete(params.requestId);
        if (!params.canceled) this.complaints.push(`failed: ${address}, ${params.errorText}`);
      }
    };
  }

  async open(address: string): Promise<void> {
    const { href } = new URL(address);
    this.shown = '';
    const loaded = new Promise<void>((resolve) => {
      // The page before may have its event late.
      this.onLoad = () => this.shown === href && resolve();
    });
    await this.inspector.call('Page.navigate', { url: href });
    await loaded;
  }

  /** Waits until an address is shown that the browser opens of itself. */
  async waitFor(address: string): Promise<void> {
    await vi.waitFor(
      async () => {
        const shown = await this.evaluate(
          () => document.readyState === 'complete' && location.href,
        );
        if (shown !== address) throw new Error(`${address} has not been opened`);
      },
      { timeout: 20_000, interval: 20 },
    );
  }

  async evaluate<Args extends unknown[], Answer>(
    run: (...args: Args) => Answer,
    ...args: Args
  ): Promise<Awaited<Answer>> {
    const { result: promise } = await this.inspector.call('Runtime.evaluate', {
      expression: `(async () => ${callIn(run, args)})()`,
    });
    const { result, wasThrown } = await this.inspector.call('Runtime.awaitPromise', {
      promiseObjectId: promise.objectId,
      returnByValue: true,
    });
    if (wasThrown) throw new Error(result.description ?? result.value);
    return result.value;
  }

  /** Calls a function that may lead away from the page, so that its answer cannot be asked for later. */
  private async run<Args extends unknown[]>(
    act: (...args: Args) => void,
    ...args: Args
  ): Promise<void> {
    const { result, wasThrown } = await this.inspector.call('Runtime.evaluate', {
      expression: callIn(act, args),
    });
    if (wasThrown) throw new Error(result.description);
  }

  click(selector: string): Promise<void> {
    return this.run((wanted) => {
      const element = document.querySelector<HTMLElement>(wanted);
      if (!element) throw new Error(`nothing matches ${wanted}`);
      element.scrollIntoView({ block: 'center', behavior: 'instant' });
      const [box] = element.getClientRects();
      if (!box) throw new Error(`${wanted} is not shown`);
      const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      if (!element.contains(hit)) throw new Error(`${wanted} is covered by ${hit?.outerHTML}`);
      element.focus();
      element.click();
    }, selector);
  }

  back(): Promise<void> {
    return this.run(() => history.back());
  }

  press(key: string, held?: 'Control'): Promise<void> {
    return this.run(
      (pressed, ctrlKey) => {
        for (const type of ['keydown', 'keyup']) {
          document.activeElement?.dispatchEvent(
            new KeyboardEvent(type, { key: pressed, ctrlKey, bubbles: true, cancelable: true }),
          );
        }
      },
      key,
      held === 'Control',
    );
  }

  async takeComplaints(): Promise<string[]> {
    await vi.waitUntil(() => this.requests.size === 0, { timeout: 20_000, interval: 5 });
    // Messages arrive in order, so what was said before this answer has been heard after it.
    await this.evaluate(() => undefined);
    const taken = this.complaints;
    this.complaints = [];
    return taken;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.inspector.close();
    return this.end();
  }
}

/**
 * Whether a message tells of nothing wrong on the page: of a script's request that was under way when
 * the page was left (a server that is asked by its own page has no access control that could refuse;
 * from disk the same words are a refusal), or that WebKitGTK, other than Safari, installs no sites.
 */
function isNoFault(text: string): boolean {
  return (
    /^Fetch API cannot load http:\S+ due to access control checks\.$/.test(text) ||
    text.startsWith("Unrecognized Content-Security-Policy directive 'manifest-src'.")
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}
