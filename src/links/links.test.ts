import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { linkSnapshot } from '../catalog/schema/snapshot.ts';
import { checkLinks, type LinkOptions } from './check-links.ts';
import { outsideLinks, snapshotOf } from './links.ts';

/** What each path of the server does; `asked` counts how often the path was asked for. */
const behaviours: Record<
  string,
  (asked: number, method: string) => Answer | 'hang' | 'close' | 'meet'
> = {
  '/ok': () => ({ status: 200 }),
  '/ok-1': () => ({ status: 200 }),
  '/ok-2': () => ({ status: 200 }),
  '/ok-3': () => ({ status: 200 }),
  '/moved': () => ({ status: 301, location: '/ok' }),
  '/moved-twice': () => ({ status: 308, location: '/moved' }),
  '/elsewhere-today': () => ({ status: 302, location: '/ok' }),
  '/moved-then-elsewhere': () => ({ status: 301, location: '/elsewhere-today' }),
  '/moved-to-nothing': () => ({ status: 301, location: '/not-found' }),
  '/circle': () => ({ status: 302, location: '/circle' }),
  '/not-found': () => ({ status: 404 }),
  '/gone': () => ({ status: 410 }),
  '/no-head': (_, method) => ({ status: method === 'HEAD' ? 405 : 200 }),
  '/forbidden': () => ({ status: 403 }),
  '/hang': () => 'hang',
  '/meet': () => 'meet',
  '/close': () => 'close',
  '/close-once': (asked) => (asked === 1 ? 'close' : { status: 200 }),
  '/busy-once': (asked) => (asked === 1 ? { status: 429, after: '7' } : { status: 200 }),
  '/busy': () => ({ status: 429 }),
  '/busy-for-long': () => ({ status: 429, after: '3600' }),
};
interface Answer {
  status: number;
  location?: string;
  after?: string;
}

const asked: string[] = [];
const waiting: ServerResponse[] = [];
let open = 0;
let mostOpen = 0;
const listener: RequestListener = (request, response) => {
  const { url = '', method = '' } = request;
  asked.push(`${method} ${url}`);
  open++;
  mostOpen = Math.max(mostOpen, open);
  response.on('finish', () => open--);
  const times = asked.filter((line) => line.endsWith(` ${url}`)).length;
  const answer = behaviours[url]?.(times, method) ?? { status: 500 };
  if (answer === 'hang') return;
  if (answer === 'meet') {
    // Answered when two ask at the same time.
    waiting.push(response);
    if (waiting.length === 2) for (const other of waiting) other.end();
    return;
  }
  if (answer === 'close') {
    request.socket.destroy();
    return;
  }
  const { status, location, after } = answer;
  response.writeHead(status, {
    ...(location && { location }),
    ...(after && { 'retry-after': after }),
  });
  response.end();
};

const servers = [createServer(listener), createServer(listener)];
let bases: string[];
beforeAll(async () => {
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }
  bases = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});
beforeEach(() => {
  asked.length = 0;
  waited.length = 0;
  mostOpen = 0;
});

/** Times that were waited; none of them really. */
const waited: number[] = [];
const options: LinkOptions = {
  pause: 1,
  timeout: 200,
  patience: 60_000,
  wait: async (time) => waited.push(time),
};
const stateOf = async (at: string) => {
  const address = bases[0] + at;
  return (await checkLinks([address], options)).get(address);
};

describe('an address', () => {
  const cases: [at: string, expected: object][] = [
    ['/ok', { state: 'alive' }],
    ['/elsewhere-today', { state: 'alive' }],
    ['/no-head', { state: 'alive' }],
    ['/close-once', { state: 'alive' }],
    ['/not-found', { state: 'dead', status: 404 }],
    ['/gone', { state: 'dead', status: 410 }],
    ['/moved-to-nothing', { state: 'dead', status: 404 }],
    ['/forbidden', { state: 'not checked', why: 'answered 403' }],
    ['/hang', { state: 'not checked', why: 'no answer in time' }],
    ['/close', { state: 'not checked', why: 'UND_ERR_SOCKET' }],
    ['/circle', { state: 'not checked', why: 'more than 5 redirects' }],
    ['/busy', { state: 'not checked', why: 'answered 429' }],
    ['/busy-for-long', { state: 'not checked', why: 'answered 429, and wants 3600 s' }],
  ];
  test.for(cases)('%s', async ([at, expected]) => {
    expect(await stateOf(at)).toEqual(expected);
  });

  test.for(['/moved', '/moved-twice'])('%s, and where to', async (at) => {
    expect(await stateOf(at)).toEqual({ state: 'moved', to: `${bases[0]}/ok` });
  });

  test('moved for good, and redirected for today behind that', async () => {
    expect(await stateOf('/moved-then-elsewhere')).toEqual({
      state: 'moved',
      to: `${bases[0]}/elsewhere-today`,
    });
  });

  test('that nobody answers at is not checked', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const address = `http://127.0.0.1:${port}/`;
    const states = await checkLinks([address, 'https://nobody.invalid/'], options);
    expect(states.get(address)).toEqual({ state: 'not checked', why: 'ECONNREFUSED' });
    expect(states.get('https://nobody.invalid/')).toMatchObject({ state: 'not checked' });
  });
});

