import type { HandoffLimits } from '../../../src-shared/settings.ts';
import { defaultLimits } from '../handoff-limits.ts';
import { FAILED_RETURNS } from './limits.ts';

/** What the cool-down and the flap holds look at. Times are monotonic milliseconds. */
export interface FlapPast {
  /** Ends of automatic departures and of losses, oldest first. A person's own departure is no flap. */
  readonly departures: readonly number[];
  /** Failed returns in a row. */
  readonly failedReturns: number;
}

/** Those of the last 60 min. The time scale divides the window as it divides the cool-down. */
export function recentDepartures(
  past: FlapPast,
  nowMs: number,
  timeScale: number,
  limits: HandoffLimits = defaultLimits,
): number[] {
  return past.departures.filter((at) => nowMs - at < (limits.flapMinutes * 60_000) / timeScale);
}

export function isFlapping(
  past: FlapPast,
  nowMs: number,
  timeScale: number,
  limits: HandoffLimits = defaultLimits,
): boolean {
  return recentDepartures(past, nowMs, timeScale, limits).length >= limits.flapDepartures;
}

export function returnsFailed(past: FlapPast): boolean {
  return past.failedReturns >= FAILED_RETURNS;
}

/**
 * No automatic return for so long: 5 min, doubled by the third departure within 60 min and each after it, and by
 * each failed return; 60 min at most (design/limits.md, Return).
 *
 * @param past with the departure that just ended
 */
export function coolDownMs(
  past: FlapPast,
  nowMs: number,
  timeScale: number,
  limits: HandoffLimits = defaultLimits,
): number {
  const beyond = Math.max(
    0,
    recentDepartures(past, nowMs, timeScale, limits).length - (limits.flapDepartures - 1),
  );
  const doublings = Math.min(10, beyond + past.failedReturns);
  return (Math.min(limits.coolDownMaxSeconds, limits.coolDownSeconds * 2 ** doublings) * 1000) / timeScale;
}
