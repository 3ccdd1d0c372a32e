/** What a section of a page is to a reader who searches. */
export type SectionKind = 'section' | 'identifier' | 'example' | 'fact';

/**
 * Elements that stand for the kinds in the pages that Pagefind is given; it hands them back with each
 * anchor. The weights, of title and text, lift names above prose.
 */
export const kinds = {
  section: { tag: 'h2', weight: 4, text: 1 },
  identifier: { tag: 'code', weight: 5, text: 1 },
  example: { tag: 'samp', weight: 2, text: 0.5 },
  fact: { tag: 'dt', weight: 1, text: 0.5 },
} as const satisfies Record<SectionKind, { tag: string; weight: number; text: number }>;

/** Stands before each of the other names of a section, behind its text, in what Pagefind is given. */
export const nameMark = '‖';

/** The kind of a section, from the element of its anchor. */
export function kindOf(element: string): SectionKind {
  const found = Object.entries(kinds).find(([, { tag }]) => tag === element);
  return (found?.[0] ?? 'section') as SectionKind;
}
