import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import * as pagefind from 'pagefind';

/**
 * Astro integration that indexes the built pages for full-text search. It knows the site only as
 * files, and reads what `data-pagefind-body` encloses.
 */
export function searchIndex(): AstroIntegration {
  return {
    name: 'search-index',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const root = fileURLToPath(dir);
        const { index, errors } = await pagefind.createIndex({ keepIndexUrl: true });
        if (!index) throw new Error(`the search index cannot be made: ${errors.join('; ')}`);
        const added = await index.addDirectory({ path: root });
        const written = await index.writeFiles({ outputPath: `${root}/pagefind` });
        await pagefind.close();
        const failures = [...added.errors, ...written.errors];
        if (failures.length > 0) throw new Error(`the search index failed: ${failures.join('; ')}`);
        logger.info(`${added.page_count} pages indexed`);
      },
    },
  };
}
