/** Lines that mark a part of a source file; they are not shown. */
const marker = /^\s*(?:\/\/|#)\s*(region|endregion):\s*(\S+)\s*$/;

/** What is wrong with the markers of a file: line and text, or nothing. */
export function regionProblems(text: string): { line: number; what: string; mend: string }[] {
  const open = new Map<string, number>();
  const seen = new Set<string>();
  const problems: { line: number; what: string; mend: string }[] = [];
  text.split('\n').forEach((content, i) => {
    const [, kind, name = ''] = marker.exec(content) ?? [];
    const line = i + 1;
    if (kind === 'region') {
      if (seen.has(name)) {
        problems.push({ line, what: `the region '${name}' is opened twice`, mend: 'rename one' });
      }
      seen.add(name);
      open.set(name, line);
    } else if (kind === 'endregion' && !open.delete(name)) {
      problems.push({
        line,
        what: `the region '${name}' is closed and was not open`,
        mend: 'open it with // region, or remove the line',
      });
    }
  });
  for (const [name, line] of open) {
    problems.push({
      line,
      what: `the region '${name}' is opened and not closed`,
      mend: `close it with // endregion: ${name}`,
    });
  }
  return problems;
}

/** Names of the regions of a file. */
export function regionsOf(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [, kind, name] = marker.exec(line) ?? [];
    return kind === 'region' && name !== undefined ? [name] : [];
  });
}

/** A whole file as it is shown: without markers. */
export function withoutMarkers(text: string): string {
  return text
    .split('\n')
    .filter((line) => !marker.test(line))
    .join('\n')
    .trimEnd();
}

/** One region of a file as it is shown: without markers, moved to the left margin. */
export function region(text: string, name: string): string | undefined {
  const lines = text.split('\n');
  const is = (kind: string) => (line: string) => {
    const match = marker.exec(line);
    return match?.[1] === kind && match[2] === name;
  };
  const from = lines.findIndex(is('region'));
  const to = lines.findIndex(is('endregion'));
  if (from < 0 || to < from) return undefined;
  const inside = lines.slice(from + 1, to).filter((line) => !marker.test(line));
  const indents = inside.filter((line) => line.trim()).map((line) => line.search(/\S/));
  const indent = Math.min(...indents);
  return inside
    .map((line) => line.slice(indent))
    .join('\n')
    .trimEnd();
}
