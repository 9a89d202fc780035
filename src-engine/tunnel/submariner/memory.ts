import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { tunnelVerbSchema, type TunnelVerb } from '../../../src-shared/world/tunnel.ts';
import { makePrivateFolder, removeFile, writePrivately } from '../../platform/files.ts';
import type { ProcessRef } from '../../platform/processes.ts';

const joinedSchema = z.object({
  clusterId: z.string(),
  /** Of this Mac: a cluster that was made anew under its name is another one. */
  cluster: z.string(),
  brokerUrl: z.string(),
  gatewayNode: z.string(),
  /** The node was labelled before us. */
  hadLabel: z.boolean(),
});
export type Joined = z.infer<typeof joinedSchema>;

const keptSchema = z.object({
  /** Of the core: its cluster is the broker. */
  broker: z.object({ cluster: z.string(), url: z.string() }).nullable(),
  joined: joinedSchema.nullable(),
  /** IDs under which this Mac left, and that the broker may still know: the core was away. */
  leftIds: z.array(z.string()).max(16),
});
export type Kept = z.infer<typeof keptSchema>;

const intentSchema = z.object({
  verb: tunnelVerbSchema,
  step: z.string(),
  startedAt: z.string(),
  /** Something was begun that is more than a look. */
  touched: z.boolean(),
  children: z.array(z.object({ pid: z.number().int(), startedAt: z.string() })),
  cluster: z.string(),
  clusterId: z.string(),
  /** What stood there before: it is not ours to remove. */
  before: z.object({
    brokerNamespace: z.boolean(),
    gatewayNode: z.string().nullable(),
    hadLabel: z.boolean(),
  }),
  /** The undo has failed, or was cut off: it is tried again. */
  undoFailed: z.boolean(),
});
/** A verb that was begun: on disk before its first step. */
export interface Intent {
  readonly verb: TunnelVerb;
  readonly step: string;
  readonly startedAt: string;
  readonly touched: boolean;
  readonly children: readonly ProcessRef[];
  readonly cluster: string;
  readonly clusterId: string;
  readonly before: {
    readonly brokerNamespace: boolean;
    readonly gatewayNode: string | null;
    readonly hadLabel: boolean;
  };
  readonly undoFailed: boolean;
}

export interface Memory {
  readonly kubeconfigFile: string;
  readonly workFolder: string;
  readonly brokerFile: string;
  kept(): Kept;
  keep(part: Partial<Kept>): Promise<void>;
  /** Null: nothing was cut off. */
  intent(): Intent | null;
  /** Synchronous: the intent is on disk before the act. */
  intend(intent: Intent): void;
  done(): void;
  /** Null: there is none. */
  brokerText(): Promise<string | null>;
  /** 0600, in a folder of this user's alone. */
  keepBroker(text: string): Promise<void>;
  forgetBroker(): Promise<void>;
  writeKubeconfig(text: string): Promise<void>;
  forgetKubeconfig(): Promise<void>;
}

const nothing: Kept = { broker: null, joined: null, leftIds: [] };

/** `run/submariner/`: what was done, what is under way, and the broker file while it is needed. */
export async function openMemory(folder: string): Promise<Memory> {
  const keptFile = join(folder, 'kept.json');
  const intentFile = join(folder, 'operation.json');
  const brokerFile = join(folder, 'broker-info.subm');
  const kubeconfigFile = join(folder, 'kubeconfig');
  await makePrivateFolder(folder);
  let kept: Kept = (await readAs(keptFile, keptSchema)) ?? nothing;
  let intent: Intent | null = await readAs(intentFile, intentSchema);
  return {
    kubeconfigFile,
    brokerFile,
    workFolder: join(folder, 'work'),
    kept: () => kept,
    async keep(part) {
      kept = { ...kept, ...part };
      await writePrivately(keptFile, JSON.stringify(kept));
    },
    intent: () => intent,
    intend(next) {
      // Whole or not at all: a crash in the middle leaves the former step, not half a line.
      writeFileSync(`${intentFile}.new`, JSON.stringify(next), { mode: 0o600, flush: true });
      renameSync(`${intentFile}.new`, intentFile);
      intent = next;
    },
    done() {
      rmSync(intentFile, { force: true });
      intent = null;
    },
    brokerText: () => readFile(brokerFile, 'utf8').catch(() => null),
    keepBroker: (text) => writePrivately(brokerFile, text),
    forgetBroker: () => removeFile(brokerFile),
    writeKubeconfig: (text) => writePrivately(kubeconfigFile, text),
    forgetKubeconfig: () => removeFile(kubeconfigFile),
  };
}

async function readAs<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}
