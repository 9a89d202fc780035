import type { Metric, Reason } from '../../../src-shared/world/vitals.ts';

/** The two clocks of one moment. */
export interface Moment {
  /** Monotonic milliseconds. */
  readonly ms: number;
  /** Wall time for people, ISO-8601. */
  readonly iso: string;
}

export type RaisedStage = Reason['stage'];

/**
 * One reason for one stage: raised after its condition has held for a time, cleared after another has.
 * The states: idle (all null), raising, active, clearing.
 */
export interface Trigger {
  readonly raisingSinceMs: number | null;
  readonly clearingSinceMs: number | null;
  /** Wall time at which it was raised; null while it is not. */
  readonly activeSince: string | null;
}

export const idle: Trigger = { raisingSinceMs: null, clearingSinceMs: null, activeSince: null };

/** Conditions of now; null is unknown, and freezes the trigger. */
export interface Conditions {
  readonly raise: boolean | null;
  readonly raiseMs: number;
  readonly clear: boolean | null;
  readonly clearMs: number;
  /** False: the dwell runs, but it is not raised before this is true as well. */
  readonly ready?: boolean;
}

/**
 * Moves a trigger on. Unknown neither raises nor clears, and a dwell that unknown has interrupted
 * begins anew: nobody saw the condition hold.
 */
export function moved(trigger: Trigger, when: Conditions, now: Moment): Trigger {
  if (trigger.activeSince === null) {
    const raisingSinceMs = when.raise === true ? (trigger.raisingSinceMs ?? now.ms) : null;
    const over = raisingSinceMs !== null && now.ms - raisingSinceMs >= when.raiseMs;
    const held = over && when.ready !== false;
    return held ? { ...idle, activeSince: now.iso } : { ...idle, raisingSinceMs };
  }
  const clearingSinceMs = when.clear === true ? (trigger.clearingSinceMs ?? now.ms) : null;
  const held = clearingSinceMs !== null && now.ms - clearingSinceMs >= when.clearMs;
  return held ? idle : { ...idle, clearingSinceMs, activeSince: trigger.activeSince };
}

/** When the trigger changes by itself if nothing new is read; null: not by itself. */
export function dueMs(trigger: Trigger, when: Conditions, nowMs: number): number | null {
  const { raisingSinceMs, clearingSinceMs } = trigger;
  if (raisingSinceMs !== null) return later(raisingSinceMs + when.raiseMs, nowMs);
  return clearingSinceMs === null ? null : later(clearingSinceMs + when.clearMs, nowMs);
}

/** A dwell that is over waits for a reading (`ready`), not for the time. */
function later(moment: number, nowMs: number): number | null {
  return moment > nowMs ? moment : null;
}

/** The earliest of some moments; null when there is none. */
export function earliest(...moments: readonly (number | null)[]): number | null {
  const known = moments.filter((moment) => moment !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** What a trigger stands for in the World. */
export interface Label {
  readonly metric: Metric;
  readonly stage: RaisedStage;
  readonly value: number | null;
  readonly limit: number;
}

/** The reason while the trigger is active, else nothing. */
export function reasonOf(trigger: Trigger, label: Label): Reason[] {
  return trigger.activeSince === null ? [] : [{ ...label, since: trigger.activeSince }];
}
