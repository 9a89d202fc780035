/** How long pods are asked to go, and waited for after they were deleted. Milliseconds. */
export interface EvictionTimes {
  readonly evictMs: number;
  readonly deleteMs: number;
}

/** limits.md, RELEASED: evict 10 s, `docker stop -t 10`, 30 s in all. */
const EVICT_MS = 10_000;
const DELETE_MS = 5_000;
/** `docker stop -t 10` takes the whole of it on a control plane (measured.md, kind 1), and what Docker needs around it. */
const STOP_MS = 13_000;

/**
 * Of the time that a stop has, what is left beside the stop itself; none of it when there is too little.
 *
 * @param limitMs for eviction and stop together
 */
export function evictionTimes(limitMs: number): EvictionTimes {
  const spareMs = Math.max(0, limitMs - STOP_MS);
  const factor = Math.min(1, spareMs / (EVICT_MS + DELETE_MS));
  return { evictMs: EVICT_MS * factor, deleteMs: DELETE_MS * factor };
}
