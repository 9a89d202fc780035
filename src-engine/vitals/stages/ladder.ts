import type { Reason } from '../../../src-shared/world/vitals.ts';
import { dwellMs, mayLeave, type StageContext, type StageOutcome } from './context.ts';
import { dueMs, earliest, idle, moved, reasonOf, type Label, type Trigger } from './trigger.ts';

/** One way of raising one stage, and of ending it. */
export interface Rung extends Label {
  /** Names the trigger; a metric may have two ways to the same stage. */
  readonly key: string;
  readonly raise: boolean | null;
  readonly raiseSeconds: number;
  readonly clear: boolean | null;
  readonly clearSeconds: number;
  /** See `Conditions`. */
  readonly ready?: boolean;
}

/** Triggers by key; a key that is missing is idle. */
export type Ladder = Readonly<Record<string, Trigger>>;

export const emptyLadder: Ladder = {};

/** Moves every trigger of a ladder. A stage that this role does not have is never raised, and ends. */
export function climb(ladder: Ladder, rungs: readonly Rung[], context: StageContext): StageOutcome<Ladder> {
  const allowed = rungs.filter((rung) => rung.stage === 'warn' || mayLeave(context));
  const next: Record<string, Trigger> = {};
  const reasons: Reason[] = [];
  let due: number | null = null;
  for (const rung of allowed) {
    const when = {
      raise: rung.raise,
      raiseMs: dwellMs(context, rung.raiseSeconds),
      clear: rung.clear,
      clearMs: dwellMs(context, rung.clearSeconds),
      ready: rung.ready ?? true,
    };
    const trigger = moved(ladder[rung.key] ?? idle, when, context.now);
    next[rung.key] = trigger;
    const { metric, stage, value, limit } = rung;
    reasons.push(...reasonOf(trigger, { metric, stage, value, limit }));
    due = earliest(due, dueMs(trigger, when, context.now.ms));
  }
  return { state: next, reasons, dueMs: due };
}

/** True while any of these triggers is active. */
export function isActive(ladder: Ladder, ...keys: readonly string[]): boolean {
  return keys.some((key) => (ladder[key] ?? idle).activeSince !== null);
}

/** Two parts of one ladder, climbed one after the other because the second looks at the first. */
export function joined(first: StageOutcome<Ladder>, second: StageOutcome<Ladder>): StageOutcome<Ladder> {
  return {
    state: { ...first.state, ...second.state },
    reasons: [...first.reasons, ...second.reasons],
    dueMs: earliest(first.dueMs, second.dueMs),
  };
}
