import { z } from 'zod';
import { address, commit, day, repositoryName, text } from './common.ts';

const shared = {
  /** What a reader sees in the list of sources: who says it, and where. */
  title: text,
  /** The day on which it was last opened. */
  read: day,
};

/** A page, document, issue or pull request on the web. */
const webSource = z.strictObject({ ...shared, url: address });

/** A file, folder or commit of a public repository, pinned to one commit. */
const repositorySource = z.strictObject({
  ...shared,
  repo: repositoryName,
  commit,
  /** Path of the file or folder; absent where the commit itself is the source. */
  path: z
    .string()
    .regex(/^[^/].*$/, 'starts with a slash: write it relative to the repository')
    .optional(),
  /** Line or range in the file: `120` or `120-134`. */
  lines: z
    .union([z.string(), z.number()])
    .transform(String)
    .refine((value) => /^\d+(-\d+)?$/.test(value), 'is no line or range: write 120 or 120-134')
    .optional(),
});

/** Where facts and statements come from. A file in content/catalog/sources maps ids to sources. */
export const source = z.union([webSource, repositorySource]);
export type Source = z.infer<typeof source>;

/** The address at which a reader can open the source. */
export function addressOf(source: Source): string {
  if ('url' in source) return source.url;
  const base = `https://github.com/${source.repo}`;
  if (!source.path) return `${base}/commit/${source.commit}`;
  const lines = source.lines
    ?.split('-')
    .map((line) => `L${line}`)
    .join('-');
  return `${base}/blob/${source.commit}/${source.path}${lines ? `#${lines}` : ''}`;
}
