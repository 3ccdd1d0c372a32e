import { z } from 'zod';

/** An id as it stands in addresses and references: `raft-rs`, `poll-mode-io`. Stable for ever. */
export const id = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is not an id: use lower-case letters, digits and hyphens');

/** A text that says something. */
export const text = z.string().trim().min(1);

/** A day of the calendar, `2026-11-23`. Whether it lies in the future is checked with today's date. */
export const day = z
  .string({ error: 'is not a date: write it as year-month-day, like 2026-11-23' })
  .refine(isDay, 'is not a date: write a day that exists as year-month-day, like 2026-11-23');

/** A point of history may be known only to the month or year: `2015`, `2019-05`, `2020-09-02`. */
export const moment = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine(
    (value) => /^\d{4}$/.test(value) || /^\d{4}-(0[1-9]|1[0-2])$/.test(value) || isDay(value),
    'is not a point in time: write a year, a month (2019-05) or a day (2020-09-02) that exists',
  );

/** An https address. */
export const address = z
  .string()
  .regex(/^https:\/\/[^\s]+$/, 'is not an https address: write it in full, from https:// on');

/** `owner/name` of a public repository. */
export const repositoryName = z
  .string()
  .regex(/^[\w.-]+\/[\w.-]+$/, 'is not a repository: write owner/name');

/** A full commit hash. */
export const commit = z
  .string()
  .regex(/^[0-9a-f]{40}$/, 'is not a commit: write all 40 hexadecimal digits');

/** The two keys that no fact goes without: where it was read, and on which day. */
export const provenance = {
  /** Id of the source, from content/catalog/sources. */
  source: id,
  /** The day on which the source was read. */
  read: day,
};

/** Something that can go out of date: a value, its source and the day it was read, inseparable. */
export const fact = z.strictObject({
  /** What the value is, in a few words, for tables: `Newest LTS release`. */
  label: text.optional(),
  /** A day, a whole number or a text. Versions stand in quotes. */
  value: z.union([text, z.int('is not a whole number: put versions and fractions in quotes')]),
  ...provenance,
  /** A reservation that readers must see with the value. */
  note: text.optional(),
});
export type Fact = z.infer<typeof fact>;

/** One line of a timeline. */
export const event = z.strictObject({
  date: moment,
  /** What happened, one sentence without a full stop. */
  what: text,
  ...provenance,
});
export type Event = z.infer<typeof event>;

/** What every record of the catalog has, whatever its kind. */
export const recordBase = {
  /** The name as its makers write it. */
  name: text,
  /** One sentence: what this is and what it is for. Shown in tables, previews and search results. */
  summary: text.max(220, 'is longer than 220 characters: one sentence is enough'),
  /** Other words by which readers look for it: nicknames, crate names, former names. */
  aliases: z.array(text).default([]),
  /** Named facts that the page's prose shows with <Fact>. */
  facts: z.record(id, fact).default({}),
  /** Ids of records of any kind that a reader of this page may want next. */
  related: z.array(id).min(2, 'has fewer than two entries: name at least two other records'),
  /** The timeline. */
  history: z.array(event).default([]),
};

function isDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}
