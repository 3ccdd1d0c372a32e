import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openPage } from './opened-page.ts';
import { setReader, signature } from './read-index.ts';

/** Opens a page with this text, and anchors at these words. */
function opened(content: string, anchors: { element: string; text: string; location: number }[]) {
  const fragment = {
    content,
    anchors: anchors.map((anchor, i) => ({ id: `id-${i}`, ...anchor })),
  };
  setReader(async () => new Uint8Array(gzipSync(signature + JSON.stringify(fragment))));
  return openPage('page');
}

test('a section reaches to the next heading, over the examples below it', async () => {
  const { sections } = await opened('T lead A b x run code B y', [
    { element: 'h1', text: 'T', location: 0 },
    { element: 'h2', text: 'A b', location: 2 },
    { element: 'samp', text: 'run', location: 5 },
    { element: 'h2', text: 'B', location: 7 },
  ]);
  expect(sections.map(({ kind, top, range: { from, text, to } }) => [kind, top, from, text, to])) //
    .toEqual([
      ['section', true, 0, 1, 2],
      ['section', false, 2, 4, 7],
      ['example', false, 5, 6, 7],
      ['section', false, 7, 8, 9],
    ]);
});

test('other names of a section are its own, and nobody reads them', async () => {
  const { words, sections } = await opened('A x ‖ slow client ‖ loris. run code B y', [
    { element: 'h2', text: 'A', location: 0 },
    { element: 'samp', text: 'run', location: 7 },
    { element: 'h2', text: 'B', location: 9 },
  ]);
  expect(sections.map(({ names, range: { named } }) => [names, named.from, named.to])).toEqual([
    [['slow client', 'loris.'], 2, 7],
    [[], 9, 9],
    [[], 11, 11],
  ]);
  expect(words.join(' ')).toBe('A x      run code B y');
});
