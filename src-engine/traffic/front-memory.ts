import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { sharesSchema } from '../../src-shared/world/traffic.ts';
import { writePrivately } from '../platform/files.ts';
import type { Logger } from '../platform/log.ts';
import { allOnCore } from './front-config.ts';

const port = z.number().int().min(1).max(65_535);
const addressSchema = z.object({ host: z.string().min(1).max(255), port });
const tlsSchema = z.object({ ownPemFile: z.string(), peerPemFile: z.string(), peerPin: z.string() });

/**
 * What the core's half remembers from engine to engine, in `run/traffic.json`: a front that has to be started
 * again (after a boot) begins with the weights and the gate of before. The weights of a front that runs win.
 */
const memorySchema = z.object({
  /** The front that was last opened and not ended. */
  kind: z.enum(['haproxy', 'embedded', 'gateway-api']).nullable(),
  /** Never more for the edge than the front was given: lowered before the front is, raised after it. */
  shares: sharesSchema,
  gate: addressSchema.extend({ pin: z.string() }).nullable(),
  /** As the front was last given it. */
  config: z
    .object({
      listen: addressSchema,
      core: addressSchema.extend({ healthPath: z.string() }),
      edge: addressSchema.extend({ tls: tlsSchema }).nullable(),
    })
    .nullable(),
});
export type FrontMemory = z.infer<typeof memorySchema>;

export const noMemory: FrontMemory = { kind: null, shares: allOnCore, gate: null, config: null };

const fileIn = (runFolder: string): string => join(runFolder, 'traffic.json');

/** What cannot be read is nothing: everything on the core is where a front may always begin. */
export async function recall(runFolder: string): Promise<FrontMemory> {
  try {
    const parsed = memorySchema.safeParse(JSON.parse(await readFile(fileIn(runFolder), 'utf8')));
    return parsed.success ? parsed.data : noMemory;
  } catch {
    return noMemory;
  }
}

export async function remember(runFolder: string, memory: FrontMemory): Promise<void> {
  await writePrivately(fileIn(runFolder), `${JSON.stringify(memory)}\n`);
}

/** The same, read once and written with each change. */
export interface KeptMemory {
  /** Null before the first `get`. */
  now(): FrontMemory | null;
  get(): Promise<FrontMemory>;
  /** A disk that does not take it is logged: what runs goes on. */
  keep(change: Partial<FrontMemory>): Promise<void>;
}

export function keptMemory(runFolder: string, log: Logger): KeptMemory {
  let memory: FrontMemory | null = null;
  const get = async (): Promise<FrontMemory> => {
    const recalled = memory ?? (await recall(runFolder));
    memory ??= recalled;
    return memory;
  };
  return {
    now: () => memory,
    get,
    async keep(change) {
      // Another change may have been made while this one waited.
      const recalled = await get();
      const before = memory ?? recalled;
      const next = { ...before, ...change };
      if (isDeepStrictEqual(next, before)) return;
      memory = next;
      await remember(runFolder, next).catch((error: unknown) =>
        log.error({ error: String(error) }, 'run/traffic.json was not written'),
      );
    },
  };
}
