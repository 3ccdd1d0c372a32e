/** Connects the dialog with the engine: through a worker, or on the page where that came from disk. */

import type { Answer } from './engine.ts';
import { loadScript, startWorker } from './loading.ts';
import type { Ask, Message, Port, Reply } from './messages.ts';
import { putNewest } from './put-newest.ts';

/** What the engine's script offers on a page. */
interface EngineOnPage {
  connect(port: Port): void;
}

/** Answers that are kept: who deletes a letter asks again what was asked before. */
const keptAnswers = 50;

/** Sends questions to the engine, and starts it where that has not been done. */
export class Connection {
  private readonly receive: (reply: Reply) => void;
  private engine: Promise<(ask: Ask) => void> | undefined;
  private readonly answers = new Map<string, Answer>();
  /** The newest question, as the key of its answer. */
  private asked = { number: -1, key: '' };
  private readonly frame: { worker: Worker | undefined };

  /**
   * @param frame may hold a worker with the engine that has been started already
   * @param receive is called with everything that the engine says
   */
  constructor(frame: { worker: Worker | undefined }, receive: (reply: Reply) => void) {
    this.frame = frame;
    this.receive = (reply) => {
      this.keep(reply);
      receive(reply);
    };
  }

  /** Starts the engine, so that the first question finds it ready. */
  warm(): void {
    this.engine ??= location.protocol === 'file:' ? this.onPage() : this.inWorker();
    this.engine.catch(() => {
      this.engine = undefined;
    });
  }

  /** Asks a question. Where it has been answered before, the answer is received before this returns. */
  ask(ask: Ask): void {
    const { number, text, filters } = ask;
    this.asked = { number, key: JSON.stringify([text, filters]) };
    const answer = this.answers.get(this.asked.key);
    if (answer) {
      this.receive({ number, answer, complete: true });
      return;
    }
    this.warm();
    this.engine?.then(
      (send) => send(ask),
      (error: unknown) => this.receive({ number: ask.number, failure: String(error) }),
    );
  }

  private keep(reply: Reply): void {
    if (!('answer' in reply) || !reply.complete || reply.number !== this.asked.number) return;
    putNewest(this.answers, this.asked.key, reply.answer, keptAnswers);
  }

  private async inWorker(): Promise<(ask: Ask) => void> {
    const worker = this.frame.worker ?? startWorker();
    this.frame.worker = undefined;
    if (!worker) throw new Error('a page from disk has no worker');
    let number = -1;
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.receive(data);
    worker.onerror = () => {
      worker.terminate();
      this.engine = undefined;
      this.receive({ number, failure: 'the search engine did not start' });
    };
    worker.postMessage('facets' satisfies Message);
    return (ask) => {
      number = ask.number;
      worker.postMessage(ask);
    };
  }

  /** Browsers refuse workers and requests from disk; scripts they load. */
  private async onPage(): Promise<(ask: Ask) => void> {
    await loadScript('disk-index.js');
    await loadScript('engine.js');
    const { siteSearchEngine } = globalThis as { siteSearchEngine?: EngineOnPage };
    if (!siteSearchEngine) throw new Error('the search engine did not start');
    const port: Port = { postMessage: (reply) => this.receive(reply), onmessage: null };
    siteSearchEngine.connect(port);
    port.onmessage?.({ data: 'facets' });
    return (ask) => port.onmessage?.({ data: ask });
  }
}
