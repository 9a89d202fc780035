/** The first wait; each further one is twice as long. */
const FIRST_MS = 1000;
/** The longest: a cluster that is stopped for a night costs a connection attempt a minute, if anybody looks at it at all. */
const LONGEST_MS = 60_000;

/**
 * How long to wait before a watch is opened again. The rule of client-go's reflector, slower: its users are programs
 * that must act, ours is a screen.
 *
 * @param failures in a row, since a watch last stood for a while
 * @returns milliseconds, 0 for none: an API server ends every watch after a time of its own
 */
export function reArmMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
}
