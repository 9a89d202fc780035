import type { Tone } from '../parts/tone.ts';

/** One ten-second slot of the picture. */
export interface GapBar {
  /** 0..1 of the picture's width, from its left edge. */
  readonly left: number;
  /** 0..1 of the picture's height. */
  readonly height: number;
  readonly tone: Tone;
}

export interface GapView {
  /** Slots in which heartbeats were expected; the others are left empty. */
  readonly bars: readonly GapBar[];
  /** Heights of the two lines, 0..1. */
  readonly suspectAt: number;
  readonly decideAt: number;
  readonly mostMs: number;
  /** Slots with a gap over the suspicion line. */
  readonly overSuspect: number;
}

/** The picture ends this far above the line of decision; a longer gap is cut off there. */
const HEADROOM = 1.2;

/**
 * Heartbeat gaps as bars; null when nothing was recorded.
 *
 * @param gapsMs largest gap in each slot, oldest first; null where no heartbeat was expected
 */
export function gapView(
  gapsMs: readonly (number | null)[],
  limits: { readonly suspectMs: number; readonly decideMs: number },
): GapView | null {
  const known = gapsMs.filter((gap) => gap !== null);
  if (known.length === 0) return null;
  const { suspectMs, decideMs } = limits;
  const fullMs = decideMs * HEADROOM;
  const toneOf = (gapMs: number): Tone => (gapMs >= decideMs ? 'bad' : gapMs >= suspectMs ? 'warn' : 'ok');
  return {
    bars: gapsMs.flatMap((gapMs, index) =>
      gapMs === null
        ? []
        : [{ left: index / gapsMs.length, height: Math.min(1, gapMs / fullMs), tone: toneOf(gapMs) }],
    ),
    suspectAt: suspectMs / fullMs,
    decideAt: decideMs / fullMs,
    mostMs: Math.max(...known),
    overSuspect: known.filter((gap) => gap >= suspectMs).length,
  };
}
