import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
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
  /** The annotation of a person's that ours took the place of; null: there was none. */
  publicIp: z.string().nullable().default(null),
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
  before: z.object({
    brokerNamespace: z.boolean(),
    // An older Tandem did not look: what may have stood stays.
    operatorNamespace: z.boolean().default(true),
    submariner: z.boolean().default(true),
    gatewayNode: z.string().nullable(),
    hadLabel: z.boolean(),
    publicIp: z.string().nullable().default(null),
  }),
  registers: z.boolean().default(false),
  /** The undo has failed, or was cut off: it is tried again. */
  undoFailed: z.boolean(),
});
/** What stood there before a verb: it is not the verb's to remove. */
export interface Before {
  readonly brokerNamespace: boolean;
  readonly operatorNamespace: boolean;
  /** The object by which a cluster is joined. */
  readonly submariner: boolean;
  /** Null: no node was touched yet. */
  readonly gatewayNode: string | null;
  readonly hadLabel: boolean;
  readonly publicIp: string | null;
}

/** Nothing was looked at yet: all of it may have stood. */
export const untold: Before = {
  brokerNamespace: true,
  operatorNamespace: true,
  submariner: true,
  gatewayNode: null,
  hadLabel: false,
  publicIp: null,
};

/** A verb that was begun: on disk before its first step. */
export interface Intent {
  readonly verb: TunnelVerb;
  readonly step: string;
  readonly startedAt: string;
  readonly touched: boolean;
  readonly children: readonly ProcessRef[];
  readonly cluster: string;
  readonly clusterId: string;
  readonly before: Before;
  /** A Submariner object of this very join was seen: the broker may know its ID by that. */
  readonly registers: boolean;
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
  /** What subctl wrote where it worked. */
  forgetWork(): Promise<void>;
}

/** What is found out before the act; nothing when no verb is under way. */
export function noteBefore(memory: Pick<Memory, 'intent' | 'intend'>, part: Partial<Before>): void {
  const intent = memory.intent();
  if (intent !== null) memory.intend({ ...intent, before: { ...intent.before, ...part } });
}

const nothing: Kept = { broker: null, joined: null, leftIds: [] };

/** `run/submariner/`: what was done, what is under way, and the broker file while it is needed. */
export async function openMemory(folder: string): Promise<Memory> {
  const keptFile = join(folder, 'kept.json');
  const intentFile = join(folder, 'operation.json');
  const brokerFile = join(folder, 'broker-info.subm');
  const kubeconfigFile = join(folder, 'kubeconfig');
  const workFolder = join(folder, 'work');
  await makePrivateFolder(folder);
  let kept: Kept = (await readAs(keptFile, keptSchema)) ?? nothing;
  let intent: Intent | null = await readAs(intentFile, intentSchema);
  return {
    kubeconfigFile,
    brokerFile,
    workFolder,
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
    forgetWork: () => rm(workFolder, { recursive: true, force: true }),
  };
}

async function readAs<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}
