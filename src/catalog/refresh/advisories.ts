import { parse } from 'smol-toml';
import { compare, type Problem } from '../report.ts';
import type { AdvisorySnapshot } from '../schema/snapshot.ts';
import type { Repository } from './git.ts';

/** Repository of the RustSec advisories. */
export const advisoryRepository = 'rustsec/advisory-db';

/** Advisories for the crates that the catalog names. */
export async function readAdvisories(
  clone: Repository,
  crates: readonly string[],
  problems: Problem[],
): Promise<AdvisorySnapshot> {
  const wanted = new Set(crates);
  const blobs = (await clone.files())
    .filter(({ path }) => {
      const [, crate] = /^crates\/([^/]+)\/RUSTSEC-[\d-]+\.md$/.exec(path) ?? [];
      return crate !== undefined && wanted.has(crate);
    })
    .sort((a, b) => compare(a.path, b.path));
  const texts = await clone.read(blobs);
  const advisories = blobs.flatMap(({ path }, i) => {
    const advisory = parseAdvisory(texts[i]?.toString('utf8') ?? '');
    if (advisory) return [advisory];
    problems.push({
      file: `rustsec+advisory-db/repo:${path}`,
      what: 'the advisory has no readable front matter',
      mend: 'fetch the clone again',
    });
    return [];
  });
  return { repo: advisoryRepository, ...(await clone.head()), advisories };
}

/** An advisory is Markdown: TOML in a fence, then a title. Undefined if it is not. */
export function parseAdvisory(text: string): AdvisorySnapshot['advisories'][number] | undefined {
  const [, toml, rest] =
    /^```toml\n([\s\S]*?)\n```([\s\S]*)$/.exec(text.replaceAll('\r\n', '\n')) ?? [];
  const [, title] = /^# (.+)$/m.exec(rest ?? '') ?? [];
  if (toml === undefined || title === undefined) return undefined;
  try {
    const front = parse(toml) as {
      advisory: {
        id: string;
        package: string;
        date: unknown;
        informational?: string;
        withdrawn?: unknown;
      };
      versions?: { patched?: string[] };
    };
    return {
      id: front.advisory.id,
      crate: front.advisory.package,
      date: String(front.advisory.date).slice(0, 10),
      title: title.trim(),
      kind: front.advisory.informational ?? 'vulnerability',
      patched: front.versions?.patched ?? [],
      withdrawn: front.advisory.withdrawn !== undefined,
    };
  } catch {
    return undefined;
  }
}
