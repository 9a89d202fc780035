/** What a step took in earlier runs on this machine. */
export interface EarlierRuns {
  /** Null when it was never finished here. */
  readonly usualMs: number | null;
  /** How many there are, ten at most. */
  readonly runs: number;
}

/** Fewer runs are no custom: of two, the median is the mean, and one odd run moves it. */
const LEAST_RUNS = 3;
/** The share above what is usual that a return's window calls bad (design limits, "Return": 1.5 x core). */
const FACTOR = 1.5;
/** A step of a second takes two now and then, and nobody asks why. */
const LEAST_MORE_MS = 5000;

/**
 * From when on a step may be called slow: half as long again as it usually takes, and five seconds more at least.
 *
 * @returns milliseconds since its begin; null when too little is known to claim anything
 */
export function slowAfterMs({ usualMs, runs }: EarlierRuns): number | null {
  if (usualMs === null || runs < LEAST_RUNS) return null;
  return Math.max(usualMs * FACTOR, usualMs + LEAST_MORE_MS);
}
