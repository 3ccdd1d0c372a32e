import { z } from 'zod';
import { address, day, fact, id, provenance, recordBase, repositoryName, text } from './common.ts';

/** The jobs that libraries are listed by, in the order of the index. */
export const jobs = {
  consensus: 'Consensus and replication',
  rpc: 'Remote procedure calls',
  http: 'HTTP and middleware',
  tls: 'Transport security',
  runtime: 'Asynchronous runtime',
  limits: 'Rate limiting',
  metrics: 'Metrics',
  tracing: 'Tracing and logs',
  profiling: 'Profiling',
  faults: 'Fault injection',
} as const;

const job = z.enum(Object.keys(jobs) as [keyof typeof jobs, ...(keyof typeof jobs)[]]);

/** How well a library is looked after. The words are defined on the about page. */
export const upkeep = ['active', 'maintained', 'slow', 'dormant', 'archived'] as const;

/** One line of an API map. */
const apiItem = z.strictObject({
  /** Full path as one writes it in code: `raft::RawNode`, `fail::fail_point!`, `raft::Storage::term`. */
  item: text,
  kind: z.enum([
    'struct',
    'enum',
    'trait',
    'fn',
    'macro',
    'attr',
    'derive',
    'type',
    'constant',
    'method',
    'module',
    'feature',
  ]),
  /** What it is for, in one line. */
  does: text,
  /** Path on docs.rs below the crate's version, where it does not follow from `item` and `kind`. */
  page: text.optional(),
});
export type ApiItem = z.infer<typeof apiItem>;

/** A Rust library of the story. One file in content/catalog/libraries. */
export const library = z.strictObject({
  ...recordBase,
  /** Name on crates.io. */
  crate: text,
  /** Further crates of the same repository that the page speaks of. */
  crates: z.array(text).default([]),
  /** What one takes it for; the first is its place in the index. */
  jobs: z.tuple([job], job),
  /** Who looks after it: a project of the catalog, or somebody else by name and address. */
  steward: z.union([z.strictObject({ project: id }), z.strictObject({ name: text, url: address })]),
  repository: z.strictObject({
    repo: repositoryName,
    /** Manifest from which licence, edition and rust-version are read. */
    manifest: text.default('Cargo.toml'),
    /** Pattern of its release tags; the first group is the version. */
    tags: text,
  }),
  /** Newest release, only where it cannot be read from the repository's tags. */
  release: z
    .strictObject({ version: text, date: day.optional(), why: text, ...provenance })
    .optional(),
  upkeep: z.strictObject({
    level: z.enum(upkeep),
    /** What that is judged by. */
    because: text,
    ...provenance,
  }),
  /** Minimum Rust version, only where the manifest at the release does not say it. */
  msrv: fact.optional(),
  /** What the machine that builds it must have besides Cargo, where that is anything. */
  needs: fact.optional(),
  /** Version whose documentation docs.rs has, where that is not the newest release. */
  docs: fact.optional(),
  /** Security audits that covered it. */
  audits: z
    .array(z.strictObject({ title: text, by: text, date: day, outcome: text, ...provenance }))
    .default([]),
  /** What the projects of the catalog use it for; versions come from their lockfiles. */
  production: z
    .array(
      z.strictObject({
        project: id,
        for: text,
        /** Whether only another dependency brings it in. So it is for projects without an entry. */
        indirect: z.boolean().default(false),
        ...provenance,
      }),
    )
    .default([]),
  /** The types, traits, functions and features that a reader meets first. */
  api: z.array(apiItem).min(8, 'has fewer than eight entries: name what a reader meets first'),
});
export type Library = z.infer<typeof library>;
