import GithubSlugger from 'github-slugger';
import { type MdastNode, mdxToJs, mdxToMdast } from 'satteri';
import type { Problem } from './report.ts';
import { parseYaml } from './yaml.ts';

/** A place on a page that names something of the catalog. */
export interface Mention {
  line: number;
}

/** What a page refers to: a source by <Cite>, which is a number or stands around words; a fact by <Fact>. */
export type Reference = { source: string; inWords: boolean } | { of: string; name: string };

/** What the catalog needs to know of one page of prose. */
export interface Page {
  /** Path below content/docs without extension: `libraries/raft-rs`. */
  id: string;
  /** Path of the file, relative to the project. */
  file: string;
  title: string;
  description: string;
  headings: (Mention & { depth: number; text: string; slug: string })[];
  /** What the page refers to, in reading order. */
  mentions: (Mention & Reference)[];
  links: (Mention & { href: string })[];
  /** Parts of examples that the page shows. */
  examples: (Mention & { name: string; file: string; region?: string | undefined })[];
}

/** A phrase that may stand in prose although it looks like a figure, and why. */
export interface Exception {
  text: string;
  reason: string;
}

interface Node {
  type: string;
  position?: { start: { line: number } };
  value?: string;
  children?: Node[];
  depth?: number;
  url?: string;
  alt?: string | null;
  name?: string | null;
  attributes?: { type: string; name?: string; value?: unknown }[];
}

/**
 * Reads one MDX page: compiles it, so that every broken page is reported and not just the first,
 * and collects what it refers to.
 *
 * @param exceptions phrases that the lint for figures in prose passes over
 */
export function readPage(
  id: string,
  file: string,
  text: string,
  exceptions: readonly Exception[],
): { page?: Page; problems: Problem[] } {
  if (text.trim() === '') {
    return {
      problems: [{ file, what: 'the file is empty', mend: 'write the page, or delete the file' }],
    };
  }
  let root: Node;
  try {
    root = mdxToMdast(text) as MdastNode as Node;
    mdxToJs(text);
  } catch (error) {
    return { problems: [compileProblem(file, error)] };
  }

  const problems: Problem[] = [];
  const page: Page = {
    id,
    file,
    title: '',
    description: '',
    headings: [],
    mentions: [],
    examples: [],
    links: [],
  };
  const slugger = new GithubSlugger();

  const front = root.children?.find((node) => node.type === 'yaml')?.value ?? '';
  const frontmatter = front.trim() === '' ? undefined : parseYaml(file, front);
  const fields = frontmatter && !Array.isArray(frontmatter) ? frontmatter.value : {};
  if (Array.isArray(frontmatter)) {
    // Lines of the frontmatter start after its opening fence.
    problems.push(...frontmatter.map((p) => ({ ...p, line: (p.line ?? 0) + 1 })));
  }
  for (const key of ['title', 'description'] as const) {
    const value = (fields as Record<string, unknown> | null)?.[key];
    if (typeof value === 'string' && value.trim() !== '') page[key] = value;
    else {
      problems.push({
        file,
        line: 1,
        what: `the page has no ${key}`,
        mend: `add '${key}:' to the frontmatter`,
      });
    }
  }
  problems.push(...figures(file, 2, page.description, exceptions));

  const visit = (node: Node): void => {
    const line = node.position?.start.line ?? 1;
    if (node.type === 'heading') {
      const title = textOf(node);
      page.headings.push({ line, depth: node.depth ?? 0, text: title, slug: slugger.slug(title) });
    } else if (node.type === 'link' && node.url) {
      page.links.push({ line, href: node.url });
    } else if (node.type === 'image' && !node.alt?.trim()) {
      problems.push({
        file,
        line,
        what: 'the image has no text alternative',
        mend: 'write what it shows between the square brackets',
      });
    } else if (node.type === 'text') {
      problems.push(...figures(file, line, node.value ?? '', exceptions));
    } else if (node.type === 'inlineCode' && /^v?\d+(\.\d+)+$/.test(node.value ?? '')) {
      problems.push(...figures(file, line, node.value ?? '', exceptions));
    } else if (node.type.startsWith('mdxJsx')) {
      problems.push(...component(page, node, line));
    }
    node.children?.forEach(visit);
  };
  root.children?.forEach(visit);
  problems.push(...headingProblems(page));
  return { page, problems };
}

