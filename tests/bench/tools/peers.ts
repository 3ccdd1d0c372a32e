import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import project from '../../../package.json' with { type: 'json' };
import type { MarkdownPage } from '../content/export.ts';
import { run } from '../lib/process.ts';
import type { Peer } from './tool.ts';

const title = 'Rust at CNCF';

/** The version that this project itself uses: what is compared is not two versions of one thing. */
const { dependencies: own } = project;

/**
 * Astro Starlight as its documentation sets it up, on the versions of this project: its own navigation,
 * highlighting and search.
 */
export const starlight: Peer = {
  id: 'starlight',
  name: 'Starlight',
  packages: {
    astro: own.astro,
    '@astrojs/starlight': own['@astrojs/starlight'],
    pagefind: own.pagefind,
  },
  install: (folder) => installFromNpm(folder, starlight.packages),
  command: () => [process.execPath, 'node_modules/astro/bin/astro.mjs', 'build'],
  output: 'dist',
  caches: ['dist', '.astro', 'node_modules/.astro', 'node_modules/.vite', 'node_modules/.cache'],
  docs: 'src/content/docs',
  source: (id) => `src/content/docs/${id}.md`,
  address: (id) => (id === 'index' ? '/' : `/${id.replace(/\/index$/, '')}/`),
  configuration: () => ({
    'astro.config.mjs': `
      import starlight from '@astrojs/starlight';
      import { defineConfig } from 'astro/config';
      export default defineConfig({
        site: 'https://example.org',
        integrations: [starlight({ title: '${title}' })],
      });`,
    'src/content.config.ts': `
      import { defineCollection } from 'astro:content';
      import { docsLoader } from '@astrojs/starlight/loaders';
      import { docsSchema } from '@astrojs/starlight/schema';
      export const collections = {
        docs: defineCollection({ loader: docsLoader(), schema: docsSchema() }),
      };`,
  }),
  page: (page) => frontmatter(page) + linked(page, (id) => starlight.address(id)),
};

/** VitePress with its default theme and local search. Its navigation is written out, as sites do. */
export const vitepress: Peer = {
  id: 'vitepress',
  name: 'VitePress',
  packages: { vitepress: '1.6.4' },
  install: (folder) => installFromNpm(folder, vitepress.packages),
  command: () => [process.execPath, 'node_modules/vitepress/bin/vitepress.js', 'build', 'docs'],
  output: 'docs/.vitepress/dist',
  caches: ['docs/.vitepress/dist', 'docs/.vitepress/cache', 'docs/.vitepress/.temp'],
  docs: 'docs',
  source: (id) => `docs/${id}.md`,
  address: (id) =>
    id === 'index' ? '/' : `/${id.replace(/index$/, '')}${/index$/.test(id) ? '' : '.html'}`,
  configuration: (pages) => ({
    'docs/.vitepress/config.mjs': `export default ${JSON.stringify({
      title,
      ignoreDeadLinks: true,
      themeConfig: {
        search: { provider: 'local' },
        sidebar: bySection(pages).map(([section, inside]) => ({
          text: section,
          collapsed: false,
          items: inside.map(({ id, title }) => ({ text: title, link: `/${id}` })),
        })),
      },
    })};`,
  }),
  page: (page) => `${frontmatter(page)}# ${page.title}\n\n${linkedToFiles(page)}`,
};

/** Docusaurus' classic preset with its faster bundler, and the local search that most sites add. */
export const docusaurus: Peer = {
  id: 'docusaurus',
  name: 'Docusaurus',
  packages: {
    '@docusaurus/core': '3.10.2',
    '@docusaurus/faster': '3.10.2',
    '@docusaurus/preset-classic': '3.10.2',
    '@easyops-cn/docusaurus-search-local': '0.55.3',
    react: '19.3.1',
    'react-dom': '19.3.1',
  },
  install: (folder) => installFromNpm(folder, docusaurus.packages),
  command: () => [process.execPath, 'node_modules/@docusaurus/core/bin/docusaurus.mjs', 'build'],
  output: 'build',
  caches: ['build', '.docusaurus', 'node_modules/.cache'],
  docs: 'docs',
  source: (id) => `docs/${id}.md`,
  address: (id) => (id === 'index' ? '/' : `/${id.replace(/index$/, '')}`),
  configuration: () => ({
    'docusaurus.config.mjs': `export default ${JSON.stringify({
      title,
      url: 'https://example.org',
      baseUrl: '/',
      onBrokenLinks: 'ignore',
      onBrokenAnchors: 'ignore',
      future: { v4: true, faster: true },
      markdown: { format: 'detect', hooks: { onBrokenMarkdownLinks: 'ignore' } },
      presets: [['classic', { docs: { routeBasePath: '/' }, blog: false }]],
      themes: [
        ['@easyops-cn/docusaurus-search-local', { docsRouteBasePath: '/', indexBlog: false }],
      ],
    })};`,
  }),
  page: (page) => frontmatter(page) + linkedToFiles(page),
};

