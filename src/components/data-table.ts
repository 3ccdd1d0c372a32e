/**
 * Sorting and filtering for the index tables. Runs in the browser; without it the tables are
 * complete, in their built order.
 */
class DataTable extends HTMLElement {
  connectedCallback(): void {
    const table = this.querySelector('table');
    const tools = this.querySelector<HTMLElement>('.table-tools');
    if (!table || !tools) return;
    const input = tools.querySelector('input');
    const select = tools.querySelector('select');
    const filter = () => this.filter(table, input?.value ?? '', select?.value ?? '');
    input?.addEventListener('input', filter);
    select?.addEventListener('change', filter);
    // A browser may have kept what was typed before a reload.
    filter();
    // A browser leaves alone what is seen in part, and be it a letter.
    table.addEventListener('focusin', ({ target }) => {
      (target as Element).scrollIntoView({ block: 'nearest', inline: 'nearest' });
    });
    table.querySelectorAll('thead th').forEach((heading, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = heading.textContent;
      heading.replaceChildren(button);
      button.addEventListener('click', () => sort(table, heading, column));
    });
  }

  private filter(table: HTMLTableElement, words: string, group: string): void {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = [...(table.tBodies[0]?.rows ?? [])];
    for (const row of rows) {
      const text = row.textContent?.toLowerCase() ?? '';
      const inGroup = group === '' || (row.dataset.groups ?? '').split(' ').includes(group);
      row.hidden = !inGroup || !wanted.every((word) => text.includes(word));
    }
    const shown = rows.filter((row) => !row.hidden).length;
    const status = this.querySelector('[role=status]');
    if (status) status.textContent = `${shown} of ${rows.length} shown`;
  }
}

function sort(table: HTMLTableElement, heading: Element, column: number): void {
  const body = table.tBodies[0];
  if (!body) return;
  const descending = heading.getAttribute('aria-sort') === 'ascending';
  for (const other of table.querySelectorAll('th[aria-sort]')) other.removeAttribute('aria-sort');
  heading.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
  const key = (row: HTMLTableRowElement) => {
    const cell = row.cells[column];
    return cell?.dataset.sort ?? cell?.textContent?.trim() ?? '';
  };
  const order = new Intl.Collator('en', { numeric: true }).compare;
  const rows = [...body.rows].sort((a, b) => order(key(a), key(b)) * (descending ? -1 : 1));
  body.append(...rows);
}

customElements.define('data-table', DataTable);
