import type { OpenedWord, Range } from './ranking.ts';
import { closePaths } from './words.ts';

/** A piece of an excerpt: text, and whether it is what was looked for. */
export interface Piece {
  text: string;
  found: boolean;
}

/** How much of a word must stand at a place to be shown as found there, in terms of the best place. */
const shownLikeness = 0.95;

/** Words of an excerpt. */
const length = 28;

/**
 * The part of a section that shows most of what was looked for.
 *
 * @param content words of the whole page
 */
export function excerptOf(
  content: readonly string[],
  { text, to }: Range,
  words: readonly OpenedWord[],
): Piece[] {
  const found = new Map<number, { word: number; worth: number }>();
  words.forEach(({ rarity, hits }, word) => {
    // Who asks for a lease does not mean "least": longer words are shown only where the word is not.
    const most = Math.max(0, ...hits.map(({ likeness }) => likeness));
    for (const { location, likeness } of hits) {
      if (
        location < text ||
        location >= to ||
        content[location] === '' ||
        likeness < most * shownLikeness
      )
        continue;
      found.set(location, { word, worth: rarity * likeness });
    }
  });
  const start = bestStart(
    [...found].sort(([a], [b]) => a - b),
    text,
    to,
  );
  const end = Math.min(start + length, to);

  const pieces: Piece[] = [];
  const add = (part: string, marked: boolean) => {
    const last = pieces.at(-1);
    if (last?.found === marked) last.text += part;
    else pieces.push({ text: part, found: marked });
  };
  if (start > text) add('… ', false);
  for (let at = start; at < end; at++) {
    if (content[at] === '') continue;
    add(content[at] ?? '', found.has(at));
    add(' ', false);
  }
  if (end < to) add('…', false);
  return pieces.map((piece) => ({ ...piece, text: closePaths(piece.text) }));
}

/** Where an excerpt begins so that it shows the most telling words, each once. */
function bestStart(
  found: readonly [number, { word: number; worth: number }][],
  text: number,
  to: number,
): number {
  let best = { start: text, worth: 0 };
  for (const [first] of found) {
    const shown = new Map<number, number>();
    for (const [at, { word, worth }] of found) {
      if (at >= first && at < first + length - 4)
        shown.set(word, Math.max(shown.get(word) ?? 0, worth));
    }
    const worth = [...shown.values()].reduce((sum, value) => sum + value, 0);
    if (worth > best.worth) best = { start: first, worth };
  }
  // A few words before the first that was found, so that one can read it.
  return Math.max(text, Math.min(best.start - 4, to - length));
}
