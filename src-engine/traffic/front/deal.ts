import type { Shares, Side } from '../../../src-shared/world/traffic.ts';

/** Deals requests in turn, by weight. */
export interface Dealer {
  next(): Side;
  shares(): Shares;
  /** Takes other weights; the turn begins anew, so that they are exact from the first request on. */
  set(shares: Shares): void;
}

/**
 * Smooth weighted round robin, as nginx deals (nginx/nginx 52327e0627): each turn every side is credited its
 * weight, the one with the greater credit is dealt to and pays the sum. Within 100 requests the shares are
 * exact, and a side is never dealt to many times in a row: 20/80 is edge, edge, core, edge, edge.
 */
export function createDealer(initial: Shares): Dealer {
  let shares = initial;
  let core = 0;
  let edge = 0;
  return {
    next() {
      core += shares.core;
      edge += shares.edge;
      const sum = shares.core + shares.edge;
      if (edge > core) {
        edge -= sum;
        return 'edge';
      }
      core -= sum;
      return 'core';
    },
    shares: () => shares,
    set(next) {
      shares = next;
      core = 0;
      edge = 0;
    },
  };
}
