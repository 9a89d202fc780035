import type { Peer } from '../../../src-shared/world/peer.ts';

export type LinkQuality = NonNullable<Peer['quality']>;

/** Arrivals of the last minute, oldest first; `seq` counts what the other side sent. */
export interface Heard {
  readonly atMs: number;
  readonly seq: number;
  /** Since the arrival before, own pauses left out; null: the first of a session. */
  readonly gapMs: number | null;
}

const WINDOW_MS = 60_000;
/** Fewer say nothing. */
const ENOUGH = 12;
const FAIR = { lossShare: 0.02, lateShare: 0.05 };
const POOR_LOSS_SHARE = 0.2;
/** A beat is late when the gap before it is this many beats long: jitter, or radio time that something else took. */
const LATE_BEATS = 1.3;

/** Adds to `heard` itself, which keeps the last minute: a copy of it four times a second is what a heartbeat costs. */
export function noteHeard(heard: Heard[], arrival: Heard): void {
  while (heard[0] !== undefined && heard[0].atMs <= arrival.atMs - WINDOW_MS) heard.shift();
  heard.push(arrival);
}

/**
 * How good the link is, for a person's eyes; never part of a decision (research/link.md 1.2: phi and its kin
 * drift as variance grows). `fair` from 2 % loss or 5 % late beats (AWDL, research/link.md 1.1, takes the radio
 * a quarter of the time), `poor` from 20 % loss or a silence that was suspect.
 */
export function qualityOf(
  heard: readonly Heard[],
  limits: { readonly intervalMs: number; readonly suspectMs: number },
): LinkQuality | null {
  if (heard.length < ENOUGH) return null;
  const seqs = heard.map(({ seq }) => seq);
  const sent = Math.max(...seqs) - Math.min(...seqs) + 1;
  const lossShare = 1 - heard.length / sent;
  const gaps = heard.flatMap(({ gapMs }) => (gapMs === null ? [] : [gapMs]));
  if (lossShare >= POOR_LOSS_SHARE || gaps.some((gapMs) => gapMs >= limits.suspectMs)) return 'poor';
  const late = gaps.filter((gapMs) => gapMs > LATE_BEATS * limits.intervalMs).length / gaps.length;
  return lossShare >= FAIR.lossShare || late >= FAIR.lateShare ? 'fair' : 'good';
}
