/**
 * The search dialog: results while one types, filters, keys. Loaded on the first intent into the frame
 * that the page has made. Runs in the browser.
 */
import { siteRoot } from '../browser/site-root.ts';
import { Connection } from './connection.ts';
import style from './dialog.css';
import type { Answer } from './engine.ts';
import { addressWithWords, leaveWords } from './found-words.ts';
import type { Facets, Filters } from './lexicon.ts';
import { loadScript } from './loading.ts';
import type { Reply } from './messages.ts';
import { forgetSearches, recentSearches, rememberSearch } from './recent.ts';
import type { Frame, SearchDialog } from './search-button.ts';
import type { Result } from './sections.ts';

const unavailable =
  'The search index could not be loaded. Type again to try once more; all pages are linked from the header too.';

/**
 * Milliseconds without a letter after which the address takes in the question. It takes time to write,
 * and Safari refuses a page that does it a hundred times in half a minute.
 */
const pauseBeforeAddress = 200;

class Dialog implements SearchDialog {
  private readonly connection: Connection;
  private readonly dialog: HTMLDialogElement;
  private readonly input: HTMLInputElement;
  private readonly status: HTMLElement;
  private readonly facets = element('div', { class: 'search-facets' });
  private readonly list = element('ul', {
    id: 'search-results',
    role: 'listbox',
    'aria-label': 'Results',
    hidden: '',
  });
  private readonly aside = element('div', { class: 'search-aside' });
  private readonly selects = new Map<string, HTMLSelectElement>();
  private known: Facets = {};
  private chosen: Filters = {};
  private shown: Answer | undefined;
  /** Whether what is shown answers what stands in the box. */
  private current = false;
  /** Questions so far: an answer to an older one is not shown. */
  private asked = 0;
  /** The address, about to be written. */
  private writing: ReturnType<typeof setTimeout> | undefined;
  /** Set where Enter was pressed before the answer was there. */
  private follow: 'here' | 'new tab' | undefined;

  constructor(frame: Frame) {
    const { dialog, input, status } = frame;
    this.connection = new Connection(frame, (reply) => this.receive(reply));
    this.dialog = dialog;
    this.input = input;
    this.status = status;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    document.adoptedStyleSheets.push(sheet);
    const combobox = {
      role: 'combobox',
      'aria-expanded': 'false',
      'aria-controls': this.list.id,
      'aria-autocomplete': 'list',
      autocapitalize: 'off',
      enterkeyhint: 'go',
      dir: 'auto',
    };
    for (const [name, value] of Object.entries(combobox)) input.setAttribute(name, value);
    status.before(this.facets);
    status.after(element('div', { class: 'search-scroll' }, this.list, this.aside));

    dialog.addEventListener('click', (event) => {
      // A click on the backdrop reaches the dialog itself; inside, it reaches its content.
      if (event.target === dialog) dialog.close();
    });
    dialog.addEventListener('close', () => this.writeAddress(true));
    input.addEventListener('input', () => this.ask());
    input.addEventListener('keydown', (event) => this.onKey(event));
    this.list.addEventListener('click', (event) => this.onClick(event));
  }

  opened(): void {
    if (this.input.value === '') this.readAddress();
    this.ask();
  }

  warm(): void {
    this.connection.warm();
  }

  private ask(): void {
    this.follow = undefined;
    this.current = false;
    this.asked++;
    if (this.input.value.trim() === '' && Object.keys(this.chosen).length === 0) {
      this.showNothingAsked();
    } else {
      this.list.ariaBusy = 'true';
      this.connection.ask({
        number: this.asked,
        text: this.input.value,
        filters: this.chosen,
      });
    }
    clearTimeout(this.writing);
    this.writing = setTimeout(() => this.writeAddress(), pauseBeforeAddress);
  }

  private receive(reply: Reply): void {
    if ('facets' in reply) {
      this.known = reply.facets;
      this.makeSelects();
    } else if (reply.number !== this.asked) {
      return;
    } else if ('failure' in reply) {
      this.shown = undefined;
      this.showList([]);
      this.status.textContent = unavailable;
    } else if (reply.complete || this.list.childElementCount === 0) {
      // A first result alone is shown only where nothing else would have to make way for it.
      this.show(reply.answer, reply.complete);
    }
  }

