import type { HandoffLimits } from '../../../src-shared/settings.ts';
import type { Shares } from '../../../src-shared/world/traffic.ts';
import { defaultLimits } from '../handoff-limits.ts';

/** Numbers of the core's half; design/limits.md (Hand-off) is the source of each, others are named. Those of `handoff.*` come from settings. */

export const PREPARING_MS = 20_000;
/** How long the core side is watched at half the share. */
export const LOOK_MS = 3_000;
export const SHIFTING_MS = 8_000;
/** Less time left: one step to 0. */
export const ONE_STEP_BELOW_MS = 60_000;
export const VERIFYING_MS = 10_000;
/** Kept for the stop of the cluster; a third of what is left at most. */
export const KEPT_FOR_STOP_MS = 10_000;
/** What the steps sum up to (20 + 8 + 10 + 45 + 30 s): with less left, PREPARING and DRAINING shrink in proportion. */
export function wholeDepartureMs({ drainMaxSeconds, releaseSeconds }: HandoffLimits): number {
  return PREPARING_MS + SHIFTING_MS + VERIFYING_MS + (drainMaxSeconds + releaseSeconds) * 1000;
}
/**
 * The edge cuts at its limit and then says so: what its word may take before the core gives up on it. A gate that
 * hangs is waited for by a look (2 s) and by the cut (5 s): leaver/perform.ts.
 */
export const WORD_GRACE_MS = 10_000;
/** The same for GONE: the stop of a cluster ends by force at its limit. */
export const GONE_GRACE_MS = 5_000;

/** SEQUENCE.md: the core's view goes to the edge so often, besides each change. */
export const STATE_EVERY_MS = 5_000;
/** While nothing is under way and nobody asks anything: with STATUS it is under the 2 kbit/s of design/limits.md, Link. */
export const STATE_IDLE_MS = 10_000;
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
 * a drain leaves 10 s, or a third of what is left, for the stop.
 *
 * @param remainingMs until the deadline; below 0 counts as 0
 */
export function stepLimits(remainingMs: number, limits: HandoffLimits = defaultLimits): StepLimits {
  const left = Math.max(0, remainingMs);
  const part = Math.min(1, left / wholeDepartureMs(limits));
  // As the edge counts it (leaver/limits.ts): what is left is for draining and stopping, nothing else.
  const rest = Math.min(1, left / ((limits.drainMaxSeconds + limits.releaseSeconds) * 1000));
  return {
    preparingMs: PREPARING_MS * part,
    leastDrainMs: limits.drainMinSeconds * 1000 * part,
    drainingMs: Math.min(limits.drainMaxSeconds * 1000 * rest, left - Math.min(KEPT_FOR_STOP_MS, left / 3)),
  };
}

export function sharesOf(edge: number): Shares {
  return { core: 100 - edge, edge };
}

export function sameShares(one: Shares, other: Shares): boolean {
  return one.core === other.core && one.edge === other.edge;
}
