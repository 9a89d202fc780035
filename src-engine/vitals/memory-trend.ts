/**
 * Where memory is heading: the slope of the pressure ratio (research/vitals.md, section 4) and the
 * growth of swap. An estimator: no time scale divides its windows.
 */
interface Point {
  readonly atMs: number;
  readonly value: number;
}

export interface MemoryTrend {
  readonly ratios: readonly Point[];
  readonly swaps: readonly Point[];
  /** Since when the slope has promised the warning within the hour. */
  readonly fallingSinceMs: number | null;
}

export const freshTrend: MemoryTrend = { ratios: [], swaps: [], fallingSinceMs: null };

const RATIO_WINDOW_MS = 600_000;
const RATIO_SPACING_MS = 10_000;
/** The slope must last this long before it is told. */
const PERSIST_MS = 300_000;
/** The kernel warns when less than half is not compressed (xnu osfmk/vm/vm_pageout.c). */
const WARN_RATIO = 0.5;
const SHOWN_UNDER_MINUTES = 60;

export const SWAP_SHOWN_WINDOW_MS = 180_000;
/** The rule looks at the last minute, and asks it to last (design/limits.md: "for 3 min"). */
export const SWAP_RULE_WINDOW_MS = 60_000;
const SWAP_KEPT_MS = 300_000;
const SWAP_SPACING_MS = 5000;
/** Growth seen for less than this is no rate yet. */
const SHORTEST_SPAN_MS = 45_000;

export function noteMemory(
  trend: MemoryTrend,
  atMs: number,
  ratio: number | null,
  swapUsedBytes: number | null,
): MemoryTrend {
  const ratios =
    ratio === null
      ? trend.ratios
      : append(trend.ratios, { atMs, value: ratio }, RATIO_SPACING_MS, RATIO_WINDOW_MS);
  const swaps =
    swapUsedBytes === null
      ? trend.swaps
      : append(trend.swaps, { atMs, value: swapUsedBytes }, SWAP_SPACING_MS, SWAP_KEPT_MS);
  const soon = minutesAlong(ratios) !== null;
  return { ratios, swaps, fallingSinceMs: soon ? (trend.fallingSinceMs ?? atMs) : null };
}

/** Minutes until the ratio reaches 0.50, 0..60; null unless the slope has lasted five minutes. */
export function minutesToWarn(trend: MemoryTrend): number | null {
  const last = trend.ratios.at(-1);
  if (last === undefined || trend.fallingSinceMs === null) return null;
  return last.atMs - trend.fallingSinceMs >= PERSIST_MS ? minutesAlong(trend.ratios) : null;
}

/** Growth of swap over the window in bytes per minute, negative when it shrinks; null when not known yet. */
export function swapBytesPerMinute(trend: MemoryTrend, windowMs: number): number | null {
  const last = trend.swaps.at(-1);
  if (last === undefined) return null;
  const first = trend.swaps.findLast((point) => last.atMs - point.atMs >= windowMs) ?? trend.swaps[0];
  const spanMs = last.atMs - (first?.atMs ?? last.atMs);
  if (first === undefined || spanMs < SHORTEST_SPAN_MS) return null;
  return ((last.value - first.value) / spanMs) * 60_000;
}

function minutesAlong(points: readonly Point[]): number | null {
  const last = points.at(-1);
  if (last === undefined) return null;
  if (last.value <= WARN_RATIO) return 0;
  const slope = theilSen(points);
  if (slope === null || slope >= 0) return null;
  const minutes = (last.value - WARN_RATIO) / -slope / 60_000;
  return minutes < SHOWN_UNDER_MINUTES ? minutes : null;
}

/** The median of the slopes between all pairs, per millisecond: spikes of a collector do not move it. */
function theilSen(points: readonly Point[]): number | null {
  const slopes: number[] = [];
  for (const [index, later] of points.entries())
    for (const earlier of points.slice(0, index))
      if (later.atMs > earlier.atMs) slopes.push((later.value - earlier.value) / (later.atMs - earlier.atMs));
  slopes.sort((a, b) => a - b);
  const middle = slopes.length >> 1;
  if (slopes.length === 0) return null;
  const upper = slopes[middle] ?? 0;
  return slopes.length % 2 === 1 ? upper : (upper + (slopes[middle - 1] ?? upper)) / 2;
}

/** The newest point always counts; older ones are thinned to the spacing and kept for the window. */
function append(points: readonly Point[], point: Point, spacingMs: number, keptMs: number): Point[] {
  const [before, last] = [points.at(-2), points.at(-1)];
  const tooClose = before !== undefined && last !== undefined && last.atMs - before.atMs < spacingMs;
  const kept = tooClose ? points.slice(0, -1) : points;
  return [...kept.filter((old) => point.atMs - old.atMs <= keptMs), point];
}
