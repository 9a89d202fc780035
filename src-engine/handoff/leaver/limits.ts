/** Design limits, Hand-off. Steps of a departure are never scaled by TANDEM_TIME_SCALE; what is, says so. */

/** Scaled. */
export const COUNTDOWN_MS = 60_000;
/** Scaled. */
export const DELAY_MS = 600_000;
/** Scaled. A departure that the core could not take is tried again after this long. */
export const REFUSED_MS = 60_000;
/** Scaled. Vitals of a new engine need their dwell (30 s at most for a drain, some readings more). */
export const GRACE_MS = 60_000;
/** Scaled. A cluster that would not start is tried again. */
export const START_AGAIN_MS = 60_000;

export const DRAIN_MIN_MS = 10_000;
export const DRAIN_QUIET_MS = 5_000;
export const DRAIN_MAX_MS = 45_000;
export const STOP_MS = 30_000;
/** Kept for the stop, however little is left. */
export const STOP_RESERVE_MS = 10_000;
/** The core's word: PREPARE, DRAIN, RELEASE. */
export const WAIT_FOR_CORE_MS = 15_000;
/** Shutdown is prevented once, for at most this long. */
export const SHUTDOWN_MS = 20_000;
/** What a suspend may take; macOS waits 3 s. */
export const SUSPEND_MS = 2_500;

export const ASK_AGAIN_MS = 5_000;
/** After REJOIN was answered. */
export const FIRST_ASK_MS = 500;
export const SAY_AGAIN_MS = 5_000;
/** How often the gate is looked at: with the link up, while draining, and otherwise. */
export const LOOK_MS = 1_000;
export const LOOK_DRAINING_MS = 250;
export const LOOK_ALONE_MS = 5_000;
/** STATE that was sent before our last step may still be under way; nobody's clock but ours. */
export const SETTLE_MS = 1_000;
/** How long `return` and `leave` wait for the first session after the engine's start. */
export const FIRST_SESSION_MS = 10_000;

/** What is left of the deadline when a full drain and a full stop still fit. */
const FULL_END_MS = DRAIN_MAX_MS + STOP_MS;

/**
 * When a forced departure drains by itself at the latest, as a share of its whole time: of the usual 120 s, when
 * 55 s are left (45 s of draining, 10 s kept for the stop).
 */
const LAST_DRAIN_SHARE = (DRAIN_MAX_MS + STOP_RESERVE_MS) / 120_000;

export interface DrainLimits {
  readonly minMs: number;
  readonly quietMs: number;
  readonly maxMs: number;
}

/**
 * Draining shrinks in proportion to what is left, and 10 s stay for the stop.
 *
 * @param remainingMs until the deadline, may be negative; null: there is none
 */
export function drainLimits(remainingMs: number | null): DrainLimits {
  const full = { minMs: DRAIN_MIN_MS, quietMs: DRAIN_QUIET_MS, maxMs: DRAIN_MAX_MS };
  if (remainingMs === null) return full;
  const factor = Math.min(1, Math.max(0, remainingMs / FULL_END_MS));
  const left = Math.max(0, remainingMs - STOP_RESERVE_MS);
  return {
    minMs: full.minMs * factor,
    quietMs: full.quietMs * factor,
    maxMs: Math.min(full.maxMs * factor, left),
  };
}

/** How long the core's word is waited for: 15 s, less when little is left, at least 1 s. */
export function waitForCoreMs(remainingMs: number | null): number {
  if (remainingMs === null) return WAIT_FOR_CORE_MS;
  return Math.min(WAIT_FOR_CORE_MS, Math.max(1_000, remainingMs / 4));
}

/** How long the cluster's stop may take before it is forced. */
export function stopLimitMs(remainingMs: number | null): number {
  if (remainingMs === null) return STOP_MS;
  return Math.min(STOP_MS, Math.max(STOP_RESERVE_MS, remainingMs));
}

/** When a forced departure waits no longer for the core, monotonic; null without a deadline. */
export function lastDrainMs(deadlineMs: number | null, totalMs: number | null): number | null {
  if (deadlineMs === null || totalMs === null) return null;
  return deadlineMs - totalMs * LAST_DRAIN_SHARE;
}
