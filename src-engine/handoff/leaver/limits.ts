import type { HandoffLimits } from '../../../src-shared/settings.ts';
import { defaultLimits, limitsOf } from '../handoff-limits.ts';

/** Design limits, Hand-off. Steps of a departure are never scaled by TANDEM_TIME_SCALE; what is, says so. Numbers of `handoff.*` come from settings. */

/** Scaled. A departure that the core could not take is tried again after this long. */
export const REFUSED_MS = 60_000;
/** Scaled. Vitals of a new engine need their dwell (30 s at most for a drain, some readings more). */
export const GRACE_MS = 60_000;
/** Scaled. A cluster that would not start is tried again. */
export const START_AGAIN_MS = 60_000;

/** Scaled. Before it, a wake is not presence: a Mac with its lid shut wakes for seconds all night (research/handoff.md, section 7). */
export const AWAKE_MS = 60_000;

/** A cluster that would not stop at stage stop is tried again; what it does meanwhile may end by itself. */
export const STOP_AGAIN_MS = 60_000;

/** Kept for the stop; of a short time no more than a third, or all that is open would be cut at once. */
export const STOP_RESERVE_MS = 10_000;
/** The core's word: PREPARE, DRAIN, RELEASE. */
export const WAIT_FOR_CORE_MS = 15_000;
/** Shutdown is prevented once, for at most this long. */
export const SHUTDOWN_MS = 20_000;
/** What a suspend may take; macOS waits 3 s. */
export const SUSPEND_MS = 2_500;

export const ASK_AGAIN_MS = 5_000;
/** The same while the workload does not answer: the core would refuse, and each question costs it a handshake. */
export const ASK_IDLE_MS = 30_000;
/** After REJOIN was answered. */
export const FIRST_ASK_MS = 500;
export const SAY_AGAIN_MS = 5_000;
/** A gate whose address could not be had is looked up again at the next look, after this long, and ever more seldom. */
export const GATE_AGAIN_MS = 5_000;
export const GATE_AGAIN_MOST_MS = 60_000;
/** How often the gate is looked at: with the link up, while draining, and with the link down or the edge out. */
export const LOOK_MS = 1_000;
export const LOOK_DRAINING_MS = 250;
export const LOOK_ALONE_MS = 5_000;
/** STATE that was sent before our last step may still be under way; nobody's clock but ours. */
export const SETTLE_MS = 1_000;
/** How long `return` and `leave` wait for the first session after the engine's start. */
export const FIRST_SESSION_MS = 10_000;

/** How long `return` waits for a departure that the core has ended already. */
export const DEPARTURE_END_MS = 60_000;

/**
 * When a forced departure drains by itself at the latest, as a share of its whole time: of the usual 120 s, when
 * 55 s are left (45 s of draining, 10 s kept for the stop).
 */
const LAST_DRAIN_SHARE = (45_000 + STOP_RESERVE_MS) / 120_000;

export interface DrainLimits {
  readonly minMs: number;
  readonly quietMs: number;
  readonly maxMs: number;
}

/**
 * Draining shrinks in proportion to what is left, and some stays for the stop (`stopReserveMs`).
 *
 * @param remainingMs until the deadline, may be negative; null: there is none
 */
export function drainLimits(remainingMs: number | null, limits: HandoffLimits = defaultLimits): DrainLimits {
  const full = {
    minMs: limits.drainMinSeconds * 1000,
    quietMs: limits.drainQuietSeconds * 1000,
    maxMs: limits.drainMaxSeconds * 1000,
  };
  if (remainingMs === null) return full;
  // What is left of the deadline when a full drain and a full stop still fit.
  const fullEndMs = full.maxMs + limits.releaseSeconds * 1000;
  const factor = Math.min(1, Math.max(0, remainingMs / fullEndMs));
  const left = Math.max(0, remainingMs) - stopReserveMs(remainingMs);
  return {
    minMs: full.minMs * factor,
    quietMs: full.quietMs * factor,
    maxMs: Math.min(full.maxMs * factor, left),
  };
}

/** Kept for the stop out of this much time: 10 s, a third of what is left at most. */
export function stopReserveMs(remainingMs: number): number {
  return Math.min(STOP_RESERVE_MS, Math.max(0, remainingMs) / 3);
}

/** Scaled. How long a person puts a departure off. */
export function delayMs(now: {
  readonly limits?: HandoffLimits | undefined;
  readonly timeScale: number;
}): number {
  return (limitsOf(now).delayMinutes * 60_000) / now.timeScale;
}

/** How long the core's word is waited for: 15 s, less when little is left, at least 1 s. */
export function waitForCoreMs(remainingMs: number | null): number {
  if (remainingMs === null) return WAIT_FOR_CORE_MS;
  return Math.min(WAIT_FOR_CORE_MS, Math.max(1_000, remainingMs / 4));
}

/** How long the cluster's stop may take before it is forced. */
export function stopLimitMs(remainingMs: number | null, limits: HandoffLimits = defaultLimits): number {
  const mostMs = limits.releaseSeconds * 1000;
  if (remainingMs === null) return mostMs;
  return Math.min(mostMs, Math.max(STOP_RESERVE_MS, remainingMs));
}

/** When a forced departure waits no longer for the core, monotonic; null without a deadline. */
export function lastDrainMs(deadlineMs: number | null, totalMs: number | null): number | null {
  if (deadlineMs === null || totalMs === null) return null;
  return deadlineMs - totalMs * LAST_DRAIN_SHARE;
}

/** When a forced departure that has drained waits no longer for RELEASE, monotonic; null without a deadline. */
export function lastStopMs(deadlineMs: number | null, totalMs: number | null): number | null {
  if (deadlineMs === null || totalMs === null) return null;
  return deadlineMs - stopReserveMs(totalMs);
}
