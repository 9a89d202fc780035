/** Alive this long, a process has proven itself: its next death is the first one again. */
export const STEADY_MS = 10_000;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5000;

/**
 * How long to wait before a process is started again.
 *
 * A single death is answered at once, so that the port is back in about 0.1 s (research/haproxy.md, D); what dies
 * again and again (a port taken, a configuration that is refused) costs a start every 5 s at most.
 *
 * @param deathsInARow this one included, each less than `STEADY_MS` after its start; at least 1
 * @returns milliseconds, 0 to 5000
 */
export function restartDelayMs(deathsInARow: number): number {
  if (deathsInARow <= 1) return 0;
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (deathsInARow - 2));
}
