import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { SharedService } from '../../../src-shared/cilium-messages.ts';
import { MOST_EXPORTS } from '../../../src-shared/world/tunnel.ts';
import { makePrivateFolder, removeFile, writePrivately } from '../../platform/files.ts';
import type { ProcessRef } from '../../platform/processes.ts';
import type { OwnExport } from './mesh-services.ts';

export interface Kept {
  /** Cilium's name of the other Mac's cluster, as it said last. */
  readonly peerName: string | null;
  /** This Mac's cluster is told to connect to the other's. */
  readonly joined: { readonly cluster: string; readonly peerName: string } | null;
  /** Of every cluster that this Mac has meant: each with its own. */
  readonly exports: readonly OwnExport[];
  /** What the other Mac exports. */
  readonly imports: readonly SharedService[];
  /** Clusters in which Services of ours may stand. */
  readonly made: readonly string[];
  /** Key of the other Mac of whom all of this is; null: of none yet. */
  readonly pin: string | null;
  /** The clusters were taken apart, and the other Mac has not heard it. */
  readonly owesLeft: boolean;
}

const place = { namespace: z.string(), name: z.string() };
const keptSchema = z.object({
  peerName: z.string().nullable(),
  joined: z.object({ cluster: z.string(), peerName: z.string() }).nullable(),
  exports: z.array(z.object({ ...place, cluster: z.string(), was: z.string().nullable() })).max(MOST_EXPORTS),
  imports: z
    .array(
      z.object({
        ...place,
        ports: z.array(z.object({ name: z.string().nullable(), port: z.number().int() })),
      }),
    )
    .max(MOST_EXPORTS),
  made: z.array(z.string()),
  pin: z.string().nullable(),
  owesLeft: z.boolean(),
});

/** A verb that was begun: on disk before its first step. */
export interface Intent {
  readonly verb: 'join' | 'leave';
  readonly step: string;
  /** Something was begun that is more than a look. */
  readonly touched: boolean;
  readonly children: readonly ProcessRef[];
  readonly cluster: string;
  readonly peerName: string;
  /** The undo has failed, or was cut off: it is tried again. */
  readonly undoFailed: boolean;
}
const intentSchema = z.object({
  verb: z.enum(['join', 'leave']),
  step: z.string(),
  touched: z.boolean(),
  children: z.array(z.object({ pid: z.number().int(), startedAt: z.string() })),
  cluster: z.string(),
  peerName: z.string(),
  undoFailed: z.boolean(),
});

export interface Memory {
  kept(): Kept;
  keep(part: Partial<Kept>): Promise<void>;
  /** Null: nothing was cut off. */
  intent(): Intent | null;
  /** Synchronous: the intent is on disk before the act. */
  intend(intent: Intent): void;
  done(): void;
  /** 0600, in a folder of this user's alone, for as long as `use` runs. */
  withKubeconfig<T>(name: 'pair' | 'own', text: string, use: (file: string) => Promise<T>): Promise<T>;
  /** No kubeconfig of a verb stays. */
  forgetAccess(): Promise<void>;
}

const nothing: Kept = {
  peerName: null,
  joined: null,
  exports: [],
  imports: [],
  made: [],
  pin: null,
  owesLeft: false,
};

/** `run/cilium/`: what was done, what is under way, and the credentials of a verb while it runs. */
export async function openMemory(folder: string): Promise<Memory> {
  const keptFile = join(folder, 'kept.json');
  const intentFile = join(folder, 'operation.json');
  await makePrivateFolder(folder);
  const forgetAccess = async (): Promise<void> => {
    await Promise.all(['pair', 'own'].map((name) => removeFile(join(folder, `${name}.kubeconfig`))));
  };
  // What a crash left: nobody reads it any more.
  await forgetAccess();
  let kept: Kept = (await readAs(keptFile, keptSchema)) ?? nothing;
  let intent: Intent | null = await readAs(intentFile, intentSchema);
  return {
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
    async withKubeconfig(name, text, use) {
      const file = join(folder, `${name}.kubeconfig`);
      await writePrivately(file, text);
      try {
        return await use(file);
      } finally {
        await removeFile(file);
      }
    },
    forgetAccess,
  };
}

async function readAs<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}
