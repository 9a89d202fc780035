import type { OwnPause } from '../ports.ts';

/** A pause of this process, by its own clock. */
export interface PauseRecord {
  readonly endedAtMs: number;
  readonly lastedMs: number;
  readonly slept: boolean;
}

/** As many as a HELLO carries. */
const KEPT = 20;
/** The system's word about a sleep and the gap in our ticks come in any order, this close together. */
const SAME_SLEEP_MS = 10_000;

export function withPause(pauses: readonly PauseRecord[], pause: PauseRecord): readonly PauseRecord[] {
  return [...pauses, pause].slice(-KEPT);
}

/** The system said that it slept: the pause that ended just now was that. */
export function markSlept(pauses: readonly PauseRecord[], resumedAtMs: number): readonly PauseRecord[] {
  const last = pauses.at(-1);
  if (last === undefined || !isSameSleep(resumedAtMs, last.endedAtMs)) return pauses;
  return [...pauses.slice(0, -1), { ...last, slept: true }];
}

export function isSameSleep(resumedAtMs: number | null, endedAtMs: number): boolean {
  return resumedAtMs !== null && Math.abs(endedAtMs - resumedAtMs) <= SAME_SLEEP_MS;
}

/** As told to others: ages, since the other clock is not ours. */
export function pausesAt(pauses: readonly PauseRecord[], nowMs: number): OwnPause[] {
  return pauses.map(({ endedAtMs, lastedMs, slept }) => ({ agoMs: nowMs - endedAtMs, lastedMs, slept }));
}
