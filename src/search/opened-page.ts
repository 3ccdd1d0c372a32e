import { kindOf, nameMark, type SectionKind } from './page-kinds.ts';
import type { Range } from './ranking.ts';
import { readWhole, signature } from './read-index.ts';

/** A section of a page that has been opened. */
export interface Section {
  /** Its anchor on the page. */
  id: string;
  title: string;
  kind: SectionKind;
  /** Whether it is the top of the page. */
  top: boolean;
  range: Range;
  /** Other words by which readers look for it. */
  names: readonly string[];
}

/** A page that has been opened: its words, and its sections in order. */
export interface OpenedPage {
  /** Empty where the other names of a section stand: nobody reads those. */
  words: readonly string[];
  sections: readonly Section[];
}

/** What is used of a page as Pagefind stores it, in its fragment. */
interface Fragment {
  content: string;
  /** Places of the page that have an address, with the number of their first word. */
  anchors: { element: string; id: string; text: string; location: number }[];
}

/**
 * Reads a page of the index.
 *
 * @param id its name in the index
 * @throws where its file is missing or damaged
 */
export async function openPage(id: string): Promise<OpenedPage> {
  const text = new TextDecoder().decode(await readWhole(`fragment/${id}.pf_fragment`));
  const { content, anchors } = JSON.parse(text.slice(signature.length)) as Fragment;
  const words = content.replaceAll('\u200B', '').split(' ');
  const sections = anchors.map((anchor, i): Section => {
    const kind = kindOf(anchor.element);
    const later = anchors.slice(i + 1);
    // A heading's reaches over the examples below it.
    const next = kind === 'section' ? later.find((a) => kindOf(a.element) !== 'example') : later[0];
    const to = next?.location ?? words.length;
    const text = anchor.location + anchor.text.split(' ').filter(Boolean).length;
    const { phrases, ...named } = takeNames(words, text, later[0]?.location ?? words.length);
    return {
      id: anchor.id,
      title: anchor.text,
      kind,
      top: anchor.element === 'h1',
      range: { from: anchor.location, text: Math.min(text, to), to, named },
      names: phrases,
    };
  });
  return { words, sections };
}

/** Takes the other names of a section, which stand behind its text, out of the words of a page. */
function takeNames(
  words: string[],
  text: number,
  end: number,
): { from: number; to: number; phrases: string[] } {
  const mark = words.indexOf(nameMark, text);
  if (mark < 0 || mark >= end) return { from: end, to: end, phrases: [] };
  const phrases = words
    .slice(mark + 1, end)
    .join(' ')
    .split(` ${nameMark} `);
  words.fill('', mark, end);
  return { from: mark, to: end, phrases };
}