/** Notes what a component refers to, and reports attributes that it cannot do without. */
function component(page: Page, node: Node, line: number): Problem[] {
  const attribute = (name: string): unknown =>
    node.attributes?.find((a) => a.type === 'mdxJsxAttribute' && a.name === name)?.value;
  const missing = (what: string, mend: string): Problem[] => [
    { file: page.file, line, what, mend },
  ];

  if (node.name === 'Cite') {
    const source = attribute('source');
    if (typeof source !== 'string') {
      return missing('<Cite> names no source', 'write <Cite source="id-of-a-source" />');
    }
    page.mentions.push({ line, source, inWords: (node.children ?? []).length > 0 });
  } else if (node.name === 'Fact') {
    const [of, name] = [attribute('of'), attribute('name')];
    if (typeof of !== 'string' || typeof name !== 'string') {
      return missing(
        '<Fact> does not say which fact it shows',
        'write <Fact of="id-of-a-record" name="name-of-a-fact" />',
      );
    }
    page.mentions.push({ line, of, name });
  } else if (node.name === 'Example') {
    const [name, file, region] = [attribute('name'), attribute('file'), attribute('region')];
    if (typeof name !== 'string') {
      return missing('<Example> does not say which example it shows', 'write <Example name="…" />');
    }
    page.examples.push({
      line,
      name,
      file: typeof file === 'string' ? file : 'src/main.rs',
      region: typeof region === 'string' ? region : undefined,
    });
  } else if (node.name === 'Diagram') {
    if (typeof attribute('title') !== 'string' || textOf(node).trim() === '') {
      return missing(
        'the diagram has no text alternative',
        'give it a title, and tell between its tags what it shows',
      );
    }
  } else if (node.name === 'img' && typeof attribute('alt') !== 'string') {
    return missing('the image has no text alternative', 'add alt="what it shows"');
  }
  return [];
}

/** Headings on a page start at level 2 (the title is level 1) and never skip a level. */
function headingProblems(page: Page): Problem[] {
  let last = 1;
  const problems: Problem[] = [];
  for (const { depth, line, text } of page.headings) {
    if (depth === 1) {
      problems.push({
        file: page.file,
        line,
        what: `'${text}' is a second title of the page`,
        mend: 'start headings at ##; the title comes from the frontmatter',
      });
    } else if (depth > last + 1) {
      problems.push({
        file: page.file,
        line,
        what: `the heading '${text}' skips a level, from ${last} to ${depth}`,
        mend: `use ${'#'.repeat(last + 1)}`,
      });
    }
    last = depth;
  }
  return problems;
}

const months = 'January|February|March|April|June|July|August|September|October|November|December';

/** What goes out of date: versions, years and dates, and counts of two digits or more. */
const figure = new RegExp(
  [
    String.raw`\bv?\d+(?:\.\d+)+\b`,
    String.raw`\b(?:${months})\s+\d+\b`,
    String.raw`\b\d{1,3}(?:,\d{3})+\b`,
    String.raw`\b\d{2,}\b`,
  ].join('|'),
  'g',
);

/** Prose never repeats a figure that the catalog could hold: it would go stale unseen. */
export function figures(
  file: string,
  line: number,
  text: string,
  exceptions: readonly Exception[],
): Problem[] {
  let rest = text;
  for (const exception of exceptions) {
    rest = rest.replaceAll(exception.text, (match) => match.replace(/[^\n]/g, ' '));
  }
  return [...rest.matchAll(figure)].map((match) => ({
    file,
    line: line + rest.slice(0, match.index).split('\n').length - 1,
    what: `the figure '${match[0]}' stands in prose`,
    mend: 'put it into the catalog with its source and show it with <Fact>, or say it without the figure',
  }));
}

function textOf(node: Node): string {
  if (node.type === 'text' || node.type === 'inlineCode') return node.value ?? '';
  return node.children?.map(textOf).join('') ?? '';
}

/** Satteri puts the place in front of its message: `12:5: Unexpected …`. */
function compileProblem(file: string, error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const [, line, what] = /^(\d+):\d+(?:-\d+:\d+)?: ([^\n]*)/.exec(message) ?? [];
  return {
    file,
    line: line === undefined ? undefined : Number(line),
    what: `the page does not compile (${(what ?? message.split('\n', 1)[0] ?? '').replace(/ \(mdx[^)]*\)$/, '')})`,
    mend: 'correct the MDX at this place; < and { must be escaped or closed',
  };
}
