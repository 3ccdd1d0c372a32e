/** What a server sent for one step of a reader, headers included. */
export interface Traffic {
  requests: number;
  bytes: number;
}

/** A line of the reckoning: how often a reader takes a step, and what that makes for one reader. */
export interface Step extends Traffic {
  what: string;
  times: number;
}

/** What a day of readers asks of a host. */
export interface Day {
  steps: Step[];
  /** One reader, all steps. */
  reader: Traffic;
  day: Traffic;
  month: Traffic;
  /** Requests and bytes a second, if readers came evenly. */
  mean: Traffic;
  /** The same at the busiest time of the day. */
  peak: Traffic;
}

/** What is assumed; everything else is measured or follows. */
export const assumed = {
  readers: 1_000_000,
  /** Searches a reader makes, on average. */
  searches: 0.5,
  days: 30,
  /** How much more is asked at the busiest time than on average. */
  peak: 4,
} as const;

/**
 * Reckons what readers cost a host: each opens three pages, and some search.
 *
 * @param measured what one reader made a server send, step by step
 */
export function reckon(measured: Record<'first' | 'second' | 'third' | 'search', Traffic>): Day {
  const steps = [
    { what: 'The first page, with everything that the site needs', times: 1, ...measured.first },
    { what: 'A second page', times: 1, ...measured.second },
    { what: 'A third page', times: 1, ...measured.third },
    { what: 'A search, with the part of the index that it needs', ...measured.search },
  ].map((step) => ({ times: assumed.searches, ...step }));
  const times = ({ requests, bytes }: Traffic, factor: number): Traffic => ({
    requests: requests * factor,
    bytes: bytes * factor,
  });
  const reader = steps.reduce(
    (sum, step) => ({
      requests: sum.requests + step.requests * step.times,
      bytes: sum.bytes + step.bytes * step.times,
    }),
    { requests: 0, bytes: 0 },
  );
  const day = times(reader, assumed.readers);
  const mean = times(day, 1 / 86_400);
  return {
    steps,
    reader,
    day,
    month: times(day, assumed.days),
    mean,
    peak: times(mean, assumed.peak),
  };
}
