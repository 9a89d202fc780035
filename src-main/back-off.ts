const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** An engine that lived this long has recovered: the next fall starts from the beginning. */
const HEALTHY_MS = 60_000;

/**
 * How long to wait before the engine is tried again: 0.5 s, doubled each time, at most 30 s.
 *
 * @param previousMs the wait before the last try; null for the first one
 * @param livedMs how long the connection that just ended had lasted; 0 when none came about
 */
export function nextDelayMs(previousMs: number | null, livedMs: number): number {
  if (previousMs === null || livedMs >= HEALTHY_MS) return FIRST_MS;
  return Math.min(LONGEST_MS, previousMs * 2);
}
