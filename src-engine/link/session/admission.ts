/** Who may come in at all, before anything is read of him (research/link.md, section 5, threat model). */
export const HALF_OPEN_PER_ADDRESS = 4;
export const HANDSHAKES_PER_SECOND = 10;
/** Of all addresses together where the paired Mac was not seen: a signature each, whoever has many addresses. */
export const STRANGERS_PER_SECOND = 20;
/** From the accepted connection to its HELLO, milliseconds. */
export const HELLO_LIMIT_MS = 2000;
/** Of all addresses together; the paired Mac's own address is never refused for what others do. */
export const HALF_OPEN_IN_ALL = 64;

export interface Knocks {
  /** Connections of this address that are open and not yet welcomed, without this one. */
  readonly halfOpenOfAddress: number;
  readonly halfOpenInAll: number;
  /** Handshakes of this address that began within the last second, without this one. */
  readonly lastSecond: number;
  /** The same of all unknown addresses together. */
  readonly strangersLastSecond: number;
  /** The paired Mac was seen at this address. */
  readonly known: boolean;
}

export type Admission = 'admit' | 'tooManyHalfOpen' | 'tooFast';

export function admit(knocks: Knocks): Admission {
  if (knocks.halfOpenOfAddress >= HALF_OPEN_PER_ADDRESS) return 'tooManyHalfOpen';
  if (knocks.lastSecond >= HANDSHAKES_PER_SECOND) return 'tooFast';
  if (knocks.known) return 'admit';
  if (knocks.strangersLastSecond >= STRANGERS_PER_SECOND) return 'tooFast';
  if (knocks.halfOpenInAll >= HALF_OPEN_IN_ALL) return 'tooManyHalfOpen';
  return 'admit';
}
