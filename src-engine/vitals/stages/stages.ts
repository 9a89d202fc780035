import type { Reason, Stage } from '../../../src-shared/world/vitals.ts';
import {
  batteryStage,
  freshBatteryStage,
  type BatteryInput,
  type BatteryStageState,
} from './battery-stage.ts';
import type { StageContext } from './context.ts';
import { emptyLadder, type Ladder } from './ladder.ts';
import { memoryStage, type MemoryInput } from './memory-stage.ts';
import { thermalStage } from './thermal-stage.ts';
import { earliest } from './trigger.ts';

/** What the stages are made from; null is unknown or stale, and freezes what depends on it. */
export interface StageInputs {
  readonly battery: BatteryInput | null;
  /** The last known word on AC, however old; null before the first. */
  readonly lastOnAC: boolean | null;
  readonly memory: MemoryInput | null;
  /** 0..4. */
  readonly thermalLevel: number | null;
}

export interface StagesState {
  readonly battery: BatteryStageState;
  readonly memory: Ladder;
  readonly thermal: Ladder;
}

export const freshStages: StagesState = {
  battery: freshBatteryStage,
  memory: emptyLadder,
  thermal: emptyLadder,
};

export interface StagesOutcome {
  readonly state: StagesState;
  readonly stage: Stage;
  /** One per metric, the highest stage first. */
  readonly reasons: readonly Reason[];
  readonly latched: boolean;
  /** When the stages change by themselves if nothing is read; null: never. */
  readonly dueMs: number | null;
}

/** The whole table of design/limits.md, Stages: the highest metric's stage is this Mac's. */
export function judgeStages(state: StagesState, inputs: StageInputs, context: StageContext): StagesOutcome {
  const battery = batteryStage(state.battery, inputs.battery, inputs.lastOnAC, context);
  const memory = memoryStage(state.memory, inputs.memory, context);
  const thermal = thermalStage(state.thermal, inputs.thermalLevel, context);
  const reasons = onePerMetric([...battery.reasons, ...memory.reasons, ...thermal.reasons]);
  return {
    state: { battery: battery.state, memory: memory.state, thermal: thermal.state },
    stage: reasons[0]?.stage ?? 'ok',
    reasons,
    latched: battery.latched,
    dueMs: earliest(battery.dueMs, memory.dueMs, thermal.dueMs),
  };
}

const RANK: Readonly<Record<Stage, number>> = { ok: 0, warn: 1, drain: 2, stop: 3 };

function onePerMetric(reasons: readonly Reason[]): Reason[] {
  const best = new Map<string, Reason>();
  for (const reason of reasons) {
    const other = best.get(reason.metric);
    if (other === undefined || RANK[reason.stage] > RANK[other.stage]) best.set(reason.metric, reason);
  }
  return [...best.values()].sort((a, b) => RANK[b.stage] - RANK[a.stage]);
}
