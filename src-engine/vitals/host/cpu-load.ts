import type { CpuInfo } from 'node:os';

/** Ticks since boot; only differences mean anything. */
export interface CpuTimes {
  readonly idle: number;
  readonly total: number;
}

/** The sum over all cores of `os.cpus()`. */
export function cpuTimesOf(cpus: readonly CpuInfo[]): CpuTimes {
  const sum = (pick: (times: CpuInfo['times']) => number): number =>
    cpus.reduce((total, cpu) => total + pick(cpu.times), 0);
  return {
    idle: sum((times) => times.idle),
    total: sum((times) => times.user + times.nice + times.sys + times.idle + times.irq),
  };
}

/** Busy share between two moments, 0..100; null when the counters did not move, or went back. */
export function busyPercent(before: CpuTimes | null, now: CpuTimes | null): number | null {
  if (before === null || now === null) return null;
  const total = now.total - before.total;
  const idle = now.idle - before.idle;
  if (total <= 0 || idle < 0 || idle > total) return null;
  return Math.round((1 - idle / total) * 1000) / 10;
}
