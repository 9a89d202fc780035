import type { Vitals } from '../../src-shared/world/vitals.ts';
import { assemble } from './assemble.ts';
import { currentBattery, estimatorSample } from './battery-track.ts';
import { fresh, type Board } from './board.ts';
import { estimate, unknownEstimate } from './estimator.ts';
import type { JudgeContext } from './judge-context.ts';
import { SWAP_RULE_WINDOW_MS, SWAP_SHOWN_WINDOW_MS, swapBytesPerMinute } from './memory-trend.ts';
import { staleAtMs } from './staleness.ts';
import { judgeStages, type StagesState } from './stages/stages.ts';
import { earliest } from './stages/trigger.ts';

export interface Judgement {
  readonly vitals: Vitals;
  readonly stages: StagesState;
  /** When to judge again even if nothing is read: a dwell is over, or something becomes stale. */
  readonly dueMs: number | null;
}

/** From what was read to what is so: stages, minutes, and the World's slice. Values in, values out. */
export function judge(board: Board, stages: StagesState, context: JudgeContext): Judgement {
  const { now, limits, situation } = context;
  const battery = currentBattery(board.battery, now.ms);
  const known = fresh(battery, now.ms);
  const minutes =
    known === null
      ? unknownEstimate
      : estimate(board.battery.estimator, estimatorSample(known), limits.battery);
  const memory = fresh(board.memory, now.ms);
  const trend = board.memoryTrend;
  const outcome = judgeStages(
    stages,
    {
      battery: known && { ...known.value, ...minutes, sample: board.battery.estimates },
      lastOnAC: board.battery.onAC,
      memory: memory && {
        reading: memory.value,
        swapBytesPerMinute: swapBytesPerMinute(trend, SWAP_RULE_WINDOW_MS),
        swapTrendBytesPerMinute: swapBytesPerMinute(trend, SWAP_SHOWN_WINDOW_MS),
      },
      thermalLevel: fresh(board.thermal, now.ms)?.value.level ?? null,
    },
    { ...context, timeScale: situation.timeScale },
  );
  const samples = [battery, board.memory, board.thermal, board.load, board.disk, board.lid, board.vm];
  const staleness = samples.map((sample) => {
    const atMs = sample === null ? -Infinity : staleAtMs(sample) + 1;
    return atMs > now.ms && Number.isFinite(atMs) ? atMs : null;
  });
  return {
    vitals: assemble(board, { battery, minutes, outcome }, context),
    stages: outcome.state,
    dueMs: earliest(outcome.dueMs, ...staleness),
  };
}
