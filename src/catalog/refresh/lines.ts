import type { RepositorySnapshot } from '../schema/snapshot.ts';
import type { Blob, Repository } from './git.ts';

/** Endings of files that count as source code. */
const sourceFile =
  /\.(rs|go|c|h|cc|cpp|cxx|hpp|java|kt|py|rb|js|jsx|ts|tsx|mjs|sh|bash|proto|sql|swift)$/;

/** Counts lines that are not blank; tests and generated code are source too. */
export async function countLines(
  clone: Repository,
  files: readonly Blob[],
): Promise<RepositorySnapshot['lines']> {
  const sources = files.filter(({ path }) => sourceFile.test(path));
  const contents = await clone.read(sources);
  const counts = contents.map(nonBlankLines);
  const sum = (pick: (file: Blob) => boolean) =>
    sources.reduce((total, file, i) => total + (pick(file) ? (counts[i] ?? 0) : 0), 0);
  const isRust = ({ path }: Blob) => path.endsWith('.rs');
  return {
    rust: sum(isRust),
    all: sum(() => true),
    rustFiles: sources.filter(isRust).length,
  };
}

/** Lines with at least one character that is neither space nor tab. */
export function nonBlankLines(bytes: Uint8Array): number {
  let lines = 0;
  let blank = true;
  for (const byte of bytes) {
    if (byte === 10) {
      if (!blank) lines++;
      blank = true;
    } else if (byte !== 32 && byte !== 9 && byte !== 13) blank = false;
  }
  return blank ? lines : lines + 1;
}
