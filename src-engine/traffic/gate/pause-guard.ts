/** Both by limits.md, Hand-off: "the gate's pause guard". */
export const PAUSE_LIMIT_MS = 2000;
export const TICK_MS = 250;

/** Times are of a clock that counts sleep (continuous-clock.ts). */
export interface Guard {
  /** When this process last looked: it certainly ran then. */
  readonly lookedAtMs: number;
  /** The last authenticated word of the core's front or engine. */
  readonly wordAtMs: number;
}

export interface Tripped {
  readonly why: 'gap' | 'silence';
  readonly lastedMs: number;
}

export function newGuard(nowMs: number): Guard {
  return { lookedAtMs: nowMs, wordAtMs: nowMs };
}

/**
 * Looks whether what is held must be reset before anything is served. Asked at every tick AND at the begin of
 * everything that comes in: after a pause the event loop hands over requests that waited in the kernel before it
 * runs a timer, and their clients may have been told that they failed (up to 41 of them, decision 21).
 *
 * @param holds a connection of the core is open: without one, silence is nothing
 */
export function look(guard: Guard, nowMs: number, holds: boolean): { guard: Guard; tripped: Tripped | null } {
  const gapMs = nowMs - guard.lookedAtMs;
  const silenceMs = nowMs - guard.wordAtMs;
  // Field by field: asked several times of each request, and a spread takes longer than the rest.
  const next = { lookedAtMs: nowMs, wordAtMs: guard.wordAtMs };
  if (gapMs > PAUSE_LIMIT_MS) return { guard: next, tripped: { why: 'gap', lastedMs: gapMs } };
  if (holds && silenceMs > PAUSE_LIMIT_MS)
    return { guard: next, tripped: { why: 'silence', lastedMs: silenceMs } };
  return { guard: next, tripped: null };
}

/** A request on a connection whose key is the pin's, or such a connection itself. Look first: a late word proves no presence. */
export function heard(guard: Guard, nowMs: number): Guard {
  return { lookedAtMs: guard.lookedAtMs, wordAtMs: nowMs };
}
