import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel says of some processes, summed. */
export interface Usage {
  readonly cpuNanoseconds: number;
  readonly wakeUps: number;
}

/** A process and all its descendants. */
export function familyOf(root: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(Number(name))]),
  );
  const family = [root];
  for (const member of family) for (const [pid, parent] of parents) if (parent === member) family.push(pid);
  return family;
}

function parentOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]);
}

export function usageOf(pids: readonly number[]): Usage {
  let cpuNanoseconds = 0;
  let wakeUps = 0;
  for (const pid of pids)
    for (const thread of folder(`/proc/${pid}/task`)) {
      cpuNanoseconds += Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0]);
      wakeUps += Number(
        /^voluntary_ctxt_switches:\s+(\d+)/m.exec(read(`/proc/${pid}/task/${thread}/status`))?.[1] ?? 0,
      );
    }
  return { cpuNanoseconds, wakeUps };
}

/** Proportional set size: shared pages are counted once among those who share them. MB of 10^6 bytes. */
export function pssMegabytes(pids: readonly number[]): number {
  const kib = pids.reduce(
    (sum, pid) => sum + Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
    0,
  );
  return (kib * 1024) / 1e6;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function folder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
