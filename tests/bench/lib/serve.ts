import { readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

/** A response as it went over the wire. */
export interface Sent {
  /** Path of the address, without query. */
  path: string;
  /** Bytes of the body, compressed where it was. Headers are not counted. */
  bytes: number;
  /** When the request came in, by `performance.now()`. */
  at: number;
}

/** A network with a delay and a rate, shared by everything that is sent. */
export interface Link {
  /** Round trip in ms. */
  roundTrip: number;
  /** Bits per second. */
  rate: number;
}

/** What Lighthouse calls slow 4G. */
export const slow4G: Link = { roundTrip: 150, rate: 1.6e6 };

/** A folder that is being served. */
export interface Served extends AsyncDisposable {
  /** Address without a slash at the end. */
  base: string;
  /** Everything sent so far. Requests that nobody waits for any more may still be added late. */
  sent: Sent[];
  /** The network between server and browser; undefined for none. May be changed at any time. */
  link: Link | undefined;
  /** Resolves once no request has been under way for a moment. */
  quiet(): Promise<void>;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.xml': 'application/xml',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
};
/** A browser that has something to do with what it was sent asks for more within these ms. */
const moment = 400;
const compressible = /^(text|application\/(json|xml|manifest)|image\/svg)/;
const brotli = promisify(brotliCompress);

/** Size of a text as a host with compressed twins sends it: brotli at its highest quality. */
export async function compressedSize(content: string | Buffer): Promise<number> {
  return (await compress(Buffer.from(content))).length;
}

function compress(content: Buffer): Promise<Buffer> {
  return brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
}

/**
 * Serves a folder on a free port of this machine as a plain static host does: brotli for text, entity
 * tags, addresses that end in `/` or lack their `.html`. Keeps a record of what it sends. The slow
 * network is played here and not in the browser, because a browser's throttling passes over workers.
 */
export async function serveSite(folder: string): Promise<Served> {
  const bodies = new Map<string, Promise<{ body: Buffer; encoded: boolean }>>();
  const bodyOf = (file: string, type: string) => {
    const known = bodies.get(file);
    if (known) return known;
    const made = readFile(file).then(async (content) => {
      const encoded = compressible.test(type);
      return { body: encoded ? await compress(content) : content, encoded };
    });
    bodies.set(file, made);
    return made;
  };
  let busyUntil = 0;

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const at = performance.now();
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const { link } = served;
    if (link) await sleep(link.roundTrip);
    const file = await fileFor(folder, decodeURIComponent(pathname));
    if (!file) {
      response.writeHead(404).end();
      served.sent.push({ path: pathname, bytes: 0, at });
      return;
    }
    const type = types[path.extname(file)] ?? 'application/octet-stream';
    const { body, encoded } = await bodyOf(file, type);
    const { size, mtimeMs } = await stat(file);
    const tag = `"${size}-${Math.round(mtimeMs)}"`;
    const headers = {
      'content-type': type,
      etag: tag,
      // Pages are revalidated, everything else is kept for a while.
      'cache-control': type.startsWith('text/html') ? 'no-cache' : 'max-age=3600',
      ...(encoded && { 'content-encoding': 'br', vary: 'accept-encoding' }),
    };
    if (request.headers['if-none-match'] === tag) {
      response.writeHead(304, headers).end();
      served.sent.push({ path: pathname, bytes: 0, at });
      return;
    }
    response.writeHead(200, { ...headers, 'content-length': body.length });
    served.sent.push({ path: pathname, bytes: body.length, at });
    if (!link) {
      response.end(body);
      return;
    }
    const packet = 1460 * 4;
    for (let from = 0; from < body.length; from += packet) {
      const part = body.subarray(from, from + packet);
      const now = performance.now();
      busyUntil = Math.max(now, busyUntil) + (part.length * 8 * 1000) / link.rate;
      await sleep(busyUntil - now);
      response.write(part);
    }
    response.end();
  };

  let underWay = 0;
  let lastDone = performance.now();
  const server = createServer((request, response) => {
    underWay++;
    answer(request, response)
      .catch((error) => response.destroy(error))
      .finally(() => {
        underWay--;
        lastDone = performance.now();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const served: Served = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: [],
    link: undefined,
    async quiet() {
      const from = performance.now();
      while (underWay > 0 || performance.now() - Math.max(from, lastDone) < moment) await sleep(20);
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return served;
}

/** The file that a host answers an address with; undefined where there is none. */
async function fileFor(folder: string, address: string): Promise<string | undefined> {
  const at = path.join(folder, address);
  if (at !== folder && !at.startsWith(path.join(folder, path.sep))) return undefined;
  for (const file of [at, `${at}.html`, path.join(at, 'index.html')]) {
    if ((await stat(file).catch(() => undefined))?.isFile()) return file;
  }
  return undefined;
}
