import { execa } from 'execa';
import { readFile } from 'node:fs/promises';

/**
 * A process named beyond doubt: pids are used again, so the start time belongs to it.
 * `startedAt` is opaque: equal for the same process, different for another with its pid.
 */
export interface ProcessRef {
  readonly pid: number;
  readonly startedAt: string;
}

/** The start mark of a living process, or null when there is none with that pid (or it is a zombie). */
export async function startMark(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    try {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      // The name in brackets may hold blanks: count the fields behind it. Field 3 state, 22 start time.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? null : (fields[19] ?? null);
    } catch {
      return null;
    }
  }
  const { stdout } = await execa('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], {
    reject: false,
    timeout: 2000,
  });
  return stdout.trim() || null;
}

export async function isAlive(ref: ProcessRef): Promise<boolean> {
  return (await startMark(ref.pid)) === ref.startedAt;
}

/** This process, or another that lives, by reference; null when it is gone. */
export async function refOf(pid: number): Promise<ProcessRef | null> {
  const startedAt = await startMark(pid);
  return startedAt === null ? null : { pid, startedAt };
}

/** Sends a signal to exactly that process; false when it is gone. */
export async function signal(ref: ProcessRef, name: NodeJS.Signals): Promise<boolean> {
  if (!(await isAlive(ref))) return false;
  try {
    process.kill(ref.pid, name);
    return true;
  } catch {
    return false;
  }
}

const PARENT_CHECK_MS = 2000;

/** Calls back once, when the process with that pid is gone. */
export function whenGone(pid: number, callback: () => void): void {
  const timer = setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      clearInterval(timer);
      callback();
    }
  }, PARENT_CHECK_MS);
}
