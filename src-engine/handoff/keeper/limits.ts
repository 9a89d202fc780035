import type { Shares } from '../../../src-shared/world/traffic.ts';

/** Numbers of the core's half; design/limits.md (Hand-off) is the source of each, others are named. */

export const PREPARING_MS = 20_000;
/** How long the core side is watched at half the share. */
export const LOOK_MS = 3_000;
export const SHIFTING_MS = 8_000;
/** Less time left: one step to 0. */
export const ONE_STEP_BELOW_MS = 60_000;
export const VERIFYING_MS = 10_000;
export const DRAINING_MS = 45_000;
export const RELEASED_MS = 30_000;
/** Kept for the stop of the cluster, whatever is left. */
export const KEPT_FOR_STOP_MS = 10_000;
/** What the steps sum up to (20 + 8 + 10 + 45 + 30): with less left, PREPARING and DRAINING shrink in proportion. */
export const WHOLE_DEPARTURE_MS = PREPARING_MS + SHIFTING_MS + VERIFYING_MS + DRAINING_MS + RELEASED_MS;
/** The edge cuts at its limit and then says so: what its word may take before the core gives up on it. */
export const WORD_GRACE_MS = 5_000;

/** Decision 7: an edge that is silent so long while its traffic answers is HOLD(agentSilent). */
export const AGENT_SILENT_MS = 30_000;
/** SEQUENCE.md: the core's view goes to the edge so often, besides each change. */
export const STATE_EVERY_MS = 5_000;
export const REASSERT_EVERY_MS = 10_000;
/** A switch that cannot be asked is unknown, and asked again. */
export const RETRY_MS = 1_000;
/** A report waits no longer than this for its last figures. */
export const REPORT_WAIT_MS = 10_000;

/** 20 of 20 must be good: of the core before a departure, of the edge before a return. */
export const CHECK_PROBES = 20;
/** Pairs of probes of core and edge at once, and the least that one batch has (SEQUENCE.md, Return). */
export const PAIRS = 20;
/** Own choice: failures at the half step that are called a core that cannot carry it. */
export const LOOK_FAILURES = 3;
export const LOOK_FAILURE_SHARE = 0.01;

/** How often in-flight counters are read: while a drain ends, and while a window fills. */
export const DRAIN_POLL_MS = 500;
export const WINDOW_POLL_MS = 1_000;
/** An edge that was admitted gets its gate ready within this; ADMIT is said again half-way. */
export const ADMIT_WAIT_MS = 15_000;
/** After a failed return what is under way on the edge may end so long before it is cut. */
export const BACKING_MS = 10_000;

export const COOL_DOWN_MS = 5 * 60_000;
export const COOL_DOWN_MOST_MS = 60 * 60_000;
export const FLAP_WINDOW_MS = 60 * 60_000;
/** So many automatic departures or losses in the window are flapping. */
export const FLAP_DEPARTURES = 3;
/** The second failed return in a row holds. */
export const FAILED_RETURNS = 2;

export const CORE_ALONE: Shares = { core: 100, edge: 0 };

export interface StepLimits {
  readonly preparingMs: number;
  /** Nothing new for 5 s and in flight 0, but at least this long; the edge applies it. */
  readonly leastDrainMs: number;
  readonly drainingMs: number;
}

/**
 * The limits of the two steps that shrink with the time left, in proportion to a whole departure (113 s);
 * a drain leaves 10 s for the stop.
 *
 * @param remainingMs until the deadline; below 0 counts as 0
 */
export function stepLimits(remainingMs: number): StepLimits {
  const left = Math.max(0, remainingMs);
  const part = Math.min(1, left / WHOLE_DEPARTURE_MS);
  return {
    preparingMs: PREPARING_MS * part,
    leastDrainMs: 10_000 * part,
    drainingMs: Math.min(DRAINING_MS * part, Math.max(0, left - KEPT_FOR_STOP_MS)),
  };
}

export function sharesOf(edge: number): Shares {
  return { core: 100 - edge, edge };
}

export function sameShares(one: Shares, other: Shares): boolean {
  return one.core === other.core && one.edge === other.edge;
}
