import { z } from 'zod';
import { bytes, measured } from './measured.ts';
import { sentence, type Sentence } from './sentence.ts';

/** The container runtimes that Tandem knows by name; `other` answers as Docker does, and nobody knows what it is. */
export const runtimeNameSchema = z.enum([
  'docker-desktop',
  'colima',
  'orbstack',
  'rancher-desktop',
  'dockerd',
  'other',
]);
export type RuntimeName = z.infer<typeof runtimeNameSchema>;

/** `missing`: none is installed. `unknown`: it neither answers nor refuses, and is never taken for stopped. */
export const runtimeStateSchema = z.enum([
  'running',
  'stopped',
  'starting',
  'stopping',
  'missing',
  'unknown',
]);
export type RuntimeState = z.infer<typeof runtimeStateSchema>;

export const runtimeSchema = z.object({
  ...measured,
  /** Null when none was found. */
  name: runtimeNameSchema.nullable(),
  /** Colima's profile, `rootless` for a dockerd of this user; null: it has only one. */
  profile: z.string().nullable(),
  state: runtimeStateSchema,
  /** Unix socket on which it answers, or would. */
  socket: z.string().nullable(),
  /** Its virtual machine; null when the containers run on this very kernel, or when that is not known yet. */
  vm: z
    .object({
      /** As configured. */
      memoryBytes: bytes.nullable(),
      cpus: z.number().int().min(1).nullable(),
      /** RAM that the guest sees, a little less than what is configured. */
      guestTotalBytes: bytes.nullable(),
      /** The most that this run of the machine has come to hold; only its stop gives it back. */
      touchedBytes: bytes.nullable(),
      /** What it usually comes to hold, from its earlier runs on this Mac. */
      learnedBytes: bytes.nullable(),
    })
    .nullable(),
  /** Containers that run or are paused; null when nobody could ask. */
  containers: z
    .object({
      /** Nodes of Tandem's own clusters. */
      ours: z.number().int().min(0),
      /** Everybody else's, machines of OrbStack's among them. */
      others: z.number().int().min(0),
      /** Of the others, the first twenty. */
      names: z.array(z.string()),
    })
    .nullable(),
  /** Tandem knows how to start it, and may. */
  startable: z.boolean(),
  /** Its stop would give RAM back and harm nobody: nothing runs in it. `memory`: this Mac needs the RAM now. */
  offer: z.enum(['idle', 'memory']).nullable(),
});
export type Runtime = z.infer<typeof runtimeSchema>;

/** Proper names: the same in every language. */
const titles: Readonly<Record<RuntimeName, string>> = {
  'docker-desktop': 'Docker Desktop',
  colima: 'Colima',
  orbstack: 'OrbStack',
  'rancher-desktop': 'Rancher Desktop',
  dockerd: 'dockerd',
  other: 'Docker',
};

/** As people call it: `Colima`, `Colima (work)`. */
export function runtimeTitle({ name, profile }: Pick<Runtime, 'name' | 'profile'>): string {
  const title = titles[name ?? 'other'];
  return profile === null || profile === 'default' ? title : `${title} (${profile})`;
}

/** The runtime in one line: which, what it does, and the size of its machine. */
export function runtimeSentence(runtime: Runtime): Sentence {
  if (runtime.name === null) return sentence('runtime.none');
  const { vm } = runtime;
  const words = { runtime: runtimeTitle(runtime), stateKey: `runtime.state.${runtime.state}` };
  const size = vm?.memoryBytes ?? vm?.guestTotalBytes ?? null;
  if (size === null) return sentence('runtime.line', words);
  return vm?.cpus == null
    ? sentence('runtime.sized', { ...words, sizeBytes: size })
    : sentence('runtime.sizedCpus', { ...words, sizeBytes: size, count: vm.cpus });
}

/** What its stop would give back: what it has come to hold, or else its whole size; null when it is not offered. */
export function offerSentence(runtime: Runtime): Sentence | null {
  if (runtime.offer === null) return null;
  const back = runtime.vm?.touchedBytes ?? null;
  const most = runtime.vm?.memoryBytes ?? runtime.vm?.guestTotalBytes ?? null;
  const words = { runtime: runtimeTitle(runtime) };
  if (back !== null) return sentence('runtime.offer.held', { ...words, backBytes: back });
  return most === null
    ? sentence('runtime.offer.some', words)
    : sentence('runtime.offer.most', { ...words, backBytes: most });
}
