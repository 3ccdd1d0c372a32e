import { parse } from 'yaml';
import { firstLine, type Problem } from '../report.ts';
import type { LandscapeSnapshot } from '../schema/snapshot.ts';
import type { Repository } from './git.ts';

/** Repository that holds the CNCF's landscape. */
export const landscapeRepository = 'cncf/landscape';

/** Maturity, dates and category of the projects that the catalog names. */
export async function readLandscape(
  clone: Repository,
  names: readonly string[],
  problems: Problem[],
): Promise<LandscapeSnapshot> {
  const blob = (await clone.files()).find(({ path }) => path === 'landscape.yml');
  const [bytes] = blob ? await clone.read([blob]) : [];
  let landscape: LandscapeCategory[] = [];
  try {
    landscape = parse(bytes?.toString('utf8') ?? '', { schema: 'core' })?.landscape ?? [];
  } catch (error) {
    problems.push({
      file: 'cncf+landscape/repo:landscape.yml',
      what: `not valid YAML (${firstLine(error)})`,
      mend: 'fetch the clone again',
    });
    names = [];
  }
  const items = landscape.flatMap(({ subcategories }) =>
    subcategories.flatMap(({ name, items }) =>
      (items ?? []).map((item) => ({ item, category: name })),
    ),
  );
  const projects = names.flatMap((name) => {
    const found = items.find(({ item }) => item.name === name && item.project !== undefined);
    if (!found) {
      problems.push({
        file: 'cncf+landscape/repo:landscape.yml',
        what: `there is no project '${name}'`,
        mend: "correct 'landscape' in the project's record",
      });
      return [];
    }
    const { project, extra = {} } = found.item;
    return [
      {
        name,
        maturity: project as LandscapeSnapshot['projects'][number]['maturity'],
        category: found.category,
        accepted: extra.accepted ?? null,
        incubating: extra.incubating ?? null,
        graduated: extra.graduated ?? null,
        archived: extra.archived ?? null,
      },
    ];
  });
  return { repo: landscapeRepository, ...(await clone.head()), projects };
}

interface LandscapeCategory {
  subcategories: {
    name: string;
    items: { name: string; project?: string; extra?: Record<string, string> }[] | null;
  }[];
}
