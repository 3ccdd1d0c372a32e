import { defineCollection } from 'astro:content';
import { docsSchema, i18nSchema } from '@astrojs/starlight/schema';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';

/** The prose. Facts have a contract of their own, in src/catalog. */
export const collections = {
  docs: defineCollection({
    // Nothing asks for a page's source as text, which would be bundled once more for all pages.
    loader: glob({ base: './content/docs', pattern: '**/*.mdx', retainBody: false }),
    schema: docsSchema({
      extend: z.object({
        /** Why the page gets by with fewer than eight sources. */
        fewSources: z.string().optional(),
        /**
         * What the index of a book would say of a section, by the id of its heading, `_top` for the
         * page: `slowloris`, `slow client`. Search finds it; nobody sees it.
         */
        aliases: z.record(z.string(), z.array(z.string())).optional(),
      }),
    }),
  }),
  /** Words of the theme that read better otherwise. Starlight warns where the collection is empty. */
  i18n: defineCollection({
    loader: () => [{ id: 'en', 'tableOfContents.overview': 'Top of the page' }],
    schema: i18nSchema(),
  }),
};
