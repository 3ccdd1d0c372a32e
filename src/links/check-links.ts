import { setTimeout } from 'node:timers/promises';

/** What became of an address. One that gave no clear answer is not checked: never alive, never dead. */
export type LinkState =
  | { state: 'alive' }
  /** Answers, but has moved for good. */
  | { state: 'moved'; to: string }
  | { state: 'dead'; status: number }
  | { state: 'not checked'; why: string };

/** All times are in milliseconds. */
export interface LinkOptions {
  /** Hosts that are asked at the same time; one host is asked for one thing at a time. */
  parallel?: number;
  /** Between two questions to a host. */
  pause?: number;
  /** Until an answer is given up. */
  timeout?: number;
  /** A host that wants more patience than this is left alone. */
  patience?: number;
  /** How to wait. */
  wait?: (time: number) => Promise<unknown>;
}

const redirects = new Set([301, 302, 303, 307, 308]);
const mostHops = 5;
const mostTries = 3;
/** After so many addresses in a row without a clear answer, a host is left alone. */
const mostFailures = 5;

/**
 * Asks for addresses as a polite visitor: heads first, each host one at a time with a pause, and
 * later again where it says so.
 *
 * @param addresses http and https addresses
 * @returns what became of each
 */
export async function checkLinks(
  addresses: Iterable<string>,
  options: LinkOptions = {},
): Promise<Map<string, LinkState>> {
  const { parallel = 8, pause = 1000, wait = setTimeout } = options;
  const hosts = Map.groupBy(new Set(addresses), (address) => new URL(address).host);
  const queues = [...hosts.values()];
  const states = new Map<string, LinkState>();
  const work = async () => {
    for (let queue = queues.pop(); queue; queue = queues.pop()) {
      let failures = 0;
      let state: LinkState = { state: 'not checked', why: 'not asked' };
      for (const address of queue) {
        if (failures < mostFailures) {
          state = await checkLink(address, options);
          await wait(pause);
        }
        states.set(address, state);
        failures = state.state === 'not checked' ? failures + 1 : 0;
      }
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return states;
}

async function checkLink(address: string, options: LinkOptions): Promise<LinkState> {
  let at = address;
  /** How far the way led by moves for good. */
  let moved = address;
  for (let hop = 0; hop <= mostHops; hop++) {
    const answer = await ask(at, options);
    if ('why' in answer) return { state: 'not checked', why: answer.why };
    const { status, location } = answer;
    if (redirects.has(status) && location && URL.canParse(location, at)) {
      const next = new URL(location, at).href;
      if (moved === at && (status === 301 || status === 308)) moved = next;
      at = next;
      continue;
    }
    if (status === 404 || status === 410) return { state: 'dead', status };
    if (status < 200 || status > 299) return { state: 'not checked', why: `answered ${status}` };
    return moved === address ? { state: 'alive' } : { state: 'moved', to: moved };
  }
  return { state: 'not checked', why: `more than ${mostHops} redirects` };
}

/** The answer of one server: to HEAD, or to GET where it does not like HEAD. */
async function ask(
  address: string,
  { pause = 1000, timeout = 20_000, patience = 60_000, wait = setTimeout }: LinkOptions,
): Promise<{ status: number; location: string | null } | { why: string }> {
  let method = 'HEAD';
  let why = '';
  for (let tries = 0; tries < mostTries; tries++) {
    try {
      const response = await fetch(address, {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
        headers: { 'user-agent': 'Mozilla/5.0 (compatible; link check of a documentation site)' },
      });
      await response.body?.cancel();
      const { status, headers } = response;
      why = `answered ${status}`;
      if (status === 429 || status === 503) {
        const time = timeToWait(headers.get('retry-after')) ?? pause;
        if (time > patience) return { why: `${why}, and wants ${Math.ceil(time / 1000)} s` };
        await wait(time);
      } else if (status >= 400 && method === 'HEAD') {
        method = 'GET';
        await wait(pause);
      } else {
        return { status, location: headers.get('location') };
      }
    } catch (error) {
      why = reasonOf(error);
      await wait(pause);
    }
  }
  return { why };
}

/** `Retry-After`: seconds, or the moment itself. */
function timeToWait(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const moment = Date.parse(header);
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - Date.now());
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? error.message;
}
