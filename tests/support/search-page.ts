import { expect } from 'vitest';
import type { Tab } from './tab.ts';

/** What tests know of the search dialog: the only place that names its parts. */
const part = {
  open: 'site-search .search-open',
  input: 'site-search dialog input[role=combobox]',
  status: 'site-search [role=status]',
  result: 'site-search [role=option] a',
};

/** Opens the search dialog with its button. */
export async function openSearch(tab: Tab): Promise<void> {
  await tab.click(part.open);
  await expect.poll(() => searchHasFocus(tab)).toBe(true);
}

/** Whether what one types goes into the search dialog. */
export function searchHasFocus(tab: Tab): Promise<boolean> {
  return tab.evaluate((input) => document.activeElement?.matches(input) ?? false, part.input);
}

/** Asks the open dialog something, as by pasting over what it was asked before. */
export async function ask(tab: Tab, query: string): Promise<void> {
  await tab.evaluate(
    (input, text) => {
      document.querySelector<HTMLInputElement>(input)?.select();
      document.execCommand('insertText', false, text);
    },
    part.input,
    query,
  );
}

/** Address of the first result, without query and fragment; nothing before results are shown. */
export function firstResult(tab: Tab): Promise<string | undefined> {
  return tab.evaluate(
    (status, result) =>
      document.querySelector(status)?.textContent
        ? document.querySelector<HTMLAnchorElement>(result)?.href.split(/[?#]/)[0]
        : undefined,
    part.status,
    part.result,
  );
}
