import type { SeenGap } from '../ports.ts';

/** The longest gap between arrivals in a stretch of time: what the ten-minute picture shows. */
export interface GapBucket {
  readonly startsAtMs: number;
  readonly longestMs: number;
}

interface GapRecord {
  readonly endedAtMs: number;
  readonly lastedMs: number;
}

export interface GapHistory {
  readonly gaps: readonly GapRecord[];
  readonly buckets: readonly GapBucket[];
}

export const noGaps: GapHistory = { gaps: [], buckets: [] };

/** Four beats lost: what the other Mac may want to compare with its own pauses. */
const TOLD_ABOVE_MS = 1000;
const TOLD = 20;
export const GAP_BUCKET_MS = 5000;
const PICTURE_MS = 600_000;

/** @param lastedMs since the arrival before, own pauses left out */
export function withGap(history: GapHistory, endedAtMs: number, lastedMs: number): GapHistory {
  const gaps =
    lastedMs > TOLD_ABOVE_MS ? [...history.gaps, { endedAtMs, lastedMs }].slice(-TOLD) : history.gaps;
  const startsAtMs = Math.floor(endedAtMs / GAP_BUCKET_MS) * GAP_BUCKET_MS;
  const last = history.buckets.at(-1);
  if (last?.startsAtMs !== startsAtMs) {
    const kept = history.buckets.filter((bucket) => bucket.startsAtMs > endedAtMs - PICTURE_MS);
    return { gaps, buckets: [...kept, { startsAtMs, longestMs: lastedMs }] };
  }
  if (lastedMs <= last.longestMs) return gaps === history.gaps ? history : { ...history, gaps };
  return { gaps, buckets: [...history.buckets.slice(0, -1), { startsAtMs, longestMs: lastedMs }] };
}

/** Silences over a second, the one that lasts included, newest last. */
export function gapsAt({ gaps }: GapHistory, nowMs: number, silenceMs: number | null): SeenGap[] {
  const lasting = silenceMs !== null && silenceMs > TOLD_ABOVE_MS ? [{ agoMs: 0, lastedMs: silenceMs }] : [];
  return [
    ...gaps.map(({ endedAtMs, lastedMs }) => ({ agoMs: nowMs - endedAtMs, lastedMs })),
    ...lasting,
  ].slice(-TOLD);
}

/**
 * The longest gap of each 5 s of the last ten minutes, oldest first; null where nothing arrived.
 * 120 values.
 */
export function gapSeries({ buckets }: GapHistory, nowMs: number): (number | null)[] {
  const newest = Math.floor(nowMs / GAP_BUCKET_MS) * GAP_BUCKET_MS;
  const byStart = new Map(buckets.map(({ startsAtMs, longestMs }) => [startsAtMs, longestMs]));
  const count = PICTURE_MS / GAP_BUCKET_MS;
  return Array.from(
    { length: count },
    (_, index) => byStart.get(newest - (count - 1 - index) * GAP_BUCKET_MS) ?? null,
  );
}
