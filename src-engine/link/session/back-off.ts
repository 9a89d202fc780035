/** Reconnecting (research/link.md, section 5): 0.25 s, doubled up to 5 s, with jitter. */
const FIRST_MS = 250;
const LAST_MS = 5000;
/** So much of a delay is left to chance, so that two Macs do not dial in step. */
const JITTER = 0.3;
/** A session that stood for less does not start the back-off anew: it would be a storm of short ones. */
const STOOD_MS = 5000;

/**
 * @param failures dials or short sessions in a row that came to nothing, 0 or more
 * @param random 0..1
 * @returns milliseconds until the next dial, at most 5000
 */
export function backOffMs(failures: number, random: number): number {
  const full = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return full * (1 - JITTER * random);
}

/** The count of failures after a session that stood for `stoodMs`. */
export function failuresAfter(stoodMs: number, failures: number): number {
  return stoodMs >= STOOD_MS ? 0 : failures + 1;
}
