import type { DefaultTreeAdapterTypes } from 'parse5';
import { describe, expect, inject, test } from 'vitest';
import { takeSteps } from '../../src/built-site/built-site.ts';
import { Catalog, loadCatalog } from '../../src/catalog/index.ts';
import { looseRust } from '../../src/examples/loose-rust.ts';
import { siteCheck } from '../../src/site-check/check-site.ts';
import {
  attribute,
  byClass,
  byTag,
  type Element,
  readPages,
  sectionsOf,
  textOf,
} from '../support/dom.ts';
import { Validator } from './html-validator.ts';

const dist = inject('dist');
const pages = await readPages(dist);
const loaded = await loadCatalog(process.cwd());
if ('problems' in loaded) throw new Error('the catalog has problems');
const catalog = new Catalog(loaded.catalog);

/** The sections of a page by its kind, in order. */
const anatomy = {
  projects: [
    'What it is, and where the Rust is',
    'Why Rust',
    'A request’s journey',
    'Techniques worth stealing',
    'Given back',
    'Builds on',
    'Try it',
    'History',
    'Related',
    'Sources',
  ],
  libraries: [
    'What it is for',
    'Start',
    'How it thinks',
    'Recipes',
    'What goes wrong',
    'API map',
    'In production',
    'History',
    'Related',
    'Sources',
  ],
  concepts: [
    'The idea',
    'How it works',
    'Where you meet it',
    'What goes wrong',
    'Related',
    'Sources',
  ],
} as const;
const kinds = Object.keys(anatomy) as (keyof typeof anatomy)[];
const records = kinds.flatMap((kind) =>
  Object.keys(catalog.data[kind]).map((id) => ({ kind, id, page: `${kind}/${id}` })),
);

/** The column of text of a page: the element that holds its headings. */
function textColumn(page: string): Element {
  const html = pages.get(`${page}.html`);
  const [column] = html ? byClass(html, 'sl-markdown-content') : [];
  if (!column) throw new Error(`no text on ${page}`);
  return column;
}

function section(page: string, name: string): Element[] {
  return sectionsOf(textColumn(page), 'h2').find(({ heading }) => heading === name)?.elements ?? [];
}

/** Names of the rows of a page's facts card. */
const cardOf = (page: string): string[] => {
  const [card] = byClass(textColumn(page), 'facts');
  return card ? byTag(card, 'dt').map(textOf) : [];
};

const outside = (elements: Element[]): string[] =>
  elements
    .flatMap((element) => [...byTag(element, 'a'), ...(element.tagName === 'a' ? [element] : [])])
    .map((link) => attribute(link, 'href') ?? '')
    .filter((href) => href.startsWith('https://'));

test('every system of the story has its page', () => {
  expect(records.map(({ page }) => page)).toEqual(
    expect.arrayContaining([
      ...['tikv', 'linkerd', 'openebs'].map((id) => `projects/${id}`),
      ...['grpc-rs', 'raft-rs', 'fail-rs', 'async-speed-limit', 'rust-prometheus', 'pprof-rs'].map(
        (id) => `libraries/${id}`,
      ),
      ...['tower', 'tokio', 'tracing', 'hyper', 'rustls', 'tonic'].map((id) => `libraries/${id}`),
      ...[
        'raft',
        'service-mesh-data-plane',
        'container-attached-storage',
        'poll-mode-io',
        'mutual-tls',
        'fault-injection',
      ].map((id) => `concepts/${id}`),
    ]),
  );
});

