import {
  currentBattery,
  freshBattery,
  gaugeAnswers,
  noteGauge,
  noteStatus,
  noteWake,
  type BatteryTrack,
} from './battery-track.ts';
import { batteryCheckMs, periodMs, type Kind, type Situation } from './cadence.ts';
import { freshTrend, noteMemory, type MemoryTrend } from './memory-trend.ts';
import type {
  BatteryReading,
  DiskReading,
  LidReading,
  LoadReading,
  MemoryLevel,
  MemoryReading,
  Sample,
  ThermalReading,
  VmReading,
} from './readings.ts';
import { isStale, madeStale } from './staleness.ts';
import { freshThermal, noteBusy, noteLevel, type ThermalTrack } from './thermal-track.ts';

/** What each kind of reading is. */
export interface ReadingOf {
  readonly memory: MemoryReading;
  readonly battery: BatteryReading;
  readonly gauge: BatteryReading;
  readonly thermal: ThermalReading;
  readonly load: LoadReading;
  readonly disk: DiskReading;
  readonly lid: LidReading;
  readonly vm: VmReading;
}

/** Everything that was read, and what was learned from it on the way. */
export interface Board {
  readonly memory: Sample<MemoryReading> | null;
  readonly memoryTrend: MemoryTrend;
  readonly battery: BatteryTrack;
  readonly thermal: Sample<ThermalReading> | null;
  readonly thermalTrack: ThermalTrack;
  readonly load: Sample<LoadReading> | null;
  readonly disk: Sample<DiskReading> | null;
  readonly lid: Sample<LidReading> | null;
  readonly vm: Sample<VmReading> | null;
}

export const emptyBoard: Board = {
  memory: null,
  memoryTrend: freshTrend,
  battery: freshBattery,
  thermal: null,
  thermalTrack: freshThermal,
  load: null,
  disk: null,
  lid: null,
  vm: null,
};

/** A reading before its sampling period is known. */
export type Read<T> = Omit<Sample<T>, 'periodMs'>;

/** Puts a reading on the board. */
export function noteRead<K extends Kind>(
  board: Board,
  kind: K,
  read: Read<ReadingOf[K]>,
  at: Situation,
): Board {
  // TypeScript cannot narrow a generic pair by its kind; the table below is checked row by row.
  return (noters[kind] as Noter<K>)(board, read, at);
}

type Noter<K extends Kind> = (board: Board, read: Read<ReadingOf[K]>, at: Situation) => Board;

const noters: { readonly [K in Kind]: Noter<K> } = {
  memory: (board, read, at) => ({
    ...board,
    memory: sampled('memory', read, at),
    memoryTrend: noteMemory(board.memoryTrend, read.atMs, read.value.pressureRatio, read.value.swapUsedBytes),
  }),
  battery: (board, read, at) => {
    // How soon it is stale depends on what it says itself.
    const onAC = read.value.onAC ?? at.onAC;
    const status = { ...read, periodMs: batteryCheckMs({ ...at, onAC }) };
    return { ...board, battery: noteStatus(board.battery, status, at.timeScale) };
  },
  gauge: (board, read, at) => {
    const onAC = read.value.onAC ?? at.onAC;
    const gauge = sampled('gauge', read, { ...at, onAC });
    return { ...board, battery: noteGauge(board.battery, gauge, at.timeScale) };
  },
  thermal: (board, read, at) => ({
    ...board,
    thermal: sampled('thermal', read, at),
    thermalTrack: noteLevel(board.thermalTrack, read.value.level, read.atMs),
  }),
  load: (board, read, at) => ({
    ...board,
    load: sampled('load', read, at),
    thermalTrack: noteBusy(board.thermalTrack, read.value.cpuPercent, read.atMs),
  }),
  disk: (board, read, at) => ({ ...board, disk: sampled('disk', read, at) }),
  lid: (board, read, at) => ({ ...board, lid: sampled('lid', read, at) }),
  vm: (board, read, at) => ({ ...board, vm: sampled('vm', read, at) }),
};

function sampled<T>(kind: Kind, read: Read<T>, at: Situation): Sample<T> {
  return { ...read, periodMs: periodMs(kind, at) ?? Infinity };
}

/** When the pace slows down, what was read at the quick one is not old before the next slow reading is due. */
export function slowed(board: Board, at: Situation): Board {
  const slow = <T>(kind: Kind, sample: Sample<T> | null): Sample<T> | null =>
    sample && { ...sample, periodMs: Math.max(sample.periodMs, periodMs(kind, at) ?? Infinity) };
  return {
    ...board,
    memory: slow('memory', board.memory),
    battery: { ...board.battery, status: slow('battery', board.battery.status) },
    thermal: slow('thermal', board.thermal),
    load: slow('load', board.load),
    disk: slow('disk', board.disk),
    lid: slow('lid', board.lid),
    vm: slow('vm', board.vm),
  };
}

/** After a sleep all that was read before is stale, and no trend leads over the gap. */
export function woken(board: Board): Board {
  const old = <T>(sample: Sample<T> | null): Sample<T> | null => sample && madeStale(sample);
  return {
    ...board,
    memory: old(board.memory),
    memoryTrend: freshTrend,
    battery: noteWake(board.battery),
    thermal: old(board.thermal),
    load: old(board.load),
    disk: old(board.disk),
    lid: old(board.lid),
    vm: old(board.vm),
  };
}

/** What the sampling periods depend on, as the board shows it. */
export function situationOf(
  board: Board,
  fixed: Pick<Situation, 'mode' | 'live' | 'clusterRunning' | 'timeScale'>,
  levelOf: (reading: MemoryReading) => MemoryLevel | null,
  nowMs: number,
): Situation {
  const memory = fresh(board.memory, nowMs);
  const level = memory === null ? null : levelOf(memory.value);
  return {
    ...fixed,
    onAC: currentBattery(board.battery, nowMs)?.value.onAC ?? board.battery.onAC,
    memoryHigh: level === 'warn' || level === 'critical',
    thermalHigh: (fresh(board.thermal, nowMs)?.value.level ?? 0) >= 2,
    percentInDoubt: board.battery.jump.doubt !== null,
    battery: board.battery.presence,
    gaugeAnswers: gaugeAnswers(board.battery, nowMs),
  };
}

/** The sample unless it is stale. */
export function fresh<T>(sample: Sample<T> | null, nowMs: number): Sample<T> | null {
  return sample === null || isStale(sample, nowMs) ? null : sample;
}
