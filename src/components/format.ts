import type { LockedUse } from '../catalog/index.ts';
import type { Unit } from '../catalog/schema/measurement.ts';
import { escapeHtml } from '../markdown/highlight.ts';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `2020-09-02` as `2 September 2020`, `2019-05` as `May 2019`, `2015` as it is. */
export function formatMoment(moment: string): string {
  const [year, month, day] = moment.split('-');
  const name = month === undefined ? undefined : months[Number(month) - 1];
  return [day && String(Number(day)), name, year].filter(Boolean).join(' ');
}

/** Whether a text is a day of the calendar. */
export function isDay(value: string | number): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
}

/** `608667` as `608,667`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-GB');
}

/** A size as people write it, in decimal units: `37,534` as `37.5 kB`. */
export function formatBytes(bytes: number): string {
  for (const [unit, size] of [
    ['TB', 1e12],
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const) {
    if (bytes >= size) return `${(bytes / size).toFixed(1)} ${unit}`;
  }
  return `${bytes} B`;
}

/** A share between 0 and 1 in whole per cent; never rounded to all or nothing. */
export function formatShare(part: number, whole: number): string {
  const percent = Math.round((100 * part) / whole);
  if (percent === 100 && part < whole) return 'over 99 %';
  if (percent === 0 && part > 0) return 'under 1 %';
  return `${percent} %`;
}

/** First letters of a commit hash, as people write it. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}

/** Escapes text and renders its `code` spans, for one-line texts of the catalog. */
export function inlineCode(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

/** Locked versions as a list; those that are not from crates.io say where they come from. */
export function formatVersions(versions: LockedUse['versions']): string {
  return versions
    .map(({ version, from }) => (from === 'crates.io' ? version : `${version} (${from})`))
    .join(', ');
}

/** A measured figure with its unit, as short as it can be told: `12.3 s`, `4.56 MB`; a dash for none. */
export function formatMeasured(value: number | null, unit: Unit): string {
  if (value === null) return '–';
  if (unit === 's') return `${value.toFixed(value < 10 ? 2 : 1)} s`;
  if (unit === 'ms') return `${value.toFixed(0)} ms`;
  if (unit === 'times') return `${value.toFixed(2)} ×`;
  if (unit === 'share') return `${(value * 100).toFixed(1)} %`;
  if (unit === 'count') return formatCount(Math.round(value));
  const size = formatBytes(Math.abs(Math.round(value)));
  return value < 0 ? `-${size}` : size;
}
