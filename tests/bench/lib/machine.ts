import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { Measurement } from '../../../src/catalog/schema/measurement.ts';

/** What this machine is, for whoever reads the figures later. */
export function machine(): Measurement['machine'] {
  const cores = os.cpus();
  return {
    processor: cores[0]?.model.trim() || process.arch,
    cores: cores.length,
    memory: os.totalmem(),
    system: systemName(),
    node: process.version,
  };
}

/** The commit that is checked out, with a `+` where files differ from it; earlier figures do not count. */
export function revision(root: string): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  try {
    const changed = git('status', '--porcelain', '--', '.', ':!content/measurements').trim() !== '';
    return git('rev-parse', 'HEAD').trim() + (changed ? '+' : '');
  } catch {
    return 'unknown';
  }
}

function systemName(): string {
  try {
    const [, name] =
      /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? [];
    if (name) return `${name}, kernel ${os.release()}`;
  } catch {
    // Only Linux has that file.
  }
  return `${os.type()} ${os.release()}`;
}
