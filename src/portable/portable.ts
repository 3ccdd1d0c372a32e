import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { filesBelow } from '../files.ts';
import { fileOf, relativeAddress, type Site } from './addresses.ts';
import { bundleClassic } from './classic-scripts.ts';
import { rewriteCss } from './css.ts';
import { PortablePage } from './html.ts';
import { writeSearchFromDisk } from './search-from-disk.ts';

export interface PortableOptions {
  /** Path that the site was built for. Default `/`. */
  base?: string;
  /** Pages that a host serves at addresses of any depth. Default `404.html`. */
  anyDepth?: readonly string[];
  /** Files that a later step of the build writes; links may lead to them. */
  later?: readonly string[];
  /** Attributes that only earlier steps of the build needed; pages lose them. */
  dropAttributes?: RegExp;
  /** Address of the site with its base, where the plain links of such pages lead; Astro's `site`. */
  site?: string;
}

const findRoot = fileURLToPath(new URL('browser/find-root.ts', import.meta.url));

/**
 * Astro integration that makes a finished site open from anywhere: from disk, under any path, behind
 * any host. Runs after the search index is made; see README.md in this folder.
 */
export function portable(options: PortableOptions = {}): AstroIntegration {
  let site: string | undefined;
  return {
    name: 'portable',
    hooks: {
      'astro:config:done': ({ config }) => {
        site = config.site && new URL(options.base ?? '/', config.site).href;
      },
      'astro:build:done': async ({ dir, logger }) => {
        const defaults = site === undefined ? {} : { site };
        const { pages, scripts } = await makePortable(fileURLToPath(dir), {
          ...defaults,
          ...options,
        });
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
  {
    base = '/',
    anyDepth = ['404.html'],
    later = [],
    dropAttributes,
    site: address = base,
  }: PortableOptions = {},
): Promise<{ pages: number; scripts: number }> {
  const files = new Set(await filesBelow(directory));
  for (const file of later) files.add(file);
  const site: Site = { base, files };
  const read = (file: string) => readFile(path.join(directory, file), 'utf8');
  const write = (file: string, content: string) => writeFile(path.join(directory, file), content);

  // Pages that load the same scripts share one classic script.
  const bundles = new Map<string, Promise<string>>();
  const inputs = new Set<string>();
  const bundle = async (...wanted: Parameters<typeof bundleClassic>) => {
    const made = await bundleClassic(...wanted);
    for (const input of made.inputs) if (files.has(input)) inputs.add(input);
    return made.code;
  };
  const classicFor = (modules: readonly string[]): Promise<string> => {
    const key = modules.join('\n');
    const script =
      bundles.get(key) ??
      bundle(directory, modules).then(async (code) => {
        const hash = createHash('sha256').update(code).digest('base64url').slice(0, 8);
        const name = path.posix.join(path.posix.dirname(modules[0] ?? ''), `scripts.${hash}.js`);
        await write(name, code);
        files.add(name);
        return name;
      });
    bundles.set(key, script);
    return script;
  };

  const pages = [...files].filter((file) => file.endsWith('.html'));
  for (const file of pages) {
    const page = new PortablePage(await read(file));
    if (dropAttributes) page.dropAttributes(dropAttributes);
    const modules = page.moduleScripts().flatMap((script) => fileOf(script, site) ?? []);
    if (anyDepth.includes(file)) {
      // Nothing can be loaded from there by a relative address: the page brings everything itself.
      const inSite = (link: string) =>
        fileOf(link, site) === undefined ? link : address + link.slice(base.length);
      for (const link of page.stylesheets()) {
        const sheet = fileOf(link, site);
        if (sheet === undefined) continue;
        // A sheet's own addresses may be relative to it.
        const seenFromRoot = (inner: string) =>
          inSite(
            /^([a-z]+:|[/#])/i.test(inner) ? inner : path.posix.resolve('/', link, '..', inner),
          );
        page.embedStylesheet(link, rewriteCss(await read(sheet), 'stylesheet', seenFromRoot));
      }
      for (const link of page.icons()) {
        const icon = fileOf(link, site);
        if (icon?.endsWith('.svg')) page.embedIcon(link, await read(icon));
      }
      const define = { PAGE: JSON.stringify(file) };
      page.embedScript(await bundle(directory, [findRoot, ...modules], define));
      page.rewriteAddresses(inSite);
      page.setRoot(address);
    } else {
      if (modules.length > 0) page.replaceModuleScripts(base + (await classicFor(modules)));
      page.rewriteAddresses((link) => relativeAddress(file, link, site));
      page.setRoot('../'.repeat(file.split('/').length - 1) || './');
    }
    await write(file, page.toString());
  }

  for (const file of files) {
    if (!file.endsWith('.css')) continue;
    const css = await read(file);
    const rewritten = rewriteCss(css, 'stylesheet', (link) => relativeAddress(file, link, site));
    if (rewritten !== css) await write(file, rewritten);
  }

  // The modules that went into classic scripts are not loaded by anything any more.
  for (const input of inputs) await rm(path.join(directory, input));
  if (files.has('pagefind/pagefind-entry.json')) await writeSearchFromDisk(directory);
  return { pages: pages.length, scripts: bundles.size };
}
