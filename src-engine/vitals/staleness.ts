import type { Sample } from './readings.ts';

const PERIODS = 3;

/** The moment from which a sample is stale: three of its sampling periods after it was taken. */
export function staleAtMs(sample: Pick<Sample<unknown>, 'atMs' | 'periodMs'>): number {
  return sample.atMs + PERIODS * sample.periodMs;
}

/** True for "older than three periods"; exactly three are fresh still. */
export function isStale(sample: Pick<Sample<unknown>, 'atMs' | 'periodMs'>, nowMs: number): boolean {
  return nowMs > staleAtMs(sample);
}

/** The sample as if it had been taken too long ago, for what a sleep has made doubtful. */
export function madeStale<T>(sample: Sample<T>): Sample<T> {
  return { ...sample, atMs: -Infinity };
}
