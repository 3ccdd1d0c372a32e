/** Puts a value into a map that keeps only its newest entries, so many at most. */
export function putNewest<T>(kept: Map<string, T>, key: string, value: T, most: number): void {
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
}
