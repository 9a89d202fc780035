import { dwellMs, mayLeave, type StageContext, type StageOutcome } from './context.ts';
import { climb, emptyLadder, isActive, joined, type Ladder, type Rung } from './ladder.ts';
import { minutesStage, noMinutes, type MinutesInput, type MinutesState } from './minutes-stage.ts';
import { earliest } from './trigger.ts';

/** What is known of the battery now; null percentages are unknown. */
export interface BatteryInput extends MinutesInput {
  readonly percent: number | null;
}

export interface BatteryStageState {
  readonly ladder: Ladder;
  readonly minutes: MinutesState;
  /** Since when AC has been seen without a break, monotonic milliseconds; null: not on AC, or unknown. */
  readonly acSinceMs: number | null;
}

export const freshBatteryStage: BatteryStageState = {
  ladder: emptyLadder,
  minutes: noMinutes,
  acSinceMs: null,
};

/**
 * Battery (design/limits.md, Stages). Warn ends at 40 % or on AC. Drain and stop, by percentage or by
 * minutes, are latched until AC has lasted 60 s and the percentage is 35 or more.
 *
 * @param input null: unknown or stale, which freezes the stages; on battery, warn after five minutes
 * @param lastOnAC the last known word on AC; null before the first
 */
export function batteryStage(
  state: BatteryStageState,
  input: BatteryInput | null,
  lastOnAC: boolean | null,
  context: StageContext,
): StageOutcome<BatteryStageState> & { readonly latched: boolean } {
  const { battery } = context.limits;
  const onAC = input?.onAC ?? null;
  const acSinceMs = onAC === true ? (state.acSinceMs ?? context.now.ms) : null;
  const releaseAtMs = acSinceMs === null ? null : acSinceMs + dwellMs(context, battery.releaseSeconds);
  const acLongEnough = releaseAtMs !== null && context.now.ms >= releaseAtMs;
  const percent = input?.percent ?? null;
  const released = percent === null ? null : acLongEnough && percent >= battery.releasePercent;

  const levels = climb(state.ladder, percentRungs(percent, onAC, released, context), context);
  const unknown = climb(state.ladder, [unknownRung(percent, lastOnAC, context)], context);
  const minutes = minutesStage(state.minutes, input, released, context);
  const both = joined(levels, unknown);
  const latched = mayLeave(context) && (isActive(both.state, 'drain', 'stop') || minutes.latched);
  return {
    state: { ladder: both.state, minutes: minutes.state, acSinceMs },
    reasons: [...both.reasons, ...minutes.reasons],
    dueMs: earliest(both.dueMs, latched && !acLongEnough ? releaseAtMs : null),
    latched,
  };
}

function percentRungs(
  percent: number | null,
  onAC: boolean | null,
  released: boolean | null,
  context: StageContext,
): Rung[] {
  const { battery } = context.limits;
  const rung = (stage: Rung['stage'], limit: number, raiseSeconds: number, clear: boolean | null): Rung => ({
    key: stage,
    metric: 'battery.percent',
    stage,
    value: percent,
    limit,
    raise: percent === null || onAC === null ? null : !onAC && percent <= limit,
    raiseSeconds,
    clear,
    clearSeconds: 0,
  });
  const recovered = onAC === true || (percent === null ? null : percent >= battery.clearPercent);
  return [
    rung('warn', battery.warnPercent, battery.warnSeconds, recovered),
    rung('drain', battery.drainPercent, battery.drainSeconds, released),
    rung('stop', battery.stopPercent, battery.stopSeconds, released),
  ];
}

/** Running on a battery of which nothing is known is a reason to look, not to act. */
function unknownRung(percent: number | null, lastOnAC: boolean | null, { limits }: StageContext): Rung {
  const unknown = percent === null && lastOnAC === false;
  return {
    key: 'unknown',
    metric: 'battery.unknown',
    stage: 'warn',
    value: null,
    limit: limits.battery.unknownSeconds,
    raise: unknown,
    raiseSeconds: limits.battery.unknownSeconds,
    clear: !unknown,
    clearSeconds: 0,
  };
}
