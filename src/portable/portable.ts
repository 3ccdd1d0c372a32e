import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { filesBelow } from '../files.ts';
import { relativeAddress, type Site } from './addresses.ts';
import { bundleClassic } from './classic-scripts.ts';
import { rewriteCss } from './css.ts';
import { PortablePage } from './html.ts';
import { writeSearchFromDisk } from './search-from-disk.ts';

export interface PortableOptions {
  /** Path that the site was built for. Default `/`. */
  base?: string;
  /** Pages that are served at addresses of any depth, and so keep addresses from the root. Default `404.html`. */
  anyDepth?: readonly string[];
  /** Files that a later step of the build writes; links may lead to them. */
  later?: readonly string[];
}

/**
 * Astro integration that makes a finished site open from anywhere: from disk, under any path, behind
 * any host. Runs after the search index is made; see README.md in this folder.
 */
export function portable(options: PortableOptions = {}): AstroIntegration {
  return {
    name: 'portable',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const { pages, scripts } = await makePortable(fileURLToPath(dir), options);
        logger.info(`${pages} pages made portable, ${scripts} scripts made classic`);
      },
    },
  };
}

/**
 * Rewrites a built site in place.
 *
 * @param directory folder of the site
 * @returns how many pages were rewritten, and how many classic scripts were made
 */
export async function makePortable(
  directory: string,
  { base = '/', anyDepth = ['404.html'], later = [] }: PortableOptions = {},
): Promise<{ pages: number; scripts: number }> {
  const files = new Set(await filesBelow(directory));
  for (const file of later) files.add(file);
  const site: Site = { base, files };
  const read = (file: string) => readFile(path.join(directory, file), 'utf8');
  const write = (file: string, content: string) => writeFile(path.join(directory, file), content);

  // Pages that load the same scripts share one classic script.
  const bundles = new Map<string, ReturnType<typeof bundleClassic>>();
  const classicFor = (modules: readonly string[]) => {
    const key = modules.join('\n');
    const folder = path.posix.dirname(modules[0] ?? '');
    const bundle = bundles.get(key) ?? bundleClassic(directory, modules, folder);
    bundles.set(key, bundle);
    return bundle;
  };

  const pages = [...files].filter((file) => file.endsWith('.html'));
  for (const file of pages) {
    const page = new PortablePage(await read(file));
    const modules = page.moduleScripts().flatMap((address) => inside(address, base, files) ?? []);
    if (modules.length > 0) {
      const { script } = await classicFor(modules);
      files.add(script);
      page.replaceModuleScripts(base + script);
    }
    if (!anyDepth.includes(file)) {
      page.setRoot('../'.repeat(file.split('/').length - 1) || './');
      page.rewriteAddresses((address) => relativeAddress(file, address, site));
    }
    await write(file, page.toString());
  }

  for (const file of files) {
    if (!file.endsWith('.css')) continue;
    const css = await read(file);
    const rewritten = rewriteCss(css, 'stylesheet', (address) =>
      relativeAddress(file, address, site),
    );
    if (rewritten !== css) await write(file, rewritten);
  }

  // The modules that went into classic scripts are not loaded by anything any more.
  const made = await Promise.all(bundles.values());
  for (const input of new Set(made.flatMap(({ inputs }) => inputs))) {
    await rm(path.join(directory, input));
  }
  if (files.has('pagefind/pagefind-entry.json')) await writeSearchFromDisk(directory);
  return { pages: pages.length, scripts: made.length };
}

/** The file of a script that belongs to the site. */
function inside(address: string, base: string, files: ReadonlySet<string>): string[] | undefined {
  const file = address.startsWith(base) ? address.slice(base.length) : undefined;
  return file !== undefined && files.has(file) ? [file] : undefined;
}
