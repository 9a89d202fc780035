/**
 * Which of several connections to the same Mac counts. Both dial, so there may be two at a time; were both
 * ends to close "the other one", both would go. So the core alone closes: the newest that it welcomed is
 * current, older ones are superseded. The edge follows: its current is the newest that is still open.
 */
export interface Standing<S> {
  /** Open, oldest first; the last is current. */
  readonly open: readonly S[];
  /** To be closed with ERROR superseded. */
  readonly superseded: readonly S[];
}

/** A connection was welcomed. `decides`: this Mac is the core. */
export function arrive<S>(open: readonly S[], newcomer: S, decides: boolean): Standing<S> {
  if (decides) return { open: [newcomer], superseded: open };
  return { open: [...open, newcomer], superseded: [] };
}

export function currentOf<S>(open: readonly S[]): S | null {
  return open.at(-1) ?? null;
}

/**
 * May a frame of an open connection be believed? What is current, always. Of another one: no BYE, which
 * may be from before a sleep; and STATUS only on the edge and of the same start of the other engine,
 * because the core may have said it on a connection that this edge is about to fall back to.
 */
export function mayBelieve(
  type: string,
  from: { readonly current: boolean; readonly sameStart: boolean },
  decides: boolean,
): boolean {
  if (from.current) return true;
  if (type === 'BYE') return false;
  return type !== 'STATUS' || (!decides && from.sameStart);
}
