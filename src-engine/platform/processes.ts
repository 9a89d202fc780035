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

/** What the system says of a pid. `unknown`: it did not answer, and nobody may be declared dead for that. */
export type StartMark =
  | { readonly kind: 'alive'; readonly startedAt: string }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unknown' };

const gone: StartMark = { kind: 'gone' };
const unknown: StartMark = { kind: 'unknown' };
const PS_LIMIT_MS = 2000;

/** The start mark of a process; a zombie is gone. */
export async function startMark(pid: number): Promise<StartMark> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/stat`, 'utf8').then(markFromStat, unread);
  const { exitCode, stdout } = await execa('/bin/ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
    reject: false,
    timeout: PS_LIMIT_MS,
    // The date is written in the caller's language and zone: two starters must read the same mark.
    env: { LC_ALL: 'C', TZ: 'UTC' },
  });
  return markFromPs(exitCode, stdout);
}

/** Linux: field 22 of /proc/PID/stat. */
export function markFromStat(stat: string): StartMark {
  // The name in brackets may hold blanks: count the fields behind it. Field 3 state, 22 start time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startedAt = fields[19];
  if (fields[0] === 'Z' || fields[0] === 'X') return gone;
  return startedAt === undefined ? unknown : { kind: 'alive', startedAt };
}

/**
 * macOS: `stat=` and `lstart=` of ps. It ends with 1 and says nothing when there is no such process;
 * `exitCode` is undefined when it was killed or could not run.
 */
export function markFromPs(exitCode: number | undefined, stdout: string): StartMark {
  const [state, ...date] = stdout.trim().split(/\s+/);
  if (exitCode === 1 && !state) return gone;
  if (exitCode !== 0 || !state || date.length === 0) return unknown;
  return state.startsWith('Z') ? gone : { kind: 'alive', startedAt: date.join(' ') };
}

function unread(error: unknown): StartMark {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ESRCH' ? gone : unknown;
}

/** False only when it is certain that the process is gone. */
export async function isAlive(ref: ProcessRef): Promise<boolean> {
  const mark = await startMark(ref.pid);
  return mark.kind === 'unknown' || (mark.kind === 'alive' && mark.startedAt === ref.startedAt);
}

/** This process, or another that lives, by reference; null when it is gone or the system did not tell. */
export async function refOf(pid: number): Promise<ProcessRef | null> {
  const mark = await startMark(pid);
  return mark.kind === 'alive' ? { pid, startedAt: mark.startedAt } : null;
}

/** Sends a signal to exactly that process; false when it is gone, or it is not certain that it is the one. */
export function signal(ref: ProcessRef, name: NodeJS.Signals): Promise<boolean> {
  return send(ref.pid, ref, name);
}

/** The same to the group that it leads: tools run so (platform/tools.ts), and their children end with them. */
export function signalGroup(ref: ProcessRef, name: NodeJS.Signals): Promise<boolean> {
  return send(-ref.pid, ref, name);
}

async function send(target: number, ref: ProcessRef, name: NodeJS.Signals): Promise<boolean> {
  const mark = await startMark(ref.pid);
  if (mark.kind !== 'alive' || mark.startedAt !== ref.startedAt) return false;
  try {
    process.kill(target, name);
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
