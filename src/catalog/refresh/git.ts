import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file in a repository's newest commit. */
export interface Blob {
  path: string;
  oid: string;
}

/** Reads the newest commit of a bare clone through git. Nothing is written to it. */
export class Repository {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  private async git(...args: string[]): Promise<string> {
    const { stdout } = await run('git', ['-C', this.directory, ...args], {
      maxBuffer: 256 * 1024 * 1024,
    });
    return stdout;
  }

  /** The newest commit and its day. */
  async head(): Promise<{ commit: string; committed: string }> {
    const [commit = '', committed = ''] = (await this.git('log', '-1', '--format=%H %cs'))
      .trim()
      .split(' ');
    return { commit, committed };
  }

  /** Names of all tags, each with the day on which it was made. */
  async tags(): Promise<{ tag: string; date: string }[]> {
    const list = await this.git(
      'for-each-ref',
      '--format=%(refname:short) %(creatordate:short)',
      'refs/tags',
    );
    return list
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [tag = '', date = ''] = line.split(' ');
        return { tag, date };
      });
  }

  /** All files of the newest commit, without submodules and links. */
  async files(): Promise<Blob[]> {
    const list = await this.git('ls-tree', '-r', '-z', 'HEAD');
    return list
      .split('\0')
      .map((line) => /^100\d{3} blob ([0-9a-f]+)\t(.*)$/s.exec(line))
      .filter((match) => match !== null)
      .map(([, oid = '', path = '']) => ({ path, oid }));
  }

  /** A file at a tag or commit, as text; undefined where it is not there. */
  async show(revision: string, path: string): Promise<string | undefined> {
    return this.git('show', `${revision}:${path}`).catch(() => undefined);
  }

  /** Contents of many files, in the order asked for. */
  async read(blobs: readonly Blob[]): Promise<Buffer[]> {
    const child = spawn('git', ['-C', this.directory, 'cat-file', '--batch'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end(blobs.map(({ oid }) => `${oid}\n`).join(''));
    const chunks: Buffer[] = [];
    for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
    const all = Buffer.concat(chunks);

    // Each object comes as '<oid> blob <size>\n<bytes>\n'.
    let at = 0;
    return blobs.map(() => {
      const end = all.indexOf('\n', at);
      const size = Number(all.toString('latin1', at, end).split(' ')[2]);
      const bytes = all.subarray(end + 1, end + 1 + size);
      at = end + 1 + size + 1;
      return bytes;
    });
  }
}
