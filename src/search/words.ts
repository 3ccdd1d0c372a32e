/**
 * Words as the index knows them. Used where the index is made and where it is asked, so that both
 * cut text in the same places.
 */

/** What stands between the parts of a path in code; the index keeps the parts apart. */
const pathSeparator = /::/g;

/**
 * Sets the parts of paths in code apart, `raft::RawNode` as `raft :: RawNode`, because Pagefind would
 * otherwise index `raftrawnode` and nobody asks for that. `closePaths` undoes it for display.
 */
export function openPaths(text: string): string {
  return text.replace(pathSeparator, ' :: ');
}

/** Undoes `openPaths`. */
export function closePaths(text: string): string {
  return text.replaceAll(' :: ', '::');
}

/** A word without case, accents and everything but letters, digits and `_`, as Pagefind stores it. */
export function plain(word: string): string {
  return word
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_]/gu, '');
}

/**
 * Letters and digits alone: `fail_point!`, `fail point` and `FailPoint` are the same to a reader who
 * types one of them.
 */
export function squeezed(text: string): string {
  return plain(text).replaceAll('_', '');
}

/** What stands between words. A slash before a digit belongs to a version: `HTTP/2` is one word. */
export const betweenWords = /(?:[\s,;()<>[\]{}"“”!?=&|:#]|\/(?!\d))+/u;

/** The words of a text as a reader would type them: `#[instrument]`, `tower::balance` give one and two. */
export function wordsOf(text: string): string[] {
  return openPaths(text)
    .split(betweenWords)
    .map(plain)
    .filter((word) => word !== '');
}

/** The parts of a word that was put together: `leader-lease`, `fail_point` and `RawNode` have two. */
export function partsOf(word: string): string[] {
  return word
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .map(plain)
    .filter((part) => part.length > 1);
}

/** Words that carry no meaning in a question. They count only where nothing else was asked. */
export const stopWords: ReadonlySet<string> = new Set(
  (
    'a an and are as at be by can could did do does for from has have how i if in into is it its me my of on or ' +
    'our should so that the their them then there these this to use used uses using was we what when where which ' +
    'who why will with without would you your vs versus about still any some not no than get gets got need want ' +
    'mean means meaning explain'
  ).split(' '),
);
