import { compareVersions } from '../catalog.ts';
import { compare } from '../report.ts';
import type { RepositorySnapshot } from '../schema/snapshot.ts';

/** A parsed Cargo.toml or Cargo.lock. */
export interface Toml {
  [key: string]: unknown;
}

/** Licence, edition and rust-version of a package; what it inherits comes from its workspace. */
export function readManifest(
  file: string,
  manifest: Toml | undefined,
  workspaceManifest: Toml | undefined,
): RepositorySnapshot['manifest'] {
  if (!manifest) return null;
  const table = (value: unknown): Toml =>
    typeof value === 'object' && value ? (value as Toml) : {};
  const own = table(manifest.package);
  const shared = table(table((workspaceManifest ?? manifest).workspace).package);
  const field = (name: string): string | null => {
    const value = own[name] ?? shared[name];
    if (typeof value === 'string') return value;
    const inherited = shared[name];
    return typeof inherited === 'string' ? inherited : null;
  };
  return {
    path: file,
    licence: field('license'),
    edition: field('edition'),
    rustVersion: field('rust-version'),
  };
}

/** Packages of a Cargo.lock, reduced to those that pages show. */
export function readLock(
  lock: Toml | undefined,
  crates: ReadonlySet<string>,
): RepositorySnapshot['lock'] {
  if (!lock) return null;
  const packages = (lock.package ?? []) as { name: string; version: string; source?: string }[];
  return {
    packages: packages.length,
    crates: packages
      .filter(({ name }) => crates.has(name))
      .map(({ name, version, source }) => ({
        name,
        version,
        from:
          source === undefined
            ? ('path' as const)
            : source.startsWith('git+')
              ? ('git' as const)
              : ('crates.io' as const),
      }))
      .sort((a, b) => compare(a.name, b.name) || compareVersions(a.version, b.version)),
  };
}
