import type { FrontCounters, FrontSide } from './ports.ts';

type Side = Pick<FrontSide, 'requests' | 'failures' | 'retried' | 'inFlight'>;
const none: Side = { requests: 0, failures: 0, retried: 0, inFlight: 0 };

/** Counters that go on where a front's process ended and the next one began at 0. */
export interface Steady {
  /** What earlier processes had counted when they were last read. */
  readonly base: { readonly core: Side; readonly edge: Side };
  /** The last reading of the process that counts now; null before the first. */
  readonly last: FrontCounters | null;
}

export const noCounters: Steady = { base: { core: none, edge: none }, last: null };

/**
 * Takes a reading in. A new generation counts from 0: what the old one had last counted is kept below it. What
 * happened between that reading and the end of the old process is lost to the count, never made negative.
 */
export function counted(steady: Steady, reading: FrontCounters): Steady {
  const { last } = steady;
  const anew = last !== null && last.generation !== reading.generation;
  return { base: anew ? totalsOf(steady) : steady.base, last: reading };
}

/** Cumulative over all processes; `inFlight` is of now. */
export function totalsOf({ base, last }: Steady): { readonly core: Side; readonly edge: Side } {
  return { core: sum(base.core, last?.core ?? none), edge: sum(base.edge, last?.edge ?? none) };
}

function sum(base: Side, now: Side): Side {
  return {
    requests: base.requests + now.requests,
    failures: base.failures + now.failures,
    retried: base.retried + now.retried,
    inFlight: now.inFlight,
  };
}
