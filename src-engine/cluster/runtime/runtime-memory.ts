import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { runtimeNameSchema } from '../../../src-shared/world/runtime.ts';
import { writePrivately } from '../../platform/files.ts';
import { learnedPeak, withReading, type GuestMemory, type VmRun } from './guest-memory.ts';
import { sameRuntime, type RuntimeRef } from './runtime-ref.ts';

const runSchema = z.object({ bootId: z.string(), peakBytes: z.number().min(0) });
const fileSchema = z.object({
  last: z
    .object({
      ref: z.object({ name: runtimeNameSchema, profile: z.string().nullable() }),
      socket: z.string(),
      guestTotalBytes: z.number().nullable(),
      cpus: z.number().nullable(),
    })
    .nullable()
    .default(null),
  runs: z.record(z.string(), z.array(runSchema)).default({}),
});
type Kept = z.infer<typeof fileSchema>;

/** What this Mac remembers of its runtimes: which answered last, and what their machines came to hold. */
export interface RuntimeMemory {
  last(): Kept['last'];
  /** It answers now. */
  answered(ref: RuntimeRef, socket: string, guestTotalBytes: number | null, cpus: number | null): void;
  /** A reading from inside; its run is the one that is up now. */
  read(ref: RuntimeRef, configuredBytes: number | null, guest: GuestMemory): void;
  /** It was seen down: the next run holds nothing yet. */
  wentDown(): void;
  /** The most that the present run has come to hold; null before the first reading of it. */
  touchedBytes(ref: RuntimeRef, configuredBytes: number | null): number | null;
  learnedBytes(ref: RuntimeRef, configuredBytes: number | null): number | null;
  settled(): Promise<void>;
}

/** A profile of another size is another profile: what it held then says nothing now. */
function keyOf({ name, profile }: RuntimeRef, configuredBytes: number | null): string {
  return `${name}/${profile ?? ''}/${configuredBytes ?? ''}`;
}

export async function openRuntimeMemory(runFolder: string): Promise<RuntimeMemory> {
  const file = join(runFolder, 'runtime.json');
  let kept = await readKept(file);
  let present: { key: string; bootId: string } | null = null;
  let tail: Promise<void> = Promise.resolve();
  /** A full disk costs the memory of it, nothing else. */
  const save = (next: Kept): void => {
    kept = next;
    tail = tail.then(() => writePrivately(file, JSON.stringify(kept))).catch(() => undefined);
  };
  const runsOf = (key: string): readonly VmRun[] => kept.runs[key] ?? [];
  return {
    last: () => kept.last,
    answered(ref, socket, guestTotalBytes, cpus) {
      const { last } = kept;
      const isSame = sameRuntime(last?.ref ?? null, ref) && last?.socket === socket;
      if (isSame && last?.guestTotalBytes === guestTotalBytes && last.cpus === cpus) return;
      save({ ...kept, last: { ref: { ...ref }, socket, guestTotalBytes, cpus } });
    },
    read(ref, configuredBytes, guest) {
      const key = keyOf(ref, configuredBytes);
      present = { key, bootId: guest.bootId };
      const before = runsOf(key).find(({ bootId }) => bootId === guest.bootId)?.peakBytes ?? -1;
      if (guest.touchedBytes <= before) return;
      save({ ...kept, runs: { ...kept.runs, [key]: withReading(runsOf(key), guest) } });
    },
    wentDown: () => (present = null),
    touchedBytes(ref, configuredBytes) {
      const key = keyOf(ref, configuredBytes);
      const bootId = present?.key === key ? present.bootId : null;
      return runsOf(key).find((run) => run.bootId === bootId)?.peakBytes ?? null;
    },
    learnedBytes: (ref, configuredBytes) => learnedPeak(runsOf(keyOf(ref, configuredBytes))),
    settled: () => tail,
  };
}

async function readKept(file: string): Promise<Kept> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return { last: null, runs: {} };
  }
}
