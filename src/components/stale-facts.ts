/** Shows a warning where a page's oldest fact is past its time by the reader's clock. */
const limit = 180 * 24 * 60 * 60 * 1000;
for (const note of document.querySelectorAll<HTMLElement>('[data-oldest]')) {
  note.hidden = Date.now() - Date.parse(note.dataset.oldest ?? '') <= limit;
}
