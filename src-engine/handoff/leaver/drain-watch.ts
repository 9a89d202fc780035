import type { HandoffLimits } from '../../../src-shared/settings.ts';
import { defaultLimits } from '../handoff-limits.ts';
import type { GateState } from '../ports.ts';
import { drainLimits, type DrainLimits } from './limits.ts';

/** The edge's own evidence of a drain: its gate's counters, as they were seen. */
export interface DrainWatch {
  readonly startedMs: number;
  readonly limits: DrainLimits;
  /** Requests when it began; null until the gate was seen. */
  readonly baseline: number | null;
  /** Null: the gate could not be asked. */
  readonly requests: number | null;
  readonly inFlight: number | null;
  /** Since when nothing is new: the counter stands still, and the gate can be asked. */
  readonly quietSinceMs: number;
}

export function beginDrain(
  nowMs: number,
  remainingMs: number | null,
  limits: HandoffLimits = defaultLimits,
): DrainWatch {
  return {
    startedMs: nowMs,
    limits: drainLimits(remainingMs, limits),
    baseline: null,
    requests: null,
    inFlight: null,
    quietSinceMs: nowMs,
  };
}

/** @param gate null: it cannot be asked, which is no evidence that nothing comes */
export function seenBy(watch: DrainWatch, gate: GateState | null, nowMs: number): DrainWatch {
  if (gate === null) return { ...watch, requests: null, inFlight: null, quietSinceMs: nowMs };
  const still = watch.requests === gate.requests;
  return {
    ...watch,
    baseline: watch.baseline ?? gate.requests,
    requests: gate.requests,
    inFlight: gate.inFlight,
    quietSinceMs: still ? watch.quietSinceMs : nowMs,
  };
}

/** `cut`: its time is over and something is open, or nobody can tell. */
export function drainVerdict(watch: DrainWatch, nowMs: number): 'wait' | 'done' | 'cut' {
  const elapsedMs = nowMs - watch.startedMs;
  const { minMs, quietMs, maxMs } = watch.limits;
  const isEmpty = watch.inFlight === 0;
  if (isEmpty && elapsedMs >= minMs && nowMs - watch.quietSinceMs >= quietMs) return 'done';
  if (elapsedMs < maxMs) return 'wait';
  return isEmpty ? 'done' : 'cut';
}

/** When its time is over; before that only a look at the gate can end it. */
export function drainEndMs(watch: DrainWatch): number {
  return watch.startedMs + watch.limits.maxMs;
}

/** Requests that still came in although nothing should: 0 when it has been quiet long enough. */
export function lateRequests(watch: DrainWatch, nowMs: number): number {
  if (nowMs - watch.quietSinceMs >= watch.limits.quietMs) return 0;
  if (watch.requests === null || watch.baseline === null) return 0;
  return Math.max(0, watch.requests - watch.baseline);
}
