import { fileURLToPath } from 'node:url';
import { satteri } from '@astrojs/markdown-satteri';
import mdx from '@astrojs/mdx';
import sitemap from '@astrojs/sitemap';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import { keyedPages } from './src/build/keyed-pages.ts';
import { licences } from './src/build/licences.ts';
import { nextView } from './src/build/next-view.ts';
import { siteData } from './src/build/site-data.ts';
import { fences, tables } from './src/markdown/plugins.ts';
import { withoutWorker } from './src/portable/offline.ts';
import { site } from './src/site.ts';
import { shippedPackages } from './src/supply-chain/shipped.ts';

const root = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  site: site.url,
  // One address a page, `/libraries/raft-rs.html`, which a disk can open too.
  build: { format: 'file', inlineStylesheets: 'never' },
  trailingSlash: 'never',
  // Safari fetches what it is told to, which it refuses to do from disk, and says so on the console.
  prefetch: false,
  // Pages that are as they were are taken from the last build.
  experimental: { incrementalBuild: true },
  markdown: {
    // Highlighting by classes instead of styles; see src/markdown.
    syntaxHighlight: false,
    processor: satteri({ hastPlugins: [fences, tables] }),
  },
  integrations: [
    starlight({
      title: site.title,
      description: site.description,
      customCss: ['theme', 'frame', 'text', 'content', 'chrome', 'offline'].map(
        (name) => `./src/styles/${name}.css`,
      ),
      expressiveCode: false,
      // src/navigation makes it. Starlight would copy a list of all pages for every page.
      sidebar: [],
      // The index is made by a finishing step, with options that Starlight does not pass on.
      pagefind: false,
      credits: false,
      // Ours is a page like any other: content/docs/404.mdx.
      disable404Route: true,
      favicon: '/favicon.svg',
      // The page that the pointer announces is made ready; see also src/components/next-view.ts.
      head: [
        // The address can hold what a reader searches for; requests from the page would tell it.
        { tag: 'meta', attrs: { name: 'referrer', content: 'no-referrer' } },
        { tag: 'script', attrs: { type: 'speculationrules' }, content: JSON.stringify(nextView) },
        {
          tag: 'link',
          attrs: {
            rel: 'alternate',
            type: 'application/atom+xml',
            title: `${site.title}: what happened`,
            href: `${site.url}/feed.xml`,
          },
        },
      ],
      routeMiddleware: './src/navigation/route.ts',
      components: {
        ContentPanel: './src/overrides/ContentPanel.astro',
        Footer: './src/overrides/Footer.astro',
        Header: './src/overrides/Header.astro',
        MarkdownContent: './src/overrides/MarkdownContent.astro',
        PageFrame: './src/overrides/PageFrame.astro',
        PageSidebar: './src/overrides/PageSidebar.astro',
        PageTitle: './src/overrides/PageTitle.astro',
        Search: './src/overrides/Search.astro',
        Sidebar: './src/overrides/Sidebar.astro',
        SiteTitle: './src/overrides/SiteTitle.astro',
        SkipLink: './src/overrides/SkipLink.astro',
        ThemeProvider: './src/overrides/ThemeProvider.astro',
        ThemeSelect: './src/overrides/ThemeSelect.astro',
        TwoColumnContent: './src/overrides/TwoColumnContent.astro',
      },
    }),
    // What has no component in it is one string for the bundler, not a tree: sooner built, and in less memory.
    mdx({ optimize: true }),
    // Astro lists pages without `.html`; a page has one address.
    sitemap({
      namespaces: { news: false, xhtml: false, image: false, video: false },
      serialize: (item) => ({
        ...item,
        url: item.url.endsWith('/') ? `${item.url}index.html` : `${item.url}.html`,
      }),
    }),
    shippedPackages({ root, also: ['pagefind'], own: licences }),
    withoutWorker(),
    // What else happens to the built files: src/build/finish.ts.
  ],
  vite: {
    plugins: [keyedPages(), siteData(root)],
    build: {
      // Every script is a file, so that a page loads one script, and a policy has few to name.
      assetsInlineLimit: 0,
      rolldownOptions: {
        // Astro's own marker for MDX, which it has read by then; reported once a page otherwise.
        onwarn: (warning, report) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || report(warning),
      },
    },
  },
});
