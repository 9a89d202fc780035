import type { DetectorState } from './detector-state.ts';

/**
 * Any Mac of the network can forge "port unreachable". So a hint alone moves nothing: it shortens the silence after
 * which the link is looked at, and what is authentic and comes in time takes it back.
 */

/** A beat may be late by this and no sign of anything (design/limits.md: decided 0.6 s after a crash leaves 250 ms). */
export const HINT_SLACK_MS = 100;
/** However many come while beats get lost, one round of probes in this time. */
export const HINT_AGAIN_MS = 1000;

/** When a hint that waits makes the link suspect, if nothing is heard until then; Infinity: none waits. */
export function hintDeadlineMs({
  hintPending,
  hintTookAtMs,
  heardAtMs,
  peerIntervalMs,
}: DetectorState): number {
  if (!hintPending || heardAtMs === null) return Infinity;
  return Math.max(heardAtMs + peerIntervalMs + HINT_SLACK_MS, (hintTookAtMs ?? -Infinity) + HINT_AGAIN_MS);
}

/** The link becomes suspect; notes whether it was a hint that did it. */
export function hintTaken(state: DetectorState, atMs: number): DetectorState {
  return atMs >= hintDeadlineMs(state) ? { ...state, hintTookAtMs: atMs } : state;
}
