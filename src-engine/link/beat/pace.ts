import type { LinkState } from '../../../src-shared/world/peer.ts';
import { TICK_MS } from './detector.ts';

/** Between two probes while suspect (design/limits.md, Link). */
export const PROBE_MS = 100;
/** What is due this soon is done now: one wake-up instead of two. */
const TOGETHER_MS = 5;

/**
 * Of the two Macs, who was dialled follows: it beats with what it hears, one wake-up for both. Its own time comes this
 * much later, for when nothing is heard.
 */
export const BEHIND_MS = 20;
/** A beat that is due within this goes with what is heard, which may be early as well as late. */
const WITH_HEARD_MS = 2 * BEHIND_MS;
/** So much nearer the two come with each beat heard, until they meet: no beat is off by more than 2 %. */
const NEARER_MS = 5;

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
      beatDueMs: beat
        ? after(pace.beatDueMs, intervalMs)
        : Math.min(pace.beatDueMs, nowMs + intervalMs + BEHIND_MS),
      probeDueMs: probe ? after(pace.probeDueMs, PROBE_MS) : pace.probeDueMs,
    },
  };
}

/**
 * A beat of the other Mac was heard by the one that follows: is the own one sent with it?
 *
 * @returns `pace` as it is from now on; a beat that is sent is due at once in it
 */
export function paceHeard(pace: Pace, nowMs: number): { readonly beat: boolean; readonly pace: Pace } {
  const leftMs = pace.beatDueMs - nowMs;
  // A timer that is late has stood still: it is for the turn that judges it.
  if (leftMs < 0) return { beat: false, pace };
  return leftMs > WITH_HEARD_MS
    ? { beat: false, pace: { ...pace, beatDueMs: pace.beatDueMs - NEARER_MS } }
    : { beat: true, pace: { ...pace, beatDueMs: nowMs } };
}

/** When to wake up next: a tick, a beat, a probe, or exactly at the decision. */
export function nextWakeMs(
  pace: Pace,
  { nowMs, phase, deadlineMs }: { nowMs: number; phase: LinkState; deadlineMs: number | null },
): number {
  // A beat that is due soon after a tick would be is that tick.
  const ticksWithBeat = phase !== 'suspect' && pace.beatDueMs <= nowMs + TICK_MS + BEHIND_MS;
  const tickMs = ticksWithBeat ? Infinity : nowMs + (phase === 'suspect' ? PROBE_MS : TICK_MS);
  const probeMs = phase === 'suspect' ? pace.probeDueMs : Infinity;
  return Math.min(tickMs, pace.beatDueMs, probeMs, deadlineMs ?? Infinity);
}
