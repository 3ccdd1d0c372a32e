import path from 'node:path';
import type { Plugin } from 'vite';
import { formatReport } from '../catalog/index.ts';
import { keptForBuild, loadSite } from './load.ts';
import { revision } from './revision.ts';

const id = 'virtual:site-data';
const resolved = `\0${id}`;

/**
 * Offers the checked catalog to components as a module, so that they read no files. While the site
 * is being written, a saved fact or page renews it.
 *
 * @param root folder that holds `content/`
 */
export function siteData(root: string): Plugin {
  const content = path.join(root, 'content') + path.sep;
  return {
    name: 'site-data',
    resolveId: (source) => (source === id ? resolved : undefined),
    async load(source) {
      if (source !== resolved) return undefined;
      const loaded = keptForBuild(root) ?? (await loadSite(root));
      if ('problems' in loaded) return this.error(formatReport(loaded.problems));
      // A parsed string is read faster than an object literal of this size.
      const json = (value: unknown) => `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
      return [
        `export const data = ${json(loaded.catalog)};`,
        `export const examples = ${json(loaded.examples)};`,
        `export const revision = ${json(revision(root))};`,
      ].join('\n');
    },
    configureServer(server) {
      server.watcher.add(content);
      server.watcher.on('all', async (_event, file) => {
        if (!path.resolve(file).startsWith(content)) return;
        for (const environment of Object.values(server.environments)) {
          const module = environment.moduleGraph.getModuleById(resolved);
          if (module) await environment.reloadModule(module);
        }
        server.ws.send({ type: 'full-reload' });
      });
    },
  };
}