test('every record has a page, and every such page a record', () => {
  const built = [...pages.keys()].filter((file) => /^(projects|libraries|concepts)\//.test(file));
  expect(built).toEqual(records.map(({ page }) => `${page}.html`).sort());
});

test('every link and fragment resolves', async () => {
  await takeSteps(dist, [siteCheck()]);
});

describe.for([...pages])('%s', ([file, html]) => {
  test('says what it is', () => {
    const [title] = byTag(html, 'title');
    const description = byTag(html, 'meta').find(
      (meta) => attribute(meta, 'name') === 'description',
    );
    expect(attribute(html, 'lang')).toBe('en');
    expect(title && textOf(title)).toMatch(/\S/);
    expect(attribute(description as Element, 'content')?.length).toBeGreaterThan(40);
    expect(byTag(html, 'h1')).toHaveLength(1);
  });

  test('carries at most 120 navigation links', () => {
    const links = byTag(html, 'nav').flatMap((nav) => byTag(nav, 'a'));
    expect(links.length).toBeGreaterThan(3);
    expect(links.length).toBeLessThanOrEqual(120);
  });

  test('is valid HTML', async () => {
    expect(await Validator.check(dist, file)).toEqual([]);
  });

  test('has no style attributes in its text', () => {
    const styled = byTag(html, 'main').flatMap((main) => byClass(main, 'sl-markdown-content'));
    const all = styled.flatMap((root) => [
      root,
      ...byTag(root, 'pre', 'code', 'span', 'div', 'svg', 'g', 'path', 'text', 'table', 'td', 'th'),
    ]);
    expect(all.filter((element) => attribute(element, 'style') !== undefined)).toEqual([]);
  });
});

describe.for(records)('$page', ({ kind, page }) => {
  test('has the sections of its kind, in order, none empty', () => {
    const parts = sectionsOf(textColumn(page), 'h2');
    expect(parts.map(({ heading }) => heading.replace("'", '’'))).toEqual(anatomy[kind]);
    for (const { heading, elements } of parts) {
      expect(elements.map(textOf).join(' ').length, `${heading} says something`).toBeGreaterThan(
        40,
      );
    }
  });

  test('has at least eight distinct sources, or says why not', () => {
    const [list] = byClass(textColumn(page), 'sources');
    const addresses = new Set(outside(list ? [list] : []));
    expect(addresses.size).toBeGreaterThanOrEqual(8);
  });

  const entries = kind === 'projects' ? 'Techniques worth stealing' : 'What goes wrong';
  test(`${entries}: three entries or more, each with a link of its own`, () => {
    const column = textColumn(page);
    const from = column.childNodes.findIndex(
      (node) => 'tagName' in node && node.tagName === 'h2' && textOf(node) === entries,
    );
    const to = column.childNodes.findIndex(
      (node, i) => i > from && 'tagName' in node && node.tagName === 'h2',
    );
    const part = { ...column, childNodes: column.childNodes.slice(from + 1, to) } as Element;
    const found = sectionsOf(part, 'h3');
    expect(found.length).toBeGreaterThanOrEqual(3);
    const links = found.map(({ elements }) => outside(elements));
    for (const [i, own] of links.entries()) {
      const others = new Set(links.flatMap((list, j) => (i === j ? [] : list)));
      expect(
        own.filter((href) => !others.has(href)),
        `'${found[i]?.heading}' has a link of its own`,
      ).not.toEqual([]);
    }
  });
});

describe.for(records.filter(({ kind }) => kind === 'projects'))('the project $page', ({ page }) => {
  test('shows its facts', () => {
    expect(cardOf(page)).toEqual(expect.arrayContaining(['Maturity', 'Category', 'Repositories']));
  });

  test('builds on crates of its lockfiles', () => {
    const elements = section(page, 'Builds on');
    expect(elements.flatMap((element) => byTag(element, 'tr')).length).toBeGreaterThan(8);
    expect(elements.map(textOf).join(' ')).toMatch(/Cargo\.lock of \S+ at [0-9a-f]{7}/);
  });
});

describe.for(records.filter(({ kind }) => kind === 'libraries'))(
  'the library $page',
  ({ page }) => {
    test('shows its facts', () => {
      expect(cardOf(page)).toEqual(
        expect.arrayContaining(['Crate', 'Newest release', 'Licence', 'Upkeep', 'Advisories']),
      );
    });

    test('says who runs it, from lockfiles', () => {
      expect(section(page, 'In production').map(textOf).join(' ')).toMatch(
        /Cargo\.lock of \S+ at [0-9a-f]{7}|No lockfile of the projects/,
      );
    });
  },
);

describe('diagrams', () => {
  test.for([
    'projects/tikv',
    'projects/linkerd',
    'projects/openebs',
    'libraries/tower',
    'concepts/poll-mode-io',
  ])('%s has one, named and told in words', (page) => {
    const figures = byClass(textColumn(page), 'diagram-box');
    expect(figures.length).toBeGreaterThan(0);
    for (const figure of figures) {
      const [svg] = byTag(figure, 'svg');
      const [words] = byTag(figure, 'details');
      expect(svg && attribute(svg, 'role')).toBe('img');
      expect(words && textOf(words).length).toBeGreaterThan(120);
    }
  });
});

describe('examples', () => {
  const shownOn = (elements: Element[]) =>
    elements.flatMap((element) =>
      [element, ...byTag(element, 'div')].flatMap((div) => attribute(div, 'data-example') ?? []),
    );

  test.for(Object.keys(catalog.data.libraries))(
    '%s starts with one and has three recipes or more',
    (id) => {
      const page = `libraries/${id}`;
      expect(shownOn(section(page, 'Start')).length).toBeGreaterThan(0);
      expect(new Set(shownOn(section(page, 'Recipes'))).size).toBeGreaterThanOrEqual(3);
    },
  );

  test('say what they ran with, and show what they printed', () => {
    for (const [file, html] of pages) {
      for (const output of byClass(html, 'output')) {
        const box = output.parentNode as Element;
        const example = box.parentNode as Element;
        expect(textOf(output), file).not.toBe('');
        expect(textOf(example), file).toMatch(/Ran with .*rustc \d+\.\d+\.\d+, \d+ \w+ \d{4}\./);
      }
    }
  });

  test('no page shows Rust that was not run', () => {
    for (const [file, html] of pages) {
      expect(looseRust(file, html.parentNode as DefaultTreeAdapterTypes.Document), file).toEqual(
        [],
      );
    }
  });
});