  private show(answer: Answer, complete: boolean): void {
    this.shown = answer;
    this.current = true;
    this.showList(answer.results, complete);
    if (!complete) return;
    this.aside.replaceChildren();
    this.status.textContent = this.describe(answer);
    for (const [facet, select] of this.selects) {
      for (const option of select.options) {
        const { [option.value]: count } = answer.counts[facet] ?? {};
        if (option.value !== '') option.textContent = this.optionText(facet, option.value, count);
      }
    }
    if (answer.results.length === 0) this.showNothingFound(answer);
    const { follow } = this;
    this.follow = undefined;
    if (follow) this.followChosen(follow === 'new tab');
  }

  /** What a screen reader says of an answer, and everybody reads. */
  private describe({ corrected, filters, total }: Answer): string {
    const within = Object.keys(this.known).flatMap((facet) => {
      const { [facet]: value } = filters;
      if (value === undefined || this.chosen[facet] !== undefined) return [];
      return [this.known[facet]?.values[value]?.label ?? value];
    });
    const scope = within.length > 0 ? `${within.join(', ')}: ` : '';
    const meant = corrected === undefined ? '' : `Results for “${corrected}”: `;
    return `${meant}${scope}${total} ${total === 1 ? 'page' : 'pages'} found`;
  }

  private showList(results: readonly Result[], complete = true): void {
    this.list.ariaBusy = String(!complete);
    this.list.replaceChildren(...results.map((result, i) => this.option(result, i)));
    this.list.hidden = results.length === 0;
    this.input.setAttribute('aria-expanded', String(results.length > 0));
    this.input.removeAttribute('aria-activedescendant');
  }

  private option(result: Result, number: number): HTMLLIElement {
    const own = result.kind === 'page' || result.kind === 'section';
    const kind = own ? this.kindOf(result) : itemKinds[result.kind as keyof typeof itemKinds];
    const where = result.kind === 'page' ? [] : [result.page];
    return element(
      'li',
      { id: `search-option-${number}`, role: 'option', 'aria-selected': 'false' },
      element(
        'a',
        { href: this.addressOf(result), tabindex: '-1' },
        element('span', { class: 'search-title' }, result.title),
        element('span', { class: 'search-where' }, [...where, kind].filter(Boolean).join(' · ')),
        element(
          'span',
          { class: 'search-excerpt', dir: 'auto' },
          ...result.excerpt.map(({ text, found }) => (found ? element('mark', {}, text) : text)),
        ),
      ),
    );
  }

  private kindOf({ filters }: Result): string {
    const [facet = ''] = Object.keys(this.known);
    const [value = ''] = filters[facet] ?? [];
    const known = this.known[facet]?.values[value];
    return known?.one ?? known?.label ?? '';
  }

  private addressOf({ url }: Result): string {
    return addressWithWords(new URL(url, siteRoot()), this.shown?.words ?? []);
  }

  private showNothingAsked(): void {
    this.shown = undefined;
    this.showList([]);
    this.status.textContent = '';
    const recent = recentSearches();
    const clear = element('button', { type: 'button', class: 'search-forget' }, 'Clear');
    clear.addEventListener('click', () => {
      forgetSearches();
      this.aside.replaceChildren();
      this.input.focus();
    });
    const again = recent.map((query) => {
      const button = element('button', { type: 'button' }, query);
      button.addEventListener('click', () => {
        this.input.value = query;
        this.input.focus();
        this.ask();
      });
      return element('li', {}, button);
    });
    this.aside.replaceChildren(
      ...(again.length > 0
        ? [element('h2', {}, 'Recent searches'), element('ul', {}, ...again), clear]
        : []),
    );
  }

  private showNothingFound({ nearest }: Answer): void {
    const links = nearest.map(({ url, title }) =>
      element('li', {}, element('a', { href: new URL(url, siteRoot()).href }, title)),
    );
    const sections = [...document.querySelectorAll<HTMLAnchorElement>('[data-search-index] a')].map(
      ({ href, textContent }) => element('li', {}, element('a', { href }, textContent ?? '')),
    );
    this.aside.replaceChildren(
      ...(links.length > 0
        ? [element('h2', {}, 'Names that are near'), element('ul', {}, ...links)]
        : []),
      ...(sections.length > 0
        ? [element('h2', {}, 'All pages'), element('ul', {}, ...sections)]
        : []),
    );
  }

