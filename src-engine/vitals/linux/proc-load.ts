import type { CpuTimes } from '../host/cpu-load.ts';

/** The first line of `/proc/stat`: user, nice, system, idle, iowait, … in ticks. Null when it is not that. */
export function parseProcStat(text: string | null): CpuTimes | null {
  const fields = /^cpu\s+([\d ]+)$/m
    .exec(text ?? '')?.[1]
    ?.trim()
    .split(/ +/)
    .map(Number);
  if (!fields || fields.length < 4 || !fields.every(Number.isSafeInteger)) return null;
  // The guest times (fields 9 and 10) are counted in user and nice already.
  const total = fields.slice(0, 8).reduce((sum, ticks) => sum + ticks, 0);
  return { idle: (fields[3] ?? 0) + (fields[4] ?? 0), total };
}

/** Runnable tasks, one-minute average, from `/proc/loadavg`; null when it is not that. */
export function parseLoadAverage(text: string | null): number | null {
  const first = /^(\d+(?:\.\d+)?) /.exec(text ?? '')?.[1];
  const value = Number(first);
  return first === undefined || !Number.isFinite(value) ? null : value;
}
