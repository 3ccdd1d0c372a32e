/**
 * What every page carries of search: the button, the shortcut, and a dialog with a box to type in, which
 * is there at once. What answers is loaded on the first intent, and nothing before it. Runs in the browser.
 */
import { hasWordsToMark } from './found-words.ts';
import { loadScript, startWorker } from './loading.ts';

/** The dialog as it is before the script has come that fills it. */
export interface Frame {
  dialog: HTMLDialogElement;
  input: HTMLInputElement;
  status: HTMLElement;
  /** The engine, started along with the dialog's script; absent on a page from disk. */
  worker: Worker | undefined;
}

/** What the dialog's script makes of the frame. */
export interface SearchDialog {
  /** Fetches what the first answer needs. */
  warm(): void;
  /** Answers what stands in the box. */
  opened(): void;
}
declare global {
  var startSearchDialog: ((frame: Frame) => SearchDialog) | undefined;
}

const unavailable =
  'Search could not be loaded. Type again to try once more; all pages are linked from the header too.';

class SiteSearch extends HTMLElement {
  private frame: Frame | undefined;
  private loading: Promise<SearchDialog> | undefined;

  connectedCallback(): void {
    if (/Mac|iPhone|iPad/.test(navigator.platform)) {
      for (const key of document.querySelectorAll('site-search kbd, search-start kbd')) {
        key.textContent = '⌘ K';
      }
    }
    for (const button of document.querySelectorAll('.search-open, search-start button')) {
      for (const intent of ['pointerenter', 'focus', 'touchstart']) {
        button.addEventListener(intent, () => this.load()?.catch(() => undefined), {
          passive: true,
        });
      }
      button.addEventListener('click', () => this.open());
    }
    addEventListener('keydown', (event) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (this.frame?.dialog.open) this.frame.dialog.close();
      else this.open();
    });
    const query = new URLSearchParams(location.search);
    if (query.has('q')) this.open();
    // A page made ready before the click that leads to it does not know the words yet.
    const { prerendering } = document as { prerendering?: boolean };
    if (prerendering) document.addEventListener('prerenderingchange', markWords, { once: true });
    else markWords();
  }

  private open(): void {
    const { dialog, input, status } = this.makeFrame();
    if (dialog.open) return;
    dialog.showModal();
    input.select();
    const loading = this.load();
    if (!loading) status.textContent = 'Search needs a build: npm run build, then npm start.';
    loading?.then(
      (search) => search.opened(),
      () => {
        status.textContent = unavailable;
        input.addEventListener('input', () => this.retry(), { once: true });
      },
    );
  }

  private retry(): void {
    this.frame?.dialog.close();
    this.open();
  }

  /** In development there is no index, and so nothing to load. */
  private load(): Promise<SearchDialog> | undefined {
    if (this.dataset.offered === undefined) return undefined;
    if (this.loading) return this.loading;
    const frame = this.makeFrame();
    this.loading = loadScript('dialog.js').then(() => {
      if (!globalThis.startSearchDialog) throw new Error('the search dialog did not start');
      const search = globalThis.startSearchDialog(frame);
      search.warm();
      return search;
    });
    this.loading.catch(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  private makeFrame(): Frame {
    if (this.frame) return this.frame;
    const make = <Tag extends keyof HTMLElementTagNameMap>(tag: Tag, className: string) => {
      const made = document.createElement(tag);
      made.className = className;
      return made;
    };
    const dialog = make('dialog', 'search-dialog');
    dialog.ariaLabel = 'Search';
    const bar = make('div', 'search-bar');
    const input = document.createElement('input');
    input.type = 'search';
    input.ariaLabel = 'Search this site';
    input.placeholder = 'Search';
    input.autocomplete = 'off';
    input.spellcheck = false;
    input.maxLength = 200;
    const close = make('button', 'search-close');
    close.type = 'button';
    close.textContent = 'Close';
    close.addEventListener('click', () => dialog.close());
    const status = make('p', 'search-status');
    status.role = 'status';
    bar.append(input, close);
    dialog.append(bar, status);
    this.append(dialog);
    const frame: Frame = { dialog, input, status, worker: startWorker() };
    // Nobody listens yet: then the dialog starts another one, and hears what is wrong with it.
    frame.worker?.addEventListener('error', () => {
      frame.worker = undefined;
    });
    this.frame = frame;
    return this.frame;
  }
}

function markWords(): void {
  if (hasWordsToMark()) loadScript('highlight.js').catch(() => undefined);
}

customElements.define('site-search', SiteSearch);
