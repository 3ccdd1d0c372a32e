import { parse } from 'smol-toml';
import { compare } from '../catalog/report.ts';

interface LockedPackage {
  name: string;
  version: string;
  checksum?: string;
  source?: string;
  dependencies?: string[];
}

/** A Cargo.lock, as far as examples need it. */
export class Lockfile {
  private readonly packages: LockedPackage[];

  /** @throws with the parser's words if the text is not TOML */
  constructor(text: string) {
    this.packages = (parse(text).package ?? []) as unknown as LockedPackage[];
  }

  /**
   * Everything that a package was resolved to need, itself left out: name, version and checksum of
   * each, in a fixed order. Undefined if the package is not in the lockfile.
   */
  closure(name: string): string[] | undefined {
    const root = this.packages.find((p) => p.name === name && p.source === undefined);
    if (!root) return undefined;
    const seen = new Set<LockedPackage>();
    const visit = (from: LockedPackage): void => {
      for (const found of (from.dependencies ?? []).map((d) => this.find(d))) {
        if (!found || seen.has(found)) continue;
        seen.add(found);
        visit(found);
      }
    };
    visit(root);
    return [...seen]
      .map(
        ({ name, version, checksum, source }) => `${name} ${version} ${checksum ?? source ?? ''}`,
      )
      .sort(compare);
  }

  /** Versions of a package's own dependencies, by name. */
  direct(name: string): Record<string, string> {
    const root = this.packages.find((p) => p.name === name && p.source === undefined);
    return Object.fromEntries(
      (root?.dependencies ?? [])
        .map((d) => this.find(d))
        .filter((p) => p !== undefined)
        .map((p) => [p.name, p.version]),
    );
  }

  /** A dependency is written as its name, and where that is not enough, its version. */
  private find(dependency: string): LockedPackage | undefined {
    const [name, version] = dependency.split(' ');
    return this.packages.find(
      (p) => p.name === name && (version === undefined || p.version === version),
    );
  }
}
