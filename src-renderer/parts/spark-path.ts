import { area, curveLinear, line } from 'd3-shape';
import { SERIES_MS, type Point } from '../series.ts';

export interface SparkSize {
  readonly width: number;
  readonly height: number;
}

export interface SparkScale {
  /** Lower and upper end of the picture, in the unit of the values. */
  readonly low: number;
  readonly high: number;
}

/** Room for the stroke above and below. */
const PADDING = 2;

/**
 * The range that a picture covers: what was measured, and at least `span`, so that noise of a tenth stays flat.
 *
 * @returns null when nothing is known
 */
export function scaleOf(points: readonly Point[], span: number): SparkScale | null {
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  if (values.length === 0) return null;
  const low = Math.min(...values);
  const high = Math.max(...values);
  const missing = Math.max(0, span - (high - low)) / 2;
  return { low: low - missing, high: high + missing };
}

/** A shorter stretch than this is a dash, not a picture. */
const SHORTEST_MS = 30_000;

/** SVG paths of the last ten minutes, the newest at the right edge; null when there is too little to draw. */
export function sparkPaths(
  points: readonly Point[],
  scale: SparkScale,
  size: SparkSize,
  nowMs: number,
): { line: string; area: string } | null {
  const known = points.filter(({ value }) => value !== null);
  if ((known.at(-1)?.atMs ?? 0) - (known[0]?.atMs ?? 0) < SHORTEST_MS) return null;
  const x = ({ atMs }: Point): number => round(size.width * (1 - (nowMs - atMs) / SERIES_MS));
  const y = ({ value }: Point): number => {
    const share = ((value ?? 0) - scale.low) / (scale.high - scale.low || 1);
    return round(size.height - PADDING - share * (size.height - 2 * PADDING));
  };
  const isKnown = ({ value }: Point): boolean => value !== null;
  const shape = line<Point>().defined(isKnown).x(x).y(y).curve(curveLinear);
  const below = area<Point>().defined(isKnown).x(x).y1(y).y0(size.height).curve(curveLinear);
  return { line: shape([...points]) ?? '', area: below([...points]) ?? '' };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
