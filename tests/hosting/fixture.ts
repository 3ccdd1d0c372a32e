import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageSite } from '../../src/hosting/package.ts';
import { contentSecurityPolicy } from '../../src/policy/directives.ts';

const templates = fileURLToPath(new URL('../../hosting', import.meta.url));

const policy = `<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy({ scripts: [], styles: [] })}">`;

/** Long enough that compressing it pays. */
const page = (title: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8">${policy}<title>${title}</title></head><body><p>${'A page of prose. '.repeat(40)}</p></body></html>\n`;

/** A small site with a file of every kind that hosts treat differently. */
export const files: Record<string, string | Uint8Array> = {
  'index.html': page('Home'),
  'libraries.html': page('Libraries'),
  'libraries/raft-rs.html': page('raft-rs'),
  '404.html': page('Not found'),
  'sw.js': `${'self.skipWaiting();'.repeat(20)}\n`,
  'site.webmanifest': `${JSON.stringify({ name: 'A site', description: 'x'.repeat(200) })}\n`,
  'sitemap.xml': `<urlset>${'<url/>'.repeat(40)}</urlset>\n`,
  'favicon.svg': `<svg xmlns="http://www.w3.org/2000/svg">${'<g/>'.repeat(40)}</svg>\n`,
  'llms.md': `${'# A page\n'.repeat(40)}`,
  '_astro/index.DVxxuf-V.css': `${'p { margin: 0 }\n'.repeat(40)}`,
  '_astro/scripts.gfA0p-qB.js': `${'void 0;\n'.repeat(40)}`,
  'pagefind/pagefind.js': `${'void 0;\n'.repeat(40)}`,
  'pagefind/pagefind-entry.json': `${JSON.stringify({ version: 'x'.repeat(100) })}\n`,
  'pagefind/wasm.en.pagefind': Uint8Array.of(0x1f, 0x8b, 1, 2, 3),
  'pagefind/pagefind.en_2eab92c649.pf_meta': Uint8Array.of(0x1f, 0x8b, 4),
  'pagefind/fragment/en_149a2d4.pf_fragment': Uint8Array.of(0x1f, 0x8b, 5),
  'pagefind/index/en_54847ba.pf_index': Uint8Array.of(0x1f, 0x8b, 6),
  'rust-at-cncf.zip': Uint8Array.of(0x50, 0x4b, 3, 4),
  '.git/config': 'secret\n',
  'libraries/.env': 'secret\n',
};

/** A project in a folder of its own: the site above in `dist`, the real templates in `hosting`. */
export class PackagedSite implements AsyncDisposable {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** Writes the site, and packages it. */
  static async create(): Promise<PackagedSite> {
    const root = await mkdtemp(path.join(tmpdir(), 'hosted-'));
    // A server that root started reads it as somebody else.
    await chmod(root, 0o755);
    await cp(templates, path.join(root, 'hosting'), { recursive: true });
    const site = new PackagedSite(root);
    for (const [file, content] of Object.entries(files)) await site.write(file, content);
    await packageSite(root);
    return site;
  }

  get dist(): string {
    return path.join(this.root, 'dist');
  }

  /** A file that `npm run package` made for servers. */
  configuration(name: string): string {
    return path.join(this.root, 'dist-hosting', name);
  }

  async write(file: string, content: string | Uint8Array): Promise<void> {
    const target = path.join(this.dist, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}
