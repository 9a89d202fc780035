import type { Dealing } from './ports.ts';

/** However small the share that is to be disproved: what is smaller is taken for this. */
const SMALLEST_SHARE = 0.01;
const FEWEST = 20;
const MOST = 2000;

/**
 * How many requests must all miss the edge before "weight 0 is live" may be said.
 *
 * For a front that picks at random: n with (1 - w)^n <= falseAlarm. For one that deals in turn,
 * one full round and one more prove it (research/measured.md, Gateway API 4).
 *
 * @param oldShare share of the edge before the change, 0..1; 0 (nothing to disprove) asks for the fewest
 * @param dealing how the front picks
 * @param falseAlarm accepted probability of a wrong "live", default 1e-6
 * @returns requests, 20..2000
 */
export function probesNeeded(oldShare: number, dealing: Dealing, falseAlarm = 1e-6): number {
  if (oldShare <= 0) return FEWEST;
  const share = Math.min(1, Math.max(SMALLEST_SHARE, oldShare));
  const needed = dealing === 'random' ? Math.log(falseAlarm) / Math.log(1 - share) : 2 * Math.ceil(1 / share);
  return Math.min(MOST, Math.max(FEWEST, Math.ceil(needed)));
}