describe('politeness', () => {
  test('a host that asks for time gets it, then is asked again', async () => {
    expect(await stateOf('/busy-once')).toEqual({ state: 'alive' });
    expect(waited).toContain(7000);
    expect(asked).toEqual(['HEAD /busy-once', 'HEAD /busy-once']);
  });

  test('a host that asks for too much is left alone', async () => {
    await stateOf('/busy-for-long');
    expect(asked).toEqual(['HEAD /busy-for-long']);
  });

  test('a host that gives no clear answer five times in a row is not asked further', async () => {
    const addresses = [1, 2, 3, 4, 5, 6, 7].map((n) => `${bases[0]}/unknown?${n}`);
    const states = await checkLinks(addresses, options);
    expect([...states.values()]).toEqual(
      addresses.map(() => ({ state: 'not checked', why: 'answered 500' })),
    );
    expect(new Set(asked.map((line) => line.split(' ')[1])).size).toBe(5);
  });

  test('heads come first, and each address once', async () => {
    await checkLinks([`${bases[0]}/ok`, `${bases[0]}/ok`, `${bases[0]}/no-head`], options);
    expect(asked).toEqual(['HEAD /ok', 'HEAD /no-head', 'GET /no-head']);
  });

  test('a host is asked one thing at a time, with a pause', async () => {
    open = 0;
    await checkLinks(
      [1, 2, 3].map((n) => `${bases[0]}/ok-${n}`),
      options,
    );
    expect(mostOpen).toBe(1);
    expect(waited.filter((time) => time === options.pause).length).toBeGreaterThanOrEqual(3);
  });

  test('several hosts are asked at once', async () => {
    const both = bases.map((base) => `${base}/meet`);
    const states = await checkLinks(both, { ...options, timeout: 20_000 });
    expect([...states.values()]).toEqual([{ state: 'alive' }, { state: 'alive' }]);
  });
});

test('links are those of the pages to other sites, without fragments', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'links-'));
  try {
    await mkdir(path.join(folder, 'sub'));
    await writeFile(
      path.join(folder, 'index.html'),
      '<a href="https://a.example/x#y">1</a><a href="https://a.example/x">2</a><a href="sub/b.html">3</a><a href="https://own.example/edit">4</a><link rel="canonical" href="https://c.example/">',
    );
    await writeFile(
      path.join(folder, 'sub/b.html'),
      '<a href="http://b.example/?a=1&amp;b=2">1</a><a href="https://a.example/x#z">2</a><a href="mailto:a@b.example">3</a>',
    );
    expect(Object.fromEntries(await outsideLinks(folder, ['https://own.example']))).toEqual({
      'http://b.example/?a=1&b=2': ['sub/b.html'],
      'https://a.example/x': ['index.html', 'sub/b.html'],
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('what was found is kept in an order of its own, as the catalog reads it', () => {
  const snapshot = snapshotOf(
    new Map([
      ['https://d.example/', { state: 'not checked', why: 'ENOTFOUND' }],
      ['https://c.example/', { state: 'alive' }],
      ['https://b.example/', { state: 'dead', status: 410 }],
      ['https://a.example/', { state: 'moved', to: 'https://c.example/' }],
      ['https://0.example/', { state: 'alive' }],
    ]),
    '2026-11-28',
  );
  expect(snapshot).toEqual({
    checked: '2026-11-28',
    alive: ['https://0.example/', 'https://c.example/'],
    moved: { 'https://a.example/': 'https://c.example/' },
    dead: { 'https://b.example/': 410 },
    notChecked: { 'https://d.example/': 'ENOTFOUND' },
  });
  expect(linkSnapshot.parse(snapshot)).toEqual(snapshot);
});
