import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SiteStep } from '../built-site/built-site.ts';
import { nameHash } from '../files.ts';
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
  /** Address of the site with its base, where the plain links of such pages lead. Default `base`. */
  site?: string;
}

/** Modules of a page: those that one classic script has, and those that are in the page itself. */
interface PageScripts {
  modules: string[];
  embedded: string[];
}

const findRoot = fileURLToPath(new URL('browser/find-root.ts', import.meta.url));

/**
 * Step that makes a site open from anywhere: from disk, under any path, behind any host. See README.md
 * in this folder.
 */
export function portable({
  base = '/',
  site: address = base,
  anyDepth = ['404.html'],
  later = [],
  dropAttributes,
}: PortableOptions = {}): SiteStep {
  return {
    name: 'portable',
    start(built) {
      const files = { has: (file: string) => built.files.has(file) || later.includes(file) };
      const site: Site = { base, files };
      // Pages that load the same scripts share one classic script.
      const bundles = new Map<string, Promise<{ name: string; inputs: string[] }>>();
      const classicFor = (modules: readonly string[]) => {
        const key = modules.join('\n');
        const script =
          bundles.get(key) ??
          bundleClassic(built.directory, modules).then(async ({ code, inputs }) => {
            const folder = path.posix.dirname(modules[0] ?? '');
            const name = path.posix.join(folder, `scripts.${nameHash(code)}.js`);
            await built.write(name, code);
            return { name, inputs };
          });
        bundles.set(key, script);
        return script;
      };

      /**
       * Makes a page bring everything itself: nothing can be loaded by a relative address.
       *
       * @returns the modules that went into it
       */
      const embed = async (file: string, page: PortablePage, modules: readonly string[]) => {
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
          page.embedStylesheet(
            link,
            rewriteCss(await built.read(sheet), 'stylesheet', seenFromRoot),
          );
        }
        for (const link of page.icons()) {
          const icon = fileOf(link, site);
          if (icon?.endsWith('.svg')) page.embedIcon(link, await built.read(icon));
        }
        const { code, inputs } = await bundleClassic(built.directory, [findRoot, ...modules], {
          PAGE: JSON.stringify(file),
        });
        page.embedScript(code);
        page.rewriteAddresses(inSite);
        page.setRoot(address);
        return inputs;
      };

      const bundled = new Set<string>();
      return {
        async page(builtPage) {
          const { file, document } = builtPage;
          const page = new PortablePage(document);
          if (dropAttributes) page.dropAttributes(dropAttributes);
          const modules = page.moduleScripts().flatMap((script) => fileOf(script, site) ?? []);
          builtPage.changed = true;
          if (anyDepth.includes(file)) {
            return { modules: [], embedded: await embed(file, page, modules) };
          }
          if (modules.length > 0) {
            page.replaceModuleScripts(base + (await classicFor(modules)).name);
          }
          page.rewriteAddresses((link) => relativeAddress(file, link, site));
          page.setRoot('../'.repeat(file.split('/').length - 1) || './');
          return { modules, embedded: [] };
        },
        async take({ modules, embedded }: PageScripts) {
          const inputs = modules.length > 0 ? (await classicFor(modules)).inputs : embedded;
          for (const input of inputs) if (built.files.has(input)) bundled.add(input);
        },
        async end() {
          for (const file of built.files) {
            if (!file.endsWith('.css')) continue;
            const css = await built.read(file);
            const rewritten = rewriteCss(css, 'stylesheet', (link) =>
              relativeAddress(file, link, site),
            );
            if (rewritten !== css) await built.write(file, rewritten);
          }
          // The modules that went into classic scripts are not loaded by anything any more.
          for (const input of bundled) await built.remove(input);
          if (built.files.has('pagefind/pagefind-entry.json')) {
            await writeSearchFromDisk(built);
          }
        },
      };
    },
  };
}
