import type { LinkState } from '../../../src-shared/world/peer.ts';
import { TICK_MS } from './detector.ts';

/** Between two probes while suspect (design/limits.md, Link). */
export const PROBE_MS = 100;
/** What is due this soon is done now: one wake-up instead of two. */
const TOGETHER_MS = 5;

export interface Pace {
  readonly beatDueMs: number;
  readonly probeDueMs: number;
}

/** What to send now, and the next times. A beat that is late by more than one is not made up for. */
export function duePackets(
  pace: Pace,
  { nowMs, phase, intervalMs }: { nowMs: number; phase: LinkState; intervalMs: number },
): { readonly beat: boolean; readonly probe: boolean; readonly pace: Pace } {
  const isDue = (dueMs: number) => dueMs - nowMs <= TOGETHER_MS;
  const after = (dueMs: number, periodMs: number) =>
    dueMs + periodMs > nowMs ? dueMs + periodMs : nowMs + periodMs;
  const beat = isDue(pace.beatDueMs);
  const probe = phase === 'suspect' && isDue(pace.probeDueMs);
  return {
    beat,
    probe,
    pace: {
      // A shorter interval than before holds at once.
      beatDueMs: beat ? after(pace.beatDueMs, intervalMs) : Math.min(pace.beatDueMs, nowMs + intervalMs),
      probeDueMs: probe ? after(pace.probeDueMs, PROBE_MS) : pace.probeDueMs,
    },
  };
}

/** When to wake up next: a tick, a beat, a probe, or exactly at the decision. */
export function nextWakeMs(
  pace: Pace,
  { nowMs, phase, deadlineMs }: { nowMs: number; phase: LinkState; deadlineMs: number | null },
): number {
  const tickMs = nowMs + (phase === 'suspect' ? PROBE_MS : TICK_MS);
  const probeMs = phase === 'suspect' ? pace.probeDueMs : Infinity;
  return Math.min(tickMs, pace.beatDueMs, probeMs, deadlineMs ?? Infinity);
}
