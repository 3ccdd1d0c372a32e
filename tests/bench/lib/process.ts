import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';

/** What one run of a command took. */
export interface Run {
  /** From start to exit. */
  seconds: number;
  /**
   * Largest sum of resident memory of the process and all its descendants, in bytes, looked at ten
   * times a second. Pages that processes share count once for each. Undefined where there is no /proc.
   */
  peak: number | undefined;
  /** What it printed. */
  output: string;
}

/**
 * Runs a command to its end.
 *
 * @param command program and arguments; no shell reads them
 * @throws where it does not exit with 0, with the end of what it printed
 */
export async function run(
  command: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Run> {
  const [program = '', ...args] = command;
  const started = performance.now();
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', CI: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  child.stderr.on('data', (data) => {
    output += data;
  });
  let peak: number | undefined;
  const sampler = setInterval(async () => {
    const now = await treeMemory(child.pid ?? -1).catch(() => undefined);
    if (now !== undefined) peak = Math.max(peak ?? 0, now);
  }, 100);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    const seconds = (performance.now() - started) / 1000;
    if (code !== 0) {
      throw new Error(`'${command.join(' ')}' in ${cwd} exited with ${code}:\n${tail(output)}`);
    }
    return { seconds, peak, output };
  } finally {
    clearInterval(sampler);
  }
}

const pageSize = 4096;

/** Resident memory of a process and its descendants in bytes, by Linux's /proc. */
async function treeMemory(root: number): Promise<number> {
  const parents = new Map<number, number>();
  const memory = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // The name of the program, in parentheses, may hold anything; fields are counted behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    parents.set(Number(name), Number(fields[1]));
    memory.set(Number(name), Number(fields[21]) * pageSize);
  }
  let sum = 0;
  for (const [pid, bytes] of memory) {
    let at: number | undefined = pid;
    while (at !== undefined && at !== root) at = parents.get(at);
    if (at === root) sum += bytes;
  }
  return sum;
}

function tail(output: string): string {
  return output.split('\n').slice(-30).join('\n');
}
