import { z } from 'zod';
import { commit, day, repositoryName, text } from './common.ts';

/** Levels of the CNCF's maturity scale, and where projects end. */
export const maturity = ['sandbox', 'incubating', 'graduated', 'archived'] as const;

/** A crate as one Cargo.lock names it. */
const lockedCrate = z.strictObject({
  name: text,
  version: text,
  /** `crates.io`, `git` or `path`. */
  from: z.enum(['crates.io', 'git', 'path']),
});

/** What was read from one repository, at one commit. */
export const repositorySnapshot = z.strictObject({
  repo: repositoryName,
  commit,
  /** Day of that commit: what is below was true then. */
  committed: day,
  /** Newest release tag, where the catalog gives a pattern for tags. */
  release: z.strictObject({ tag: text, version: text, date: day }).nullable(),
  /** Out of the manifest that the catalog names, at the release if there is one. */
  manifest: z
    .strictObject({
      path: text,
      licence: text.nullable(),
      edition: text.nullable(),
      rustVersion: text.nullable(),
    })
    .nullable(),
  /** Lines that are not blank, in source files; tests and generated code included. */
  lines: z.strictObject({
    rust: z.int().nonnegative(),
    all: z.int().nonnegative(),
    rustFiles: z.int().nonnegative(),
  }),
  /** Out of the Cargo.lock at the root, reduced to the crates that pages show. */
  lock: z
    .strictObject({ packages: z.int().nonnegative(), crates: z.array(lockedCrate) })
    .nullable(),
});
export type RepositorySnapshot = z.infer<typeof repositorySnapshot>;

/** What cncf/landscape says of the projects of the catalog. */
export const landscapeSnapshot = z.strictObject({
  repo: repositoryName,
  commit,
  committed: day,
  projects: z.array(
    z.strictObject({
      name: text,
      maturity: z.enum(maturity),
      category: text,
      accepted: day.nullable(),
      incubating: day.nullable(),
      graduated: day.nullable(),
      archived: day.nullable(),
    }),
  ),
});
export type LandscapeSnapshot = z.infer<typeof landscapeSnapshot>;

/** What rustsec/advisory-db says of the libraries of the catalog. */
export const advisorySnapshot = z.strictObject({
  repo: repositoryName,
  commit,
  committed: day,
  advisories: z.array(
    z.strictObject({
      id: text,
      crate: text,
      date: day,
      title: text,
      /** `vulnerability`, or the kind of a notice: `unmaintained`, `unsound`. */
      kind: text,
      /** Version requirements that are safe; empty where no version is. */
      patched: z.array(text),
      withdrawn: z.boolean(),
    }),
  ),
});
export type AdvisorySnapshot = z.infer<typeof advisorySnapshot>;

/** What became of the addresses that pages link to, when they were last asked for. */
export const linkSnapshot = z.strictObject({
  /** The day of asking. */
  checked: day,
  alive: z.array(text),
  /** Moved for good, and where to. */
  moved: z.record(text, text),
  /** Gone, and the status that said so. */
  dead: z.record(text, z.int()),
  /** Not reached, or without a clear answer, and why. */
  notChecked: z.record(text, text),
});
export type LinkSnapshot = z.infer<typeof linkSnapshot>;
