import type { Result } from '../../src-shared/errors/result.ts';
import { ok } from '../../src-shared/errors/result.ts';
import type { FrontAdapter } from './ports.ts';
import type { Counters } from './room-ports.ts';
import { counted, noCounters, totalsOf } from './steady-counters.ts';

export interface Tally extends Counters {
  /** Of the process that counts now. */
  readonly generation: string;
}

/** Reads a front's counters; they go on over its restarts and over changes of its kind. */
export interface FrontTally {
  read(front: FrontAdapter): Promise<Result<Tally>>;
}

export function frontTally(): FrontTally {
  let steady = noCounters;
  return {
    async read(front) {
      const read = await front.counters();
      if (!read.ok) return read;
      steady = counted(steady, { ...read.value, generation: `${front.kind} ${read.value.generation}` });
      return ok({ ...totalsOf(steady), generation: read.value.generation });
    },
  };
}
