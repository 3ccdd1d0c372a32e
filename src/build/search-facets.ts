import { jobs } from '../catalog/schema/library.ts';
import { maturity } from '../catalog/schema/snapshot.ts';
import type { Facets, FacetValue } from '../search/lexicon.ts';
import { stopWords, wordsOf } from '../search/words.ts';

/** Words by which readers call the jobs, besides the id and the words of the label. */
const jobWords: Record<keyof typeof jobs, string[]> = {
  consensus: ['raft'],
  rpc: ['grpc'],
  http: ['web'],
  tls: ['ssl', 'tls', 'encryption', 'crypto'],
  runtime: ['async', 'runtimes', 'executors'],
  limits: ['throttling', 'limiters'],
  metrics: ['monitoring'],
  tracing: ['logging'],
  profiling: ['profilers', 'performance'],
  faults: ['chaos', 'testing'],
};

/**
 * What results of this site can be narrowed by. Values of `project` come from the pages. The words of a
 * kind ask for a list of it, so only those stand here that nobody types for another reason.
 */
export const facets: Facets = {
  kind: {
    label: 'Kind',
    values: {
      project: { label: 'Projects', one: 'Project', words: ['projects'] },
      library: { label: 'Libraries', one: 'Library', words: ['libraries', 'crates', 'libs'] },
      concept: { label: 'Concepts', one: 'Concept', words: ['concepts'] },
      guide: { label: 'Guides', one: 'Guide', words: ['guides'] },
      example: {
        label: 'Examples',
        one: 'Example',
        words: ['examples', 'samples', 'snippets', 'programs'],
        sections: true,
      },
    },
  },
  job: {
    label: 'Job',
    values: valuesOf(Object.keys(jobs) as (keyof typeof jobs)[], (job) => ({
      label: jobs[job],
      words: [...new Set([job, ...wordsOf(jobs[job]), ...jobWords[job]])].filter(
        (word) => !stopWords.has(word),
      ),
    })),
  },
  project: { label: 'Project', values: {} },
  maturity: {
    label: 'Maturity',
    alone: true,
    values: valuesOf(maturity, (level) => ({ label: level, words: [level] })),
  },
};

function valuesOf<T extends string>(
  ids: readonly T[],
  describe: (id: T) => FacetValue,
): Record<string, FacetValue> {
  return Object.fromEntries(ids.map((id) => [id, describe(id)]));
}
