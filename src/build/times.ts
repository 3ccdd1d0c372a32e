/** Seconds by step, in the order in which the steps began to be counted. */
const times = new Map<string, number>();

/** How long a step of the build took. */
export interface StepTime {
  name: string;
  seconds: number;
}

/** Runs a step of the build, once or page by page, and counts how long it took. */
export async function timeStep<T>(name: string, step: () => Promise<T> | T): Promise<T> {
  const start = performance.now();
  const result = await step();
  countSteps([{ name, seconds: (performance.now() - start) / 1000 }]);
  return result;
}

/** Counts steps that ran, here or in another process. */
export function countSteps(steps: readonly StepTime[]): void {
  for (const { name, seconds } of steps) times.set(name, (times.get(name) ?? 0) + seconds);
}

/** Steps of this build so far. */
export function stepTimes(): StepTime[] {
  return [...times].map(([name, seconds]) => ({ name, seconds }));
}
