import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** A server of a folder, whose answers a test may change while it runs. */
export interface FolderServer extends AsyncDisposable {
  /** Address of the folder, with a slash at the end. */
  readonly base: string;
  /** What is served; another folder is like another version that was published. */
  folder: string;
  /** Paths that were asked for, below the base. */
  readonly requests: string[];
  /** Answers in the place of the file, or lets the request wait for ever, or drops it. */
  instead: (file: string) => { type: string; body: string } | 'wait' | 'drop' | undefined;
}

/** Serves a folder below a path, as a host that puts the site there would, with headers of its own. */
export async function serveFolder(
  served: string,
  prefix: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<FolderServer> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const { folder } = self;
    const below = decodeURIComponent(pathname.slice(prefix.length));
    self.requests.push(below);
    const instead = self.instead(below);
    if (instead === 'wait') return;
    if (instead === 'drop') {
      request.socket.destroy();
      return;
    }
    if (instead) {
      response.writeHead(200, { 'content-type': instead.type }).end(instead.body);
      return;
    }
    const file = path.join(folder, below);
    const found =
      pathname.startsWith(prefix) && (await stat(file).catch(() => undefined))?.isFile();
    response.writeHead(found ? 200 : 404, {
      ...headers,
      'content-type': found
        ? (types[path.extname(file)] ?? 'application/octet-stream')
        : 'text/html; charset=utf-8',
    });
    if (found) createReadStream(file).pipe(response);
    else response.end(await readFile(path.join(folder, '404.html')).catch(() => ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const self: FolderServer = {
    base: `http://127.0.0.1:${port}${prefix}`,
    folder: served,
    requests: [],
    instead: () => undefined,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return self;
}
