import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type MdastNode, mdxToMdast } from 'satteri';
import { parse } from 'yaml';
import { filesBelow } from '../../../src/files.ts';
import { seededRandom } from '../lib/stats.ts';

/** A copy differs from its original in this share of its longer words. */
const changedWords = 0.14;
/** Of these, so many are the page's own and stand on no other page. */
const ownWords = 0.15;
/** The others come from a vocabulary of this size, the frequent ones far more often (Zipf). */
const vocabulary = 4000;

/**
 * Makes a larger site of this one: copies of its pages about libraries and concepts, each with a
 * record of its own, until there are as many pages as asked for. Half of all pages stand in one
 * section, the libraries. A copy has its own id, name and title; code, examples, diagrams, citations
 * and headings stay, and of the longer words of its prose some are changed: most into words of a
 * common made-up vocabulary, some into words that only this page has, so that the search index grows
 * as that of a real site does, though not as varied. The same for every run.
 *
 * @param root folder of the project
 * @param count pages that the site shall have in the end, the error page not counted
 * @returns files to add, by path below the project
 */
export async function generatePages(root: string, count: number): Promise<Map<string, string>> {
  const pages = (await filesBelow(path.join(root, 'content/docs'))).filter(
    (file) => file !== '404.mdx',
  );
  // Figures may stand in prose only in certain phrases, whose words must stay as they are.
  const exceptions = parse(
    await readFile(path.join(root, 'content/catalog/prose-exceptions.yaml'), 'utf8'),
  ) as { text: string }[];
  const kept = new Set(exceptions.flatMap(({ text }) => text.split(' ')));
  const random = seededRandom(count);
  const words = Array.from({ length: vocabulary }, () => word(random));
  const made = new Map<string, string>();
  const missing = count - pages.length;
  if (missing <= 0) throw new Error(`the site already has ${pages.length} pages`);

  const inSection = (section: string) =>
    pages.filter((file) => file.startsWith(`${section}/`) && file !== `${section}/index.mdx`);
  const libraries = Math.min(missing, Math.round(count / 2) - inSection('libraries').length - 1);
  for (const [section, copies] of [
    ['libraries', libraries],
    ['concepts', missing - libraries],
  ] as const) {
    const originals = await Promise.all(
      inSection(section).map(async (file) => {
        const id = path.basename(file, '.mdx');
        const read = (name: string) => readFile(path.join(root, name), 'utf8');
        const page = await read(`content/docs/${file}`);
        return { id, page, record: await read(`content/catalog/${section}/${id}.yaml`) };
      }),
    );
    for (let copy = 0; copy < copies; copy++) {
      const original = originals[copy % originals.length];
      if (!original) throw new Error(`there are no pages in ${section} to copy`);
      const name = word(random);
      const id = `${original.id}-${name}-${copy}`;
      const own = Array.from({ length: 8 }, () => word(random));
      const change = (text: string) =>
        text.replace(/(?<![&\w])[a-z]{5,}(?!\w)/g, (found) => {
          if (kept.has(found) || random() > changedWords) return found;
          const from = random() < ownWords ? own : words;
          return from[Math.floor(from === own ? random() * own.length : zipf(random))] ?? found;
        });
      made.set(
        `content/docs/${section}/${id}.mdx`,
        changeProse(original.page, change)
          .replace(/^title: (['"]?)(.*?)\1$/m, `title: $1$2 ${name}$1`)
          .replaceAll(`of="${original.id}"`, `of="${id}"`),
      );
      made.set(
        `content/catalog/${section}/${id}.yaml`,
        original.record.replace(/^name: (['"]?)(.*?)\1$/m, `name: $1$2 ${name}$1`),
      );
    }
  }
  return made;
}

/** A rank from 0 on; the first one comes up most often. */
function zipf(random: () => number): number {
  return vocabulary ** random() - 1;
}

/** A word that can be spoken and means nothing. */
function word(random: () => number): string {
  const pick = (from: string) => from[Math.floor(random() * from.length)] ?? '';
  const syllables = 2 + Math.floor(random() * 3);
  let made = '';
  for (let i = 0; i < syllables; i++) made += pick('bdfgklmnprstvz') + pick('aeiou');
  return made + pick('nrlst');
}

interface Node {
  type: string;
  position?: { start: { offset: number }; end: { offset: number } };
  children?: Node[];
}

/** Changes the running text of a page and leaves alone what has a meaning to a machine. */
function changeProse(page: string, change: (text: string) => string): string {
  const texts: { from: number; to: number }[] = [];
  const visit = (node: Node) => {
    if (node.type === 'heading') return;
    if (node.type === 'text' && node.position) {
      texts.push({ from: node.position.start.offset, to: node.position.end.offset });
    }
    node.children?.forEach(visit);
  };
  visit(mdxToMdast(page) as MdastNode as Node);
  let changed = '';
  let at = 0;
  for (const { from, to } of texts.sort((a, b) => a.from - b.from)) {
    changed += page.slice(at, from) + change(page.slice(from, to));
    at = to;
  }
  return changed + page.slice(at);
}
