import { z } from 'zod';
import { day, text } from './common.ts';

/** What a figure counts. Shown beside it, and decides how it is written. */
export const unit = z.enum(['s', 'ms', 'bytes', 'count', 'times', 'share']);
export type Unit = z.infer<typeof unit>;

/** What `npm run bench` found, one part of it. Written by the command, never by hand. */
export const measurement = z.strictObject({
  title: text,
  /** Day of the run. */
  date: day,
  /** Commit that was measured, `+` behind it where files were changed. */
  commit: z.string().regex(/^([0-9a-f]{40}\+?|unknown)$/),
  /** How often each thing was measured: figures are medians of so many. */
  runs: z.int().positive(),
  machine: z.strictObject({
    processor: text,
    cores: z.int().positive(),
    /** In bytes. */
    memory: z.int().positive(),
    system: text,
    node: text,
    browser: text.optional(),
  }),
  /** Exact versions of what was compared, by the name that tables use. */
  versions: z.record(z.string(), text),
  /** How it was measured, a sentence or two each. */
  method: z.array(text),
  /** The first tool is this site; other figures are compared with its. */
  tables: z.array(
    z.strictObject({
      title: text,
      tools: z.array(text).min(1),
      rows: z.array(z.strictObject({ what: text, unit, values: z.array(z.number().nullable()) })),
    }),
  ),
  /** What this site set itself: each figure may be at most its limit. */
  bars: z.array(
    z.strictObject({ what: text, unit, measured: z.number().nullable(), limit: z.number() }),
  ),
});
export type Measurement = z.infer<typeof measurement>;
