import { execFile } from 'node:child_process';
import { z } from 'zod';
import { parseJson } from '../files.ts';

/** A package with a known vulnerability, in the versions that are locked. */
export interface Finding {
  name: string;
  severity: 'info' | 'low' | 'moderate' | 'high' | 'critical';
  /** What is known of it, with an address to read more at. */
  advisories: string[];
}

/** Findings, or the reason why nobody could be asked. Not asked is not the same as nothing found. */
export type Audit = { findings: Finding[] } | { notChecked: string };

const advisory = z.object({ title: z.string(), url: z.string() });
const answer = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({
      name: z.string(),
      severity: z.enum(['info', 'low', 'moderate', 'high', 'critical']),
      // A string names another package that brings the vulnerability in.
      via: z.array(z.union([z.string(), advisory])),
    }),
  ),
});
const refusal = z.object({ message: z.string().optional(), error: z.unknown() });

/**
 * Asks the registry for vulnerabilities of everything in the lockfile, as `npm audit` does.
 *
 * @param root folder with `package-lock.json`
 * @param env where npm reads its settings from
 */
export async function audit(root: string, env: NodeJS.ProcessEnv = process.env): Promise<Audit> {
  const args = ['audit', '--json', '--package-lock-only', '--fetch-retries=0'];
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
    // It ends with an error both when it finds something and when nobody answers.
    execFile('npm', args, { cwd: root, env, maxBuffer: 2 ** 26 }, (_error, stdout, stderr) =>
      resolve({ stdout, stderr }),
    );
  });
  const json = parseJson(stdout);
  const answered = answer.safeParse(json);
  if (!answered.success) {
    const refused = refusal.safeParse(json);
    const reason = refused.success ? refused.data.message : undefined;
    return { notChecked: reason ?? (stderr.trim() || 'npm gave no answer') };
  }
  const found = Object.values(answered.data.vulnerabilities).map(({ name, severity, via }) => ({
    name,
    severity,
    advisories: via.map((by) => (typeof by === 'string' ? `by ${by}` : `${by.title}: ${by.url}`)),
  }));
  return { findings: found };
}
