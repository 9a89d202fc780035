import type { StageLimits } from '../../../src-shared/settings.ts';
import { MIB } from '../../../src-shared/units.ts';
import type { MemoryLevel, MemoryReading } from '../readings.ts';
import type { StageContext, StageOutcome } from './context.ts';
import { climb, isActive, joined, type Ladder, type Rung } from './ladder.ts';

/** A fresh reading with what its history adds. */
export interface MemoryInput {
  readonly reading: MemoryReading;
  /** Growth of swap over the last minute, which the 3-min rule looks at; null when not known yet. */
  readonly swapBytesPerMinute: number | null;
  /** Growth over the last three minutes: is swap rising at all? */
  readonly swapTrendBytesPerMinute: number | null;
}

/** Less than this is noise, not "rising". */
const RISING_BYTES_PER_MINUTE = MIB;
/** Linux: a stage ends this many points away from its limit. */
const BAND_POINTS = 5;

/** The kernel's own numbers for its levels, which people know from `sysctl`. */
const LEVEL_NUMBER: Readonly<Record<MemoryLevel, number>> = { normal: 1, warn: 2, critical: 4 };

/** Memory (design/limits.md, Stages). Null input is unknown or stale: all is frozen. */
export function memoryStage(
  ladder: Ladder,
  input: MemoryInput | null,
  context: StageContext,
): StageOutcome<Ladder> {
  const known = 'available.warn' in ladder ? 'available' : 'pressureLevel';
  if ((input?.reading.basis ?? known) === 'available')
    return climb(ladder, availableRungs(input?.reading ?? null, context.limits), context);
  const first = climb(ladder, levelRungs(input, context), context);
  const draining = isActive(first.state, 'drain', 'drainBySwap');
  return joined(first, climb(ladder, [stopRung(input, draining, context)], context));
}

interface LevelFacts {
  readonly level: number | null;
  /** Megabytes per minute. */
  readonly growth: number | null;
  readonly growing: boolean | null;
  /** Level 1, and no swap growth that would raise the warning again at once. */
  readonly calm: boolean | null;
}

function factsOf(input: MemoryInput | null, context: StageContext): LevelFacts {
  const named = input?.reading.level ?? null;
  const level = named === null ? null : LEVEL_NUMBER[named];
  const bytes = input?.swapBytesPerMinute ?? null;
  const growth = bytes === null ? null : bytes / MIB;
  const growing = growth === null ? null : growth > context.limits.memory.swapMegabytesPerMinute;
  return { level, growth, growing, calm: level === null ? null : level === 1 && growing !== true };
}

function levelRungs(input: MemoryInput | null, context: StageContext): Rung[] {
  const { memory } = context.limits;
  const { level, growth, growing, calm } = factsOf(input, context);
  const common = {
    metric: 'memory.level',
    value: level,
    clear: calm,
    clearSeconds: memory.clearSeconds,
  } as const;
  const atLeast = (limit: number) => ({ limit, raise: level === null ? null : level >= limit });
  const rungs: Rung[] = [
    { ...common, ...atLeast(2), key: 'warn', stage: 'warn', raiseSeconds: memory.warnSeconds },
    {
      ...common,
      key: 'warnBySwap',
      metric: 'memory.swapGrowth',
      stage: 'warn',
      value: growth,
      limit: memory.swapMegabytesPerMinute,
      raise: growing,
      raiseSeconds: memory.swapSeconds,
    },
    { ...common, ...atLeast(4), key: 'drain', stage: 'drain', raiseSeconds: memory.drainSeconds },
  ];
  if (context.role === 'edge')
    rungs.push({
      ...common,
      ...atLeast(2),
      key: 'drainBySwap',
      stage: 'drain',
      raiseSeconds: memory.drainAtWarnSeconds,
      ready: (input?.swapTrendBytesPerMinute ?? 0) > RISING_BYTES_PER_MINUTE,
    });
  return rungs;
}

/** "4 for 60 s after a drain (edge only)": the minute begins when the drain has been raised. */
function stopRung(input: MemoryInput | null, draining: boolean, context: StageContext): Rung {
  const { memory } = context.limits;
  const { level, calm } = factsOf(input, context);
  const critical = level === null ? null : level >= 4;
  return {
    key: 'stop',
    metric: 'memory.level',
    stage: 'stop',
    value: level,
    limit: 4,
    raise: draining && context.role === 'edge' ? critical : false,
    raiseSeconds: memory.stopSeconds,
    clear: calm,
    clearSeconds: memory.clearSeconds,
  };
}

function availableRungs(reading: MemoryReading | null, { memory }: StageLimits): Rung[] {
  const percent = reading && availablePercent(reading);
  const common = { clearSeconds: memory.clearSeconds };
  const available = (stage: Rung['stage'], limit: number, raiseSeconds: number): Rung => ({
    ...common,
    key: `available.${stage}`,
    metric: 'memory.availablePercent',
    stage,
    value: percent,
    limit,
    raise: percent === null ? null : percent < limit,
    raiseSeconds,
    clear: percent === null ? null : percent >= limit + BAND_POINTS,
  });
  const limit = memory.linuxStallPercent;
  const stall = (stage: Rung['stage'], value: number | null, raiseSeconds: number): Rung => ({
    ...common,
    key: `stall.${stage}`,
    metric: 'memory.stallPercent',
    stage,
    value,
    limit,
    raise: value === null ? null : value >= limit,
    raiseSeconds,
    // A limit of five points or less has no room for the band: half of it then.
    clear: value === null ? null : value <= Math.max(limit - BAND_POINTS, limit / 2),
  });
  return [
    available('warn', memory.linuxWarnPercent, memory.warnSeconds),
    available('drain', memory.linuxDrainPercent, memory.drainSeconds),
    available('stop', memory.linuxStopPercent, memory.stopSeconds),
    stall('warn', reading?.stallSomePercent ?? null, memory.warnSeconds),
    stall('drain', reading?.stallFullPercent ?? null, memory.drainSeconds),
  ];
}

function availablePercent(reading: MemoryReading): number {
  return (reading.availableBytes / reading.totalBytes) * 100;
}

/** The level to show: the kernel's own, or on Linux what the limits say of this very moment. */
export function memoryLevel(reading: MemoryReading, { memory }: StageLimits): MemoryLevel | null {
  if (reading.basis === 'pressureLevel') return reading.level;
  const percent = availablePercent(reading);
  const [some, full] = [reading.stallSomePercent ?? 0, reading.stallFullPercent ?? 0];
  if (percent < memory.linuxDrainPercent || full >= memory.linuxStallPercent) return 'critical';
  return percent < memory.linuxWarnPercent || some >= memory.linuxStallPercent ? 'warn' : 'normal';
}
