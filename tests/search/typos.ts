/** Makes the mistakes that hurried hands make. */

/** Numbers between 0 and 1 that are the same on every run (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const letters = 'abcdefghijklmnopqrstuvwxyz';

/**
 * A question with one mistake in its longest word: two letters swapped, one left out, doubled or
 * replaced, or, in a question of two words or more, a space left out.
 *
 * @param random numbers between 0 and 1
 * @returns undefined where no word has four letters or more
 */
export function makeTypo(query: string, random: () => number): string | undefined {
  const words = query.split(' ');
  const longest = words.reduce((a, b) => (b.length > a.length ? b : a), '');
  if (!/^[a-z-]{4,}$/i.test(longest)) return undefined;
  const at = 1 + Math.floor(random() * (longest.length - 2));
  const kind = Math.floor(random() * (words.length > 1 ? 5 : 4));
  const [a = '', b = ''] = [longest[at], longest[at + 1]];
  const replacement = letters[Math.floor(random() * letters.length)] ?? 'e';
  const changed = [
    longest.slice(0, at) + b + a + longest.slice(at + 2),
    longest.slice(0, at) + longest.slice(at + 1),
    longest.slice(0, at) + a + longest.slice(at),
    longest.slice(0, at) + replacement + longest.slice(at + 1),
  ][kind];
  if (changed === undefined) return query.replace(' ', '');
  return query.replace(longest, changed);
}
