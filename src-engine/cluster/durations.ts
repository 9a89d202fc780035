import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writePrivately } from '../platform/files.ts';

const KEEP = 10;
const fileSchema = z.record(z.string(), z.array(z.number().min(0)));

/** How long each step took on this machine: the last ten of each, on disk. */
export interface Durations {
  /** Median in milliseconds; null when the step was never finished here. */
  usual(key: string): number | null;
  /** How many of it are kept: 0 to 10. */
  runs(key: string): number;
  /** Kept in memory at once, on disk soon after. */
  add(key: string, elapsedMs: number): void;
  settled(): Promise<void>;
}

export async function openDurations(folder: string): Promise<Durations> {
  const file = join(folder, 'durations.json');
  const kept = new Map<string, number[]>(Object.entries(await readAll(file)));
  let tail: Promise<void> = Promise.resolve();
  let isQueued = false;
  const write = (): Promise<void> => {
    isQueued = false;
    return writePrivately(file, JSON.stringify(Object.fromEntries(kept)));
  };
  return {
    usual: (key) => median(kept.get(key) ?? []),
    runs: (key) => kept.get(key)?.length ?? 0,
    add: (key, elapsedMs) => {
      kept.set(key, [...(kept.get(key) ?? []), Math.round(elapsedMs)].slice(-KEEP));
      // All steps of an operation come at once: what waits to be written takes them along.
      if (isQueued) return;
      isQueued = true;
      tail = tail.then(write).catch(() => undefined);
    },
    settled: () => tail,
  };
}

/** The middle value, or the mean of the two middle ones; null of nothing. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2;
}

async function readAll(file: string): Promise<Record<string, number[]>> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return {};
  }
}
