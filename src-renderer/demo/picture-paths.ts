import { area } from 'd3-shape';
import type { PerSecond } from '../../src-shared/demo.ts';

/** The last minute of requests a second, the edge's on top of the core's, the newest at the right edge. */
export interface Picture {
  readonly core: string;
  readonly edge: string;
  /** Requests a second at the upper end. */
  readonly top: number;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
  /** Slots from the left edge to the right one. */
  readonly seconds: number;
}

const STEP = 50;

/** A round number that holds all of it, so that the scale does not move with every second. */
export function topOf(seconds: readonly PerSecond[]): number {
  const most = Math.max(0, ...seconds.map(({ core, edge }) => core + edge));
  return Math.max(STEP, Math.ceil(most / STEP) * STEP);
}

/** SVG paths; null while there are not two seconds to draw. */
export function picturePaths(seconds: readonly PerSecond[], size: PictureSize): Picture | null {
  if (seconds.length < 2) return null;
  const top = topOf(seconds);
  const first = size.seconds - seconds.length;
  const x = (_second: PerSecond, at: number): number =>
    round(((first + at) / (size.seconds - 1)) * size.width);
  const y = (value: number): number => round(size.height * (1 - value / top));
  const core = area<PerSecond>()
    .x(x)
    .y0(size.height)
    .y1((second) => y(second.core));
  const edge = area<PerSecond>()
    .x(x)
    .y0((second) => y(second.core))
    .y1((second) => y(second.core + second.edge));
  return { core: core([...seconds]) ?? '', edge: edge([...seconds]) ?? '', top };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
