import { execFileSync } from 'node:child_process';

/** What a build was made from. */
export interface Revision {
  /** Commit hash, or `unknown` outside a git checkout. */
  commit: string;
  /** Day of that commit, or of SOURCE_DATE_EPOCH where that is set: year-month-day, in UTC. */
  date: string;
}

/**
 * The commit that is checked out. Time enters a build only through it, never through the clock, so
 * that two builds of one commit are the same.
 */
export function revision(root: string): Revision {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  let [commit, seconds] = ['unknown', '0'];
  try {
    [commit = 'unknown', seconds = '0'] = execFileSync('git', ['log', '-1', '--format=%H %ct'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .trim()
      .split(' ');
  } catch {
    // An unpacked archive has no history; the page then says that the commit is unknown.
  }
  return { commit, date: new Date(Number(epoch ?? seconds) * 1000).toISOString().slice(0, 10) };
}
