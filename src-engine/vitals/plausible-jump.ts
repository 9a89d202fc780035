/**
 * A gauge that answers 0 % after a reset must not stop a cluster: a jump of more than 10 points is
 * believed after three equal readings over 15 s or more (design/limits.md, Stages).
 */
export interface JumpState {
  /** What is believed; null before the first reading. */
  readonly believed: number | null;
  /** The reading that waits to be believed. */
  readonly doubt: { readonly value: number; readonly sinceMs: number; readonly count: number } | null;
}

export const noReading: JumpState = { believed: null, doubt: null };

const BIG_JUMP_POINTS = 10;
const READINGS = 3;
export const JUMP_SECONDS = 15;
/** Readings of a battery that is being used differ by a point; that is still the same answer. */
const EQUAL_POINTS = 1;

/**
 * Takes one reading.
 *
 * @param dwellMs 15 s divided by the time scale
 */
export function takeReading(state: JumpState, value: number, nowMs: number, dwellMs: number): JumpState {
  const { believed, doubt } = state;
  if (believed === null || Math.abs(value - believed) <= BIG_JUMP_POINTS)
    return { believed: value, doubt: null };
  const same = doubt !== null && Math.abs(value - doubt.value) <= EQUAL_POINTS;
  const next = same
    ? { value, sinceMs: doubt.sinceMs, count: doubt.count + 1 }
    : { value, sinceMs: nowMs, count: 1 };
  if (next.count >= READINGS && nowMs - next.sinceMs >= dwellMs) return { believed: value, doubt: null };
  return { believed, doubt: next };
}
