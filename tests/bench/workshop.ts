import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exportPages, type MarkdownPage } from './content/export.ts';
import { generatePages } from './content/generate.ts';
import { type Run, run } from './lib/process.ts';
import { ours, projectFiles, writeProject } from './tools/ours.ts';
import { peers } from './tools/peers.ts';
import { type Tool, writePages } from './tools/tool.ts';

/** How many pages a site has: the story as it is, or as many as are generated. */
export type Size = 'story' | number;

/** What was asked for on the command line. */
export interface Options {
  /** How often each thing is measured. */
  runs: number;
  /** Sizes to measure; each part has its own where none are given. */
  sizes: Size[] | undefined;
  /** How many queries each state of the search is asked. */
  queries: number;
  /** Ids of the peers to compare with. */
  peers: string[];
}

/**
 * The folder, outside the project, in which this site and its peers are built. It is kept from run to
 * run; what is in it is made again when what it was made from has changed.
 */
export class Workshop {
  readonly root: string;
  readonly folder: string;
  readonly options: Options;
  /** Tools that could not be installed, with the reason. */
  readonly missing = new Map<string, string>();
  private readonly exported = new Map<Size, Promise<MarkdownPage[]>>();

  /**
   * @param root folder of the project
   * @param folder where to build
   */
  constructor(root: string, folder: string, options: Options) {
    this.root = root;
    this.folder = folder;
    this.options = options;
  }

  /** This site first, then the peers that were asked for and can be had here. */
  async tools(only?: (tool: Tool) => boolean): Promise<Tool[]> {
    const found: Tool[] = [];
    for (const tool of [ours, ...peers.filter(({ id }) => this.options.peers.includes(id))]) {
      if (only && tool !== ours && !only(tool)) continue;
      try {
        await this.install(tool);
        found.push(tool);
      } catch (error) {
        if (tool === ours) throw error;
        this.missing.set(tool.name, String(error).split('\n').slice(-3).join(' '));
        console.error(`${tool.name} is left out: it cannot be installed.\n${error}`);
      }
    }
    return found;
  }

  /** Where a tool is installed. */
  place(tool: Tool): string {
    return path.join(this.folder, 'tools', tool.id);
  }

  private async install(tool: Tool): Promise<void> {
    const folder = this.place(tool);
    const stamp = `${folder}.installed`;
    const wanted =
      tool === ours
        ? await readFile(path.join(this.root, 'package-lock.json'), 'utf8')
        : JSON.stringify(tool.packages);
    if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return;
    console.error(`Installing ${tool.name} …`);
    await rm(stamp, { force: true });
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await tool.install(folder);
    await writeFile(stamp, wanted);
  }

  /** Puts a site of a size into a tool's folder, ready to be built. */
  async write(tool: Tool, size: Size): Promise<void> {
    if (tool === ours) {
      const added = size === 'story' ? new Map() : await generatePages(this.root, size);
      await writeProject(this.root, this.place(tool), added);
      return;
    }
    const peer = peers.find(({ id }) => id === tool.id);
    if (peer) await writePages(peer, this.place(tool), await this.pages(size));
  }

  /** Deletes every cache of a tool and what it built. */
  async clean(tool: Tool): Promise<void> {
    for (const cache of [tool.output, ...tool.caches]) {
      await rm(path.join(this.place(tool), cache), { recursive: true, force: true });
    }
  }

  /** Builds what `write` put there. */
  async build(tool: Tool): Promise<Run> {
    return run(tool.command(this.place(tool)), this.place(tool));
  }

  /** The prose of a size as Markdown, out of this site's own build of it. */
  pages(size: Size): Promise<MarkdownPage[]> {
    const known = this.exported.get(size);
    if (known) return known;
    const pages = this.built(ours, size).then(exportPages);
    this.exported.set(size, pages);
    return pages;
  }

  /** The folder of a built site; builds it where that was not done before from the same content. */
  async built(tool: Tool, size: Size): Promise<string> {
    const key = await this.key(tool, size);
    const built = path.join(this.folder, 'built', `${tool.id}-${size}`);
    const stamp = `${built}.key`;
    if ((await readFile(stamp, 'utf8').catch(() => '')) === key) return built;
    console.error(`Building ${tool.name}, ${size === 'story' ? 'the story' : `${size} pages`} …`);
    await this.install(tool);
    await this.write(tool, size);
    await this.clean(tool);
    await this.build(tool);
    await rm(built, { recursive: true, force: true });
    await cp(path.join(this.place(tool), tool.output), built, { recursive: true });
    await writeFile(stamp, key);
    return built;
  }

  /** Those of the tools that can build a size; says which cannot. */
  async able(tools: readonly Tool[], size: Size): Promise<Tool[]> {
    const found: Tool[] = [];
    for (const tool of tools) {
      try {
        await this.built(tool, size);
        found.push(tool);
      } catch (error) {
        if (tool === ours) throw error;
        console.error(`${tool.name} cannot build ${sizeName(size)}.\n${error}`);
      }
    }
    return found;
  }

  /** Changes whenever a tool would build something else. */
  private async key(tool: Tool, size: Size): Promise<string> {
    const hash = createHash('sha256').update(`${size} ${JSON.stringify(tool.packages)}`);
    if (tool === ours) {
      for (const file of await projectFiles(this.root)) {
        // Neither tests nor figures of earlier parts change what is measured.
        if (/^(tests|content\/measurements)\//.test(file)) continue;
        hash.update(file).update(await readFile(path.join(this.root, file)));
      }
    } else {
      const peer = peers.find(({ id }) => id === tool.id);
      for (const page of await this.pages(size)) hash.update(peer?.page(page) ?? '');
    }
    return hash.digest('hex');
  }
}

/** A size as tables call it. */
export function sizeName(size: Size): string {
  return size === 'story' ? 'the story' : `${size.toLocaleString('en')} pages`;
}
