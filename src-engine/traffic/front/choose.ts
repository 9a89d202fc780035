import type { Side } from '../../../src-shared/world/traffic.ts';

/** What is known of a side when a request is given to one. */
export interface SideFacts {
  /** It has an address and is not dead. */
  readonly usable: boolean;
  /** Percent of the requests. */
  readonly weight: number;
  /** What the front's own checks say; null before the first. */
  readonly up: boolean | null;
}
export type Facts = Readonly<Record<Side, SideFacts>>;

/**
 * The side that a request goes to, when its turn was the `dealt` one's. A side that is down gets nothing new
 * while the other may take it; where both are down the weights stand, since a check may err and a guess would not
 * be better.
 */
export function sideFor(dealt: Side, facts: Facts): Side {
  if (dealt === 'edge' && !facts.edge.usable) return 'core';
  if (facts[dealt].up !== false) return dealt;
  const other = elsewhere(dealt, facts);
  return other !== null && facts[other].up !== false ? other : dealt;
}

/**
 * Where else a request may go that `side` did not answer; null: nowhere.
 *
 * The core takes everything, whatever its weight. The edge takes nothing while its weight is 0: it may be about to
 * stop, and the proof that it gets nothing would be wrong.
 */
export function elsewhere(side: Side, facts: Facts): Side | null {
  if (side === 'edge') return 'core';
  const { usable, weight, up } = facts.edge;
  return usable && weight > 0 && up !== false ? 'edge' : null;
}
