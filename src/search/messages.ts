/** What the page and the engine say to each other, the same through a worker and without one. */
import type { Answer, Engine } from './engine.ts';
import type { Facets, Filters } from './lexicon.ts';

/** A question, numbered so that an answer that comes too late can be told. */
export interface Ask {
  number: number;
  text: string;
  filters: Filters;
}

/** What is sent: a question, or the wish to know the facets. */
export type Message = Ask | 'facets';

/** What comes back: the facets, answers, or why there is none. */
export type Reply =
  | { facets: Facets }
  | { number: number; answer: Answer; complete: boolean }
  | { number: number; failure: string };

/** Milliseconds within which most people have typed the next letter. */
const pauseInTyping = 120;

/** Milliseconds within which the page has painted the first result: two frames and a little. */
const pauseToPaint = 40;

const after = (pause: number) => new Promise<void>((resolve) => setTimeout(resolve, pause));

export interface Port {
  postMessage(message: Reply): void;
  onmessage: ((event: { data: Message }) => void) | null;
}

/**
 * Answers the questions that come in at a port. Only the newest counts: an older one is dropped as
 * soon as another has come.
 *
 * @param open opens the index; called again where it turned out to be damaged
 */
export function answerMessages(port: Port, open: () => Promise<Engine>): void {
  let newest = -1;
  let engine: Promise<Engine> | undefined;
  const ready = () => {
    engine ??= open();
    // Whoever asks hears of the failure.
    engine.catch(() => undefined);
    return engine;
  };
  const answer = async ({ number, text, filters }: Ask): Promise<void> => {
    const found = await (await ready()).answer(text, filters, {
      first: (first) => port.postMessage({ number, answer: first, complete: false }),
      lost: () => number !== newest,
      shown: () => after(pauseToPaint),
      typing: () => after(pauseInTyping),
    });
    if (found && number === newest) port.postMessage({ number, answer: found, complete: true });
  };
  port.onmessage = async ({ data: ask }) => {
    if (ask === 'facets') {
      // Without the engine there is nothing to choose from; the next question tells why.
      await ready().then(
        ({ facets }) => port.postMessage({ facets }),
        () => undefined,
      );
      return;
    }
    newest = ask.number;
    try {
      await answer(ask);
    } catch {
      // The newest question, which has the same engine, will fail too.
      if (ask.number !== newest) return;
      // Pagefind remembers what it could not read. A new start, once, may find it whole.
      engine = undefined;
      await answer(ask).catch((error: unknown) => {
        if (ask.number !== newest) return;
        engine = undefined;
        port.postMessage({ number: ask.number, failure: String(error) });
      });
    }
  };
  void ready();
}
