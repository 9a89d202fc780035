import type { Reason } from '../../../src-shared/world/vitals.ts';
import { mayLeave, type StageContext } from './context.ts';
import type { RaisedStage } from './trigger.ts';

/** The estimator's newest word. */
export interface MinutesInput {
  readonly onAC: boolean | null;
  readonly minutesToStop: number | null;
  readonly confidence: 'none' | 'low' | 'good';
  /** Grows by one with each estimate; what was counted already is not counted again. */
  readonly sample: number;
}

interface Count {
  /** Samples in a row at or below the limit. */
  readonly below: number;
  /** Samples in a row above one and a half times the limit. */
  readonly above: number;
  readonly activeSince: string | null;
}

export interface MinutesState {
  readonly seenSample: number;
  readonly counts: Readonly<Record<RaisedStage, Count>>;
}

const none: Count = { below: 0, above: 0, activeSince: null };

export const noMinutes: MinutesState = {
  seenSample: 0,
  counts: { warn: none, drain: none, stop: none },
};

const SAMPLES_TO_RAISE = 3;
const SAMPLES_TO_CLEAR = 5;
const CLEAR_FACTOR = 1.5;
/** A drain that usually takes long needs an early start: three times that is left for it. */
const DRAINS_LEFT = 3;

/**
 * Minutes left to the stop percentage (design/limits.md, Stages): raised by three samples of good
 * confidence; warn ends by five samples above one and a half times its limit, or on AC; drain and stop
 * end with the battery's latch.
 *
 * @param input null: unknown or stale, which freezes the counts
 * @param released the latch's condition; null is unknown
 */
export function minutesStage(
  state: MinutesState,
  input: MinutesInput | null,
  released: boolean | null,
  context: StageContext,
): { readonly state: MinutesState; readonly reasons: readonly Reason[]; readonly latched: boolean } {
  const isNew = input !== null && input.sample !== state.seenSample;
  const limits = limitsOf(context);
  const step = (stage: RaisedStage): Count => {
    if (stage !== 'warn' && !mayLeave(context)) return none;
    const counted = isNew ? counting(state.counts[stage], input, limits[stage]) : state.counts[stage];
    return settled(counted, stage, input?.onAC === true, released, context.now.iso);
  };
  const counts = { warn: step('warn'), drain: step('drain'), stop: step('stop') };
  return {
    state: { seenSample: input?.sample ?? state.seenSample, counts },
    reasons: (['stop', 'drain', 'warn'] as const).flatMap((stage): Reason[] => {
      const since = counts[stage].activeSince;
      const value = input?.minutesToStop ?? null;
      return since === null
        ? []
        : [{ metric: 'battery.minutesToStop', stage, value, limit: limits[stage], since }];
    }),
    latched: counts.drain.activeSince !== null || counts.stop.activeSince !== null,
  };
}

function limitsOf({ limits: { minutes }, usualDrainMs }: StageContext): Record<RaisedStage, number> {
  const usual = usualDrainMs === null ? 0 : (DRAINS_LEFT * usualDrainMs) / 60_000;
  return { warn: minutes.warn, drain: Math.max(minutes.drain, usual), stop: minutes.stop };
}

function counting(count: Count, input: MinutesInput, limit: number): Count {
  const minutes = input.confidence === 'good' ? input.minutesToStop : null;
  if (minutes === null) return { ...count, below: 0, above: 0 };
  return {
    ...count,
    below: minutes <= limit ? count.below + 1 : 0,
    above: minutes > limit * CLEAR_FACTOR ? count.above + 1 : 0,
  };
}

function settled(
  count: Count,
  stage: RaisedStage,
  onAC: boolean,
  released: boolean | null,
  nowIso: string,
): Count {
  if (count.activeSince === null) {
    const raised = count.below >= SAMPLES_TO_RAISE && !onAC;
    return raised ? { below: 0, above: 0, activeSince: nowIso } : count;
  }
  const over = stage === 'warn' ? onAC || count.above >= SAMPLES_TO_CLEAR : released === true;
  return over ? none : count;
}