/** Material for MkDocs with highlighting and its own search. */
export const mkdocs: Peer = {
  id: 'mkdocs',
  name: 'MkDocs Material',
  packages: { mkdocs: '1.6.1', 'mkdocs-material': '9.8.2' },
  install: async (folder) => {
    await run(['python3', '-m', 'venv', 'venv'], folder);
    const wanted = Object.entries(mkdocs.packages).map(([name, version]) => `${name}==${version}`);
    await run(['venv/bin/pip', 'install', '--quiet', ...wanted], folder);
  },
  command: () => ['venv/bin/mkdocs', 'build', '--quiet'],
  output: 'site',
  caches: ['site', '.cache'],
  docs: 'docs',
  source: (id) => `docs/${id}.md`,
  address: (id) => (id === 'index' ? '/' : `/${id.replace(/\/index$/, '')}/`),
  configuration: () => ({
    'mkdocs.yml': `
site_name: ${title}
site_url: https://example.org
theme: { name: material }
plugins: [search]
markdown_extensions: [tables, attr_list, pymdownx.highlight, pymdownx.inlinehilite, pymdownx.superfences]
validation: { links: { anchors: ignore, not_found: ignore, unrecognized_links: ignore } }
`,
  }),
  page: (page) => `${frontmatter(page)}# ${page.title}\n\n${linkedToFiles(page)}`,
};

/** mdBook with its default theme and search. */
export const mdbook: Peer = {
  id: 'mdbook',
  name: 'mdBook',
  packages: { mdbook: '0.5.4' },
  install: async (folder) => {
    const version = mdbook.packages.mdbook ?? '';
    await run(
      ['cargo', 'install', 'mdbook', '--version', version, '--locked', '--root', '.'],
      folder,
    );
  },
  command: () => ['bin/mdbook', 'build'],
  output: 'book',
  caches: ['book'],
  docs: 'src',
  source: (id) => `src/${id}.md`,
  address: (id) => (id === 'index' ? '/' : `/${id}.html`),
  configuration: (pages) => ({
    'book.toml': `[book]\ntitle = "${title}"\n`,
    'src/SUMMARY.md': bySection(pages)
      .map(([section, inside]) => {
        const items = inside.map(({ id, title }) => `- [${title}](${id}.md)\n`);
        return `# ${section}\n\n${items.join('')}`;
      })
      .join('\n'),
  }),
  page: (page) => `# ${page.title}\n\n${linkedToFiles(page)}`,
};

export const peers: readonly Peer[] = [starlight, vitepress, docusaurus, mkdocs, mdbook];

async function installFromNpm(folder: string, packages: Record<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  const manifest = { private: true, dependencies: packages };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  // Without install scripts: the peers' packages bring their binaries for this platform.
  await run(['npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts'], folder);
}

function frontmatter({ title, description }: MarkdownPage): string {
  return `---\ntitle: ${JSON.stringify(title)}\ndescription: ${JSON.stringify(description)}\n---\n\n`;
}

/** The body with each link between pages written as a generator wants it. */
function linked({ body }: MarkdownPage, address: (id: string) => string): string {
  return body.replace(
    /\]\(\/([\w/-]+)\.md(#[^)]*)?\)/g,
    (_link, id: string, anchor = '') => `](${address(id)}${anchor})`,
  );
}

/** The body with links from file to file. */
function linkedToFiles(page: MarkdownPage): string {
  const from = path.posix.dirname(page.id);
  return linked(page, (id) => `${path.posix.relative(from, id)}.md`);
}

/** Pages by their first folder, the home page first. */
function bySection(pages: readonly MarkdownPage[]): [string, MarkdownPage[]][] {
  const sections = Map.groupBy(pages, ({ id }) =>
    id.includes('/') ? (id.split('/')[0] ?? '') : '',
  );
  return [...sections]
    .map(([section, inside]): [string, MarkdownPage[]] => [
      section === '' ? 'Start' : section.replace(/^./, (letter) => letter.toUpperCase()),
      inside,
    ])
    .sort(([a], [b]) => Number(b === 'Start') - Number(a === 'Start'));
}
