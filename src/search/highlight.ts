/**
 * Marks on a page the words by which it was found. Loaded only where there are some. Runs in the
 * browser, and does nothing in one that cannot highlight without changing the page.
 */
import { takeWords } from './found-words.ts';
import { plain, wordsOf } from './words.ts';

const mostMarks = 300;

function marksIn(root: Element, words: readonly string[]): Range[] {
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const match of (node.nodeValue ?? '').matchAll(/[\p{L}\p{N}_]+/gu)) {
      const word = plain(match[0]);
      if (!words.some((wanted) => word.startsWith(wanted))) continue;
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      ranges.push(range);
      if (ranges.length >= mostMarks) return ranges;
    }
  }
  return ranges;
}

const asked = wordsOf(takeWords()).filter((word) => word.length > 1);
const body = document.querySelector('[data-pagefind-body]');
if (asked.length > 0 && body && 'highlights' in CSS) {
  const style = new CSSStyleSheet();
  style.replaceSync('::highlight(site-search){background-color:Mark;color:MarkText}');
  document.adoptedStyleSheets.push(style);
  CSS.highlights.set('site-search', new Highlight(...marksIn(body, asked)));
}
