import { gunzipSync } from 'node:zlib';
import * as pagefind from 'pagefind';
import type { SiteStep } from '../built-site/built-site.ts';
import { bundleDialog, bundleEngine } from './bundle.ts';
import type { Facets } from './lexicon.ts';
import { LexiconMaker } from './make-lexicon.ts';
import { pageForPagefind, readSearchPage, type SearchPage } from './page.ts';

export interface SearchOptions {
  /** What results can be narrowed by; values that only pages name are added to these. */
  facets?: Facets;
}

/**
 * Uncompressed entries that one chunk of the index holds. Pagefind's own is 20,000, and a reader would
 * fetch some 35 kB for each word that is asked; with this it is about 4 kB. The Node API has no option
 * for it, the binary reads it from the environment.
 */
const chunkSize = '2000';

/**
 * Step that indexes the built pages for full-text search, and writes `pagefind/`: the index, the lexicon
 * and the scripts that ask them. It knows the site only as files; see `readSearchPage` for what pages
 * say to it. Fails where Pagefind cannot index a page or write the index.
 */
export function searchIndex({ facets = {} }: SearchOptions = {}): SiteStep {
  return {
    name: 'search-index',
    async start(site) {
      process.env.PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE = chunkSize;
      const { index, errors } = await pagefind.createIndex({ forceLanguage: 'en' });
      if (!index) throw new Error(`the search index cannot be made: ${errors.join('; ')}`);
      const write = (file: string, content: string | Uint8Array) =>
        site.write(`pagefind/${file}`, content);
      for (const [file, script] of await bundleDialog()) await write(file, script);
      const lexicon = new LexiconMaker();
      let adding: ReturnType<typeof index.addHTMLFile> | undefined;
      return {
        page: ({ file, document }) => readSearchPage(file, document),
        async take(page: SearchPage | undefined) {
          if (!page) return;
          lexicon.add(page);
          // One after the other: the index must not depend on which page is ready first. Pagefind,
          // which is a process of its own, takes in a page while the next one is read.
          errors.push(...((await adding)?.errors ?? []));
          adding = index.addHTMLFile({ url: page.url, content: pageForPagefind(page) });
        },
        async end() {
          errors.push(...((await adding)?.errors ?? []));
          // Pagefind's own writing of the files may be cut short where the machine is busy.
          const written = await index.getFiles();
          errors.push(...written.errors);
          if (errors.length > 0) throw new Error(`the search index failed: ${errors.join('; ')}`);

          const files = new Map(written.files.map(({ path: file, content }) => [file, content]));
          const runtime = files.get('pagefind.js');
          if (!runtime) throw new Error('the search index came without its script');
          const ids = new Map<string, string>();
          for (const [file, content] of files) {
            if (!wanted.test(file)) continue;
            await write(file, content);
            const [, id] = /^fragment\/(.+)\.pf_fragment$/.exec(file) ?? [];
            if (id) ids.set(addressIn(content), id);
          }
          for (const [file, content] of lexicon.make(ids, facets)) await write(file, content);
          for (const [file, script] of await bundleEngine(new TextDecoder().decode(runtime))) {
            await write(file, script);
          }
        },
        async close() {
          // Where the build has failed, a page may be on its way still; nobody waits for it.
          await Promise.allSettled([adding]);
          // Its process would keep this one from ending.
          await pagefind.close();
        },
      };
    },
  };
}

/** Files that the engine reads. Pagefind also brings user interfaces, and an engine for other languages. */
const wanted = /^(pagefind-entry\.json|wasm\.en\.pagefind|.*\.pf_(meta|index|fragment))$/;

/** Address of the page that a fragment of the index is about. */
function addressIn(fragment: Uint8Array): string {
  const text = gunzipSync(fragment)
    .toString('utf8')
    .replace(/^pagefind_dcd/, '');
  return (JSON.parse(text) as { url: string }).url;
}
