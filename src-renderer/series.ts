import type { Output } from '../src-shared/commands/registry.ts';
import type { World } from '../src-shared/world/world.ts';

/** One measurement; null where nothing was known, which is drawn as a gap. */
export interface Point {
  readonly atMs: number;
  readonly value: number | null;
}

export type SeriesName = 'memory' | 'battery' | 'thermal';
/** The last ten minutes of each meter, oldest first. */
export type Series = Readonly<Record<SeriesName, readonly Point[]>>;

export const SERIES_MS = 600_000;
/** Closer measurements replace each other: more points than pixels draw nothing. */
const SPACING_MS = 5000;

export const noSeries: Series = { memory: [], battery: [], thermal: [] };

/** The engine's own record, as points in time. */
export function seriesFrom(samples: Output<'samples.recent'>, nowMs: number): Series {
  const points = (values: readonly (number | null)[]): Point[] =>
    values.map((value, index) => ({ atMs: nowMs - (samples.agesMs[index] ?? 0), value }));
  return {
    memory: points(samples.memoryPercent),
    battery: points(samples.batteryPercent),
    thermal: points(samples.thermalLevel),
  };
}

/** The same, with what a new World measured. Old and stale values add nothing. */
export function withWorld(series: Series, world: World, nowMs: number): Series {
  const { memory, battery, thermal } = world.host.vitals;
  const usedPercent = memory === null ? null : (memory.usedBytes / memory.totalBytes) * 100;
  return {
    memory: append(series.memory, memory?.stale ? null : usedPercent, nowMs),
    battery: append(series.battery, battery?.stale ? null : (battery?.percent ?? null), nowMs),
    thermal: append(series.thermal, thermal?.stale ? null : (thermal?.level ?? null), nowMs),
  };
}

function append(points: readonly Point[], value: number | null, nowMs: number): readonly Point[] {
  const kept = points.filter(({ atMs }) => nowMs - atMs <= SERIES_MS);
  const before = kept.at(-2);
  const close = before !== undefined && nowMs - before.atMs < SPACING_MS;
  return [...(close ? kept.slice(0, -1) : kept), { atMs: nowMs, value }];
}
