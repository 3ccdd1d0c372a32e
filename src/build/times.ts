import type { AstroIntegration } from 'astro';

const prefix = 'build step: ';

/** Runs a step of the build and notes how long it took. */
export async function timeStep<T>(name: string, step: () => Promise<T> | T): Promise<T> {
  const start = performance.now();
  const result = await step();
  performance.measure(prefix + name, { start });
  return result;
}

/** The same integrations, with what each does to the finished files noted as a step of its name. */
export function timed(integrations: readonly AstroIntegration[]): AstroIntegration[] {
  return integrations.map((integration) => {
    const finish = integration.hooks['astro:build:done'];
    if (!finish) return integration;
    const hooks: AstroIntegration['hooks'] = {
      ...integration.hooks,
      'astro:build:done': (options) => timeStep(integration.name, () => finish(options)),
    };
    return { ...integration, hooks };
  });
}

/** Steps that ran in this process, in order, with the seconds that each took; once or page by page. */
export function stepTimes(): { name: string; seconds: number }[] {
  const times = new Map<string, number>();
  for (const { name, duration } of performance.getEntriesByType('measure')) {
    if (!name.startsWith(prefix)) continue;
    const step = name.slice(prefix.length);
    times.set(step, (times.get(step) ?? 0) + duration / 1000);
  }
  return [...times].map(([name, seconds]) => ({ name, seconds }));
}
