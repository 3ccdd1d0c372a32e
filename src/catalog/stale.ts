import type { Catalog } from './catalog.ts';

const day = 24 * 60 * 60 * 1000;

/** Facts read more than a number of days ago, the oldest first. */
export function staleFacts(
  catalog: Catalog,
  days: number,
  now: Date,
): { where: string; read: string; days: number }[] {
  return catalog
    .datedFacts()
    .map((fact) => ({ ...fact, days: Math.floor((now.getTime() - Date.parse(fact.read)) / day) }))
    .filter((fact) => fact.days > days);
}
