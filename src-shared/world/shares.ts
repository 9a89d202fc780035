import type { Shares } from './traffic.ts';

/** Of two dealings the one with less for the edge: what a front that dies between them begins with. */
export function saferOf(one: Shares, other: Shares): Shares {
  return one.edge <= other.edge ? one : other;
}

/** The same to whom it matters: a front deals in whole percents. */
export function dealAlike(one: Shares, other: Shares): boolean {
  return Math.round(one.edge) === Math.round(other.edge);
}
