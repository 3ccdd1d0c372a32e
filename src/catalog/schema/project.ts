import { z } from 'zod';
import { id, provenance, recordBase, repositoryName, text } from './common.ts';

/** A CNCF project that ships Rust. One file in content/catalog/projects. */
export const project = z.strictObject({
  ...recordBase,
  /** Its name in the CNCF landscape, from which maturity, dates and category are read. */
  landscape: text,
  /** Where the Rust is, in one sentence for tables. */
  rust: text,
  /** Repositories that make it up, the most important first. */
  repositories: z
    .array(
      z.strictObject({
        repo: repositoryName,
        /** What is in it. */
        role: text,
        /** Pattern of its release tags; the first group is the version. Absent: no release is read. */
        tags: text.optional(),
        /** Whether its newest release is shown as the project's; see `Catalog.releasesOf`. */
        ships: z.boolean().default(false),
      }),
    )
    .min(1),
  /** Crates that the page shows under "Builds on", each with what it does there. */
  buildsOn: z
    .array(
      z.strictObject({
        /** Repository of this project whose Cargo.lock names the version. */
        repo: repositoryName,
        crate: text,
        /** What the project uses it for. */
        for: text,
      }),
    )
    .min(1),
  /** Work that went back to the Rust ecosystem and is not a library that the project stewards. */
  gaveBack: z.array(z.strictObject({ library: id, what: text, ...provenance })).default([]),
});
export type Project = z.infer<typeof project>;
