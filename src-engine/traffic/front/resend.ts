import type { Side } from '../../../src-shared/world/traffic.ts';
import { elsewhere, type Facts } from './choose.ts';

/** RFC 9110, 9.2.2: done twice they have the effect of once. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);
/**
 * Go over kept connections; everything else over a fresh one. A request on a kept connection may be sent into a hole,
 * or meet a backend that closes it at that moment: only what may be repeated survives that (design decision 3).
 */
const KEPT = new Set(['GET', 'HEAD']);

export const isIdempotent = (method: string): boolean => IDEMPOTENT.has(method);
export const usesKept = (method: string): boolean => KEPT.has(method);

/** How far a request got. */
export interface Standing {
  readonly idempotent: boolean;
  /** Handed to a connection that was made and proven; before that nobody can have executed it. */
  readonly sent: boolean;
  /** The client has the first byte of an answer. */
  readonly answerBegun: boolean;
  /** All that the client sent of it so far is still here. */
  readonly bodyKept: boolean;
}

/** Whether what one side did not answer may be given to another without being executed twice, or to a client twice. */
export function mayBeSentAgain({ idempotent, sent, answerBegun, bodyKept }: Standing): boolean {
  return !answerBegun && bodyKept && (idempotent || !sent);
}

/** One try of a request: where, and whether on a fresh connection whatever its method. */
export interface Try {
  readonly side: Side;
  readonly fresh: boolean;
}

/** How often each side was tried. */
export type Tries = Record<Side, number>;

/**
 * Where a request that may be sent again goes next; null: nowhere, it has had its tries.
 *
 * The other side once. Where there is none, the same side once more when the connection was a kept one: a backend
 * that closed it while it was idle has not seen the request.
 */
export function nextTry(
  broken: { readonly side: Side; readonly onKept: boolean },
  tries: Readonly<Tries>,
  facts: Facts,
): Try | null {
  const other = elsewhere(broken.side, facts);
  if (other !== null && tries[other] === 0) return { side: other, fresh: false };
  const again = broken.onKept && facts[broken.side].usable && tries[broken.side] < 2;
  return again ? { side: broken.side, fresh: true } : null;
}
