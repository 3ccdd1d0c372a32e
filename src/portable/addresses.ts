import path from 'node:path';

/** Where an address points that begins at the root of the site. */
export interface Site {
  /** Path that the site was built for: `/`, or `/docs/` with a base. */
  base: string;
  /** Files of the site, relative to its folder, with forward slashes. */
  files: { has(file: string): boolean };
}

/**
 * The file of the site that an address leads to; undefined for addresses that leave the site, that
 * are relative already, or that lead to nothing.
 */
export function fileOf(address: string, { base, files }: Site): string | undefined {
  if (!address.startsWith(base) || address.startsWith('//')) return undefined;
  const [encoded = ''] = address.slice(base.length).split(/[?#]/);
  let file: string;
  try {
    file = decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
  // Hosts answer folders and bare names; a disk knows files only.
  const candidates = [file, `${file}.html`, path.posix.join(file, 'index.html')];
  return candidates.find((candidate) => candidate !== '' && files.has(candidate));
}

/**
 * An address inside the site as seen from one of its files, ending at a file: `../concepts/raft.html#x`.
 * Addresses that lead elsewhere come back as they are.
 */
export function relativeAddress(from: string, address: string, site: Site): string {
  const file = fileOf(address, site);
  if (file === undefined) return address;
  const [, tail = ''] = /^[^?#]*(.*)$/s.exec(address) ?? [];
  const relative = path.posix.relative(path.posix.dirname(from), file);
  const encoded = relative.split('/').map(encodeURIComponent).join('/');
  return encoded + tail;
}
