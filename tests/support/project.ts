import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const good = fileURLToPath(new URL('../catalog/fixtures/good', import.meta.url));

/** A copy of the small sound project, in a folder of its own. */
export class TestProject implements AsyncDisposable {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static async create(): Promise<TestProject> {
    const root = await mkdtemp(path.join(tmpdir(), 'rust-at-cncf-'));
    await cp(good, root, { recursive: true });
    return new TestProject(root);
  }

  /** Writes a file, or removes it where there is no content. */
  async write(file: string, content: string | Uint8Array | undefined): Promise<void> {
    const target = path.join(this.root, file);
    if (content === undefined) return rm(target);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}
