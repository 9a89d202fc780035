import type { Sample } from './readings.ts';
import { TOOL_LIMIT_MS } from './source.ts';

const PERIODS = 3;

/**
 * The moment from which a sample is stale: three of its sampling periods after it was taken, and not
 * before its successor's I/O limit is over, which no time scale divides.
 */
export function staleAtMs(sample: Pick<Sample<unknown>, 'atMs' | 'periodMs'>): number {
  return sample.atMs + Math.max(PERIODS * sample.periodMs, TOOL_LIMIT_MS);
}

/** True for "older than three periods"; exactly three are fresh still. */
export function isStale(sample: Pick<Sample<unknown>, 'atMs' | 'periodMs'>, nowMs: number): boolean {
  return nowMs > staleAtMs(sample);
}

/** The sample as if it had been taken too long ago, for what a sleep has made doubtful. */
export function madeStale<T>(sample: Sample<T>): Sample<T> {
  return { ...sample, atMs: -Infinity };
}
