import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writePrivately } from '../../platform/files.ts';

const address = z.object({
  host: z.string().min(1).max(255),
  /** 0: any free one. */
  port: z.number().int().min(0).max(65_535),
});

/** What an engine wants of its gate (GateConfig of the room's ports). */
export const gateWishSchema = z.object({
  listen: address,
  upstream: address.extend({ healthPath: z.string().startsWith('/').max(1024) }),
  tls: z.object({
    ownPemFile: z.string().min(1),
    peerPin: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  /** Where the core was last, as an address: connections from there are not counted with those of strangers. */
  coreHost: z.string().max(255).optional(),
});
export type GateWish = z.infer<typeof gateWishSchema>;

/**
 * Why the gate is told to be out; null: it is not. `leaving` serves what comes and closes its connections;
 * `stayOut` and `paused` give nothing to the workload.
 */
export const toldSchema = z.enum(['leaving', 'stayOut', 'paused']).nullable();
export type Told = z.infer<typeof toldSchema>;

/** `run/gate-config.json`. The engine writes it while no gate runs, the gate itself afterwards: a restart comes back as it was. */
export const gateFileSchema = gateWishSchema.extend({
  told: toldSchema,
  /** The start of the machine in which `told` was said: after another one the edge must be admitted anew. */
  bootId: z.string(),
});
export type GateFile = z.infer<typeof gateFileSchema>;

/** Null when there is none, or none that can be read. */
export async function readGateFile(path: string): Promise<GateFile | null> {
  try {
    return gateFileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

export async function writeGateFile(path: string, file: GateFile): Promise<void> {
  await writePrivately(path, JSON.stringify(file));
}

/**
 * What a gate is to be told when it starts: what the last one was told in this start of the machine; without a
 * word, or after another start, it stays out until it is admitted.
 */
export function toldAtStart(last: GateFile | null, bootId: string): Told {
  return last === null || last.bootId !== bootId ? 'stayOut' : last.told;
}
