import type { Battery, Disk, Lid, Load, Memory, Thermal, Vitals, Vm } from '../../src-shared/world/vitals.ts';
import type { Board } from './board.ts';
import { periodMs } from './cadence.ts';
import { unknownEstimate, type Estimate } from './estimator.ts';
import type { JudgeContext } from './judge-context.ts';
import { minutesToWarn, SWAP_SHOWN_WINDOW_MS, swapBytesPerMinute } from './memory-trend.ts';
import type { BatteryReading, Sample } from './readings.ts';
import { isStale } from './staleness.ts';
import { memoryLevel } from './stages/memory-stage.ts';
import type { StagesOutcome } from './stages/stages.ts';
import { isUnproven, secondsAtLevel } from './thermal-track.ts';

interface Judged {
  readonly battery: Sample<BatteryReading> | null;
  readonly minutes: Estimate;
  readonly outcome: StagesOutcome;
}

/** The World's slice, from what was read and what was judged. */
export function assemble(board: Board, judged: Judged, context: JudgeContext): Vitals {
  const nowMs = context.now.ms;
  const { stage, reasons, latched } = judged.outcome;
  return {
    memory: memoryOf(board, context),
    battery: batteryOf(judged, nowMs),
    thermal: thermalOf(board, nowMs),
    load: shown(board.load, nowMs, ({ value }): Omit<Load, keyof Measured> => value),
    disk: shown(board.disk, nowMs, ({ value }): Omit<Disk, keyof Measured> => value),
    lid: shown(board.lid, nowMs, ({ value }): Omit<Lid, keyof Measured> => value),
    vm: vmOf(board, context),
    stage,
    reasons: [...reasons],
    latched,
  };
}

interface Measured {
  source: string;
  sampledAt: string;
  stale?: true;
}

function shown<T, Group extends object>(
  sample: Sample<T> | null,
  nowMs: number,
  group: (sample: Sample<T>) => Group,
): (Group & Measured) | null {
  if (sample === null) return null;
  const { source, sampledAt } = sample;
  return { ...group(sample), source, sampledAt, ...(isStale(sample, nowMs) ? { stale: true as const } : {}) };
}

function memoryOf(board: Board, { now, limits }: JudgeContext): Memory | null {
  return shown(board.memory, now.ms, ({ value }) => {
    const { basis: _, ...bytes } = value;
    return {
      ...bytes,
      level: memoryLevel(value, limits),
      swapBytesPerMinute: swapBytesPerMinute(board.memoryTrend, SWAP_SHOWN_WINDOW_MS),
      minutesToWarn: minutesToWarn(board.memoryTrend),
    };
  });
}

function batteryOf({ battery, minutes }: Judged, nowMs: number): Battery | null {
  return shown(battery, nowMs, (sample) => {
    const { present: _, ...value } = sample.value;
    return { ...value, ...(isStale(sample, nowMs) ? unknownEstimate : minutes) };
  });
}

function thermalOf(board: Board, nowMs: number): Thermal | null {
  return shown(board.thermal, nowMs, ({ value }) => ({
    ...value,
    secondsAtLevel: secondsAtLevel(board.thermalTrack, nowMs),
    unproven: isUnproven(board.thermalTrack, nowMs),
  }));
}

/** While it is not watched its last values would only grow old: unknown then. */
function vmOf(board: Board, { now, situation }: JudgeContext): Vm | null {
  if (periodMs('vm', situation) === null) return null;
  return shown(board.vm, now.ms, ({ value }) => value);
}
