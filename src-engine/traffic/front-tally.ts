import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ok, type Result } from '../../src-shared/errors/result.ts';
import { writePrivately } from '../platform/files.ts';
import type { FrontAdapter } from './ports.ts';
import type { Counters } from './room-ports.ts';
import { counted, noCounters, totalsOf, type Steady } from './steady-counters.ts';

export interface Tally extends Counters {
  /** Of the process that counts now. */
  readonly generation: string;
}

/** Reads a front's counters; they go on over its restarts, over changes of its kind, and from engine to engine. */
export interface FrontTally {
  read(front: FrontAdapter): Promise<Result<Tally>>;
}

const count = z.number().min(0);
const sideSchema = z.object({ requests: count, failures: count, retried: count });
const baseSchema = z.object({ core: sideSchema, edge: sideSchema });

/** What processes before the one that counts now had counted: `run/traffic-counters.json`. */
export function frontTally(runFolder: string): FrontTally {
  const file = join(runFolder, 'traffic-counters.json');
  let steady: Steady | null = null;
  let recalled: Promise<Steady> | null = null;
  return {
    async read(front) {
      const read = await front.counters();
      if (!read.ok) return read;
      recalled ??= recall(file);
      const before = steady ?? (await recalled);
      const reading = { ...read.value, generation: `${front.kind} ${read.value.generation}` };
      steady = counted(steady ?? before, reading);
      // What is lost when the disk does not take it is a number in a report.
      if (steady.base !== before.base) void remember(file, steady).catch(() => undefined);
      return ok({ ...totalsOf(steady), generation: read.value.generation });
    },
  };
}

async function recall(file: string): Promise<Steady> {
  try {
    const parsed = baseSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
    if (!parsed.success) return noCounters;
    const { core, edge } = parsed.data;
    return { base: { core: { ...core, inFlight: 0 }, edge: { ...edge, inFlight: 0 } }, last: null };
  } catch {
    return noCounters;
  }
}

async function remember(file: string, { base }: Steady): Promise<void> {
  await writePrivately(file, `${JSON.stringify(baseSchema.parse(base))}\n`);
}