  private makeSelects(): void {
    this.selects.clear();
    this.facets.replaceChildren();
    for (const [facet, { label, values }] of Object.entries(this.known)) {
      const select = element('select', { autocomplete: 'off' });
      select.append(
        element('option', { value: '' }, 'any'),
        ...Object.keys(values).map((value) =>
          element('option', { value }, this.optionText(facet, value, undefined)),
        ),
      );
      select.value = this.chosen[facet] ?? '';
      select.addEventListener('change', () => {
        if (select.value === '') delete this.chosen[facet];
        else this.chosen[facet] = select.value;
        this.ask();
      });
      this.selects.set(facet, select);
      this.facets.append(element('label', {}, `${label} `, select));
    }
  }

  private optionText(facet: string, value: string, count: number | undefined): string {
    const label = this.known[facet]?.values[value]?.label ?? value;
    return count === undefined ? label : `${label} (${count})`;
  }

  /** Arrows move through the results while focus stays in the box; Enter follows the chosen one. */
  private onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      this.choose(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const newTab = event.ctrlKey || event.metaKey;
      if (this.current) this.followChosen(newTab);
      else this.follow = newTab ? 'new tab' : 'here';
    } else if (event.key === 'Escape') {
      // Some browsers would empty the box first.
      event.preventDefault();
      this.dialog.close();
    }
  }

  private choose(step: number): void {
    const options = [...this.list.children];
    const at = options.findIndex((option) => option.ariaSelected === 'true');
    const from = at < 0 && step < 0 ? 0 : at;
    const next = options[(from + step + options.length) % options.length];
    for (const option of options) option.ariaSelected = String(option === next);
    if (!next) return;
    this.input.setAttribute('aria-activedescendant', next.id);
    next.scrollIntoView({ block: 'nearest' });
  }

  private followChosen(newTab: boolean): void {
    const chosen =
      this.list.querySelector('[aria-selected=true] a') ?? this.list.querySelector('a');
    if (!(chosen instanceof HTMLAnchorElement)) return;
    if (newTab) {
      rememberSearch(this.input.value);
      open(chosen.href, '_blank', 'noopener');
    } else {
      chosen.click();
    }
  }

  private onClick(event: MouseEvent): void {
    const link = (event.target as Element).closest('a');
    if (!link) return;
    rememberSearch(this.input.value);
    this.writeAddress();
    leaveWords(this.shown?.words ?? []);
    // In a new tab or window: then this page stays as it is.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const [target, here] = [new URL(link.href), new URL(location.href)];
    if (target.origin === here.origin && target.pathname === here.pathname) {
      event.preventDefault();
      this.dialog.close();
      location.assign(target.hash || '#');
      void loadScript('highlight.js').catch(() => undefined);
    }
  }

  /** Takes question and filters from the address: `?q=raft&kind=library`. */
  private readAddress(): void {
    const query = new URLSearchParams(location.search);
    this.input.value = (query.get('q') ?? '').slice(0, 200);
    this.chosen = Object.fromEntries([...query].filter(([key]) => key !== 'q' && query.has('q')));
  }

  /** Keeps question and filters in the address, so that it can be shared and survives reload and back. */
  private writeAddress(closed = false): void {
    clearTimeout(this.writing);
    const address = new URL(location.href);
    const text = this.input.value.trim();
    const asked = !closed && (text !== '' || Object.keys(this.chosen).length > 0);
    for (const facet of Object.keys(this.known)) address.searchParams.delete(facet);
    address.searchParams.delete('q');
    if (asked) {
      address.searchParams.set('q', text);
      for (const [facet, value] of Object.entries(this.chosen)) {
        address.searchParams.set(facet, value);
      }
    }
    if (address.href !== location.href) history.replaceState(history.state, '', address);
  }
}

/** What sections of a page are called that are not text under a heading. */
const itemKinds = { identifier: 'Identifier', example: 'Example', fact: 'Fact' } as const;

/** Makes an element with attributes and children; text stays text. */
function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

globalThis.startSearchDialog = (frame) => new Dialog(frame);
