/** One browser window under test. Every engine offers the same, so that one suite serves them all. */
export interface Tab extends AsyncDisposable {
  /** Opens an address, and waits for the page's load event. */
  open(address: string): Promise<void>;

  /** What a function returns in the page, awaited. Arguments and answer travel as JSON. */
  evaluate<Args extends unknown[], Answer>(
    run: (...args: Args) => Answer,
    ...args: Args
  ): Promise<Awaited<Answer>>;

  /** Clicks the first element that a selector matches, where the reader would hit it. */
  click(selector: string): Promise<void>;

  /** Goes back in the history, and does not wait. */
  back(): Promise<void>;

  /** Presses a key by its name, such as `Enter` or `k`, perhaps while Control is held. */
  press(key: string, held?: 'Control'): Promise<void>;

  /**
   * Waits until everything has come that was asked for, and tells what went wrong this was
   * asked last: console messages of any level, script errors, failed requests and answers of 400 and
   * above. What was still under way when its page was left is none of it.
   */
  takeComplaints(): Promise<string[]>;
}

/** The text of a script that calls a function with arguments. */
export function callIn<Args extends unknown[]>(
  run: (...args: Args) => unknown,
  args: Args,
): string {
  return `(${run})(...${JSON.stringify(args)})`;
}
