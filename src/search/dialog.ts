/** The search dialog: opens with the button or Ctrl/Cmd-K, searches while one types. Runs in the browser. */

/** What is used of Pagefind's JavaScript API. */
interface Pagefind {
  options(options: { baseUrl: string }): Promise<void>;
  init(): Promise<void>;
  search(query: string): Promise<{ results: { data(): Promise<Result> }[] }>;
}
interface Result {
  url: string;
  excerpt: string;
  meta: { title?: string };
  sub_results: { title: string; url: string; excerpt: string }[];
}

const shownPages = 8;
const shownSections = 3;

class SiteSearch extends HTMLElement {
  private pagefind: Promise<Pagefind> | undefined;
  /** Counts searches, so that a slow answer to an old query is not shown. */
  private latest = 0;

  connectedCallback(): void {
    this.hidden = false;
    if (/Mac|iPhone|iPad/.test(navigator.platform)) {
      for (const kbd of document.querySelectorAll('site-search kbd, search-start kbd')) {
        kbd.textContent = '⌘ K';
      }
    }
    const { dialog, input, list } = this;
    this.querySelector('.search-open')?.addEventListener('click', () => this.open());
    this.querySelector('.search-close')?.addEventListener('click', () => dialog.close());
    dialog.addEventListener('click', (event) => {
      // A click on the backdrop reaches the dialog itself; inside, it reaches its content.
      if (event.target === dialog) dialog.close();
    });
    list.addEventListener('click', () => dialog.close());
    input.addEventListener('input', () => this.search(input.value));
    input.addEventListener('keydown', (event) => this.onKey(event));
    addEventListener('keydown', (event) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (dialog.open) dialog.close();
      else this.open();
    });
  }

  open(): void {
    this.dialog.showModal();
    this.input.select();
    void this.load();
  }

  private get dialog(): HTMLDialogElement {
    return this.querySelector('dialog') as HTMLDialogElement;
  }
  private get input(): HTMLInputElement {
    return this.querySelector('input') as HTMLInputElement;
  }
  private get list(): HTMLUListElement {
    return this.querySelector('[role=listbox]') as HTMLUListElement;
  }
  private get status(): HTMLElement {
    return this.querySelector('[role=status]') as HTMLElement;
  }

  /** Loads the index on first use: nothing of search is fetched before the reader asks for it. */
  private load(): Promise<Pagefind> | undefined {
    if (this.dataset.offered === undefined) return undefined;
    this.pagefind ??= loadPagefind();
    return this.pagefind;
  }

  private async search(query: string): Promise<void> {
    const search = ++this.latest;
    if (query.trim() === '') {
      this.show([], '');
      return;
    }
    try {
      const pagefind = await this.load();
      if (!pagefind || search !== this.latest) return;
      const { results } = await pagefind.search(query);
      const pages = await Promise.all(results.slice(0, shownPages).map((result) => result.data()));
      if (search !== this.latest) return;
      this.show(pages, `${results.length} ${results.length === 1 ? 'page' : 'pages'} found`);
    } catch {
      this.pagefind = undefined;
      this.show(
        [],
        'The search index could not be loaded. The pages themselves are all linked from the header.',
      );
    }
  }

  private show(pages: Result[], status: string): void {
    this.status.textContent = status;
    this.list.replaceChildren(
      ...pages.flatMap((page) => [
        option(page.url, page.meta.title ?? page.url, page.excerpt, 'page'),
        ...page.sub_results
          .filter((section) => section.url !== page.url)
          .slice(0, shownSections)
          .map((section) => option(section.url, section.title, section.excerpt, 'section')),
      ]),
    );
    this.list.hidden = pages.length === 0;
    this.input.setAttribute('aria-expanded', String(pages.length > 0));
    this.input.removeAttribute('aria-activedescendant');
  }

  /** Arrows move through the results while focus stays in the box; Enter follows the chosen one. */
  private onKey(event: KeyboardEvent): void {
    const options = [...this.list.querySelectorAll<HTMLElement>('[role=option]')];
    const at = options.findIndex((element) => element.ariaSelected === 'true');
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const next = options[(at + step + options.length) % options.length];
      for (const element of options) element.ariaSelected = String(element === next);
      if (!next) return;
      this.input.setAttribute('aria-activedescendant', next.id);
      next.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      (options[at] ?? options[0])?.querySelector('a')?.click();
    }
  }
}

/** The root of the site, wherever it was opened from: the home page lies there. */
function siteRoot(): URL {
  const home = document.querySelector<HTMLAnchorElement>('a.word-mark');
  return new URL('.', home?.href ?? location.href);
}

/** Loads Pagefind as a module, or from disk, where browsers refuse modules, as classic scripts. */
async function loadPagefind(): Promise<Pagefind> {
  const bundle = new URL('pagefind/', siteRoot());
  if (location.protocol === 'file:') {
    await loadScript(new URL('disk-index.js', bundle));
    await loadScript(new URL('disk-engine.js', bundle));
    const engine = (globalThis as { pagefindFromDisk?: Pagefind }).pagefindFromDisk;
    if (!engine) throw new Error('the search engine did not start');
    return engine;
  }
  const engine: Pagefind = await import(/* @vite-ignore */ new URL('pagefind.js', bundle).href);
  await engine.options({ baseUrl: '/' });
  await engine.init();
  return engine;
}

function loadScript(address: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address.href;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${address} could not be loaded`));
    document.head.append(script);
  });
}

/** Pagefind is told that the site lies at `/`; this is where it really lies. */
function resultAddress(url: string): string {
  return new URL(url.slice(1), siteRoot()).href;
}

let options = 0;

function option(url: string, title: string, excerpt: string, kind: string): HTMLLIElement {
  const item = document.createElement('li');
  item.id = `search-option-${options++}`;
  item.role = 'option';
  item.ariaSelected = 'false';
  item.className = `search-${kind}`;
  const link = document.createElement('a');
  link.href = resultAddress(url);
  link.tabIndex = -1;
  const name = document.createElement('span');
  name.className = 'search-title';
  name.textContent = title;
  const text = document.createElement('span');
  text.className = 'search-excerpt';
  // Pagefind's excerpts are escaped text with <mark> around the words that were found.
  text.innerHTML = excerpt;
  link.append(name, text);
  item.append(link);
  return item;
}

customElements.define('site-search', SiteSearch);

/** Opens the search dialog from elsewhere on the page. */
export function openSearch(): void {
  document.querySelector<SiteSearch>('site-search')?.open();
}
