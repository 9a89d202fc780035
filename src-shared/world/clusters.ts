import { z } from 'zod';
import { bytes, isoTime, measured } from './measured.ts';

export const providerSchema = z.enum(['kind', 'minikube', 'embedded']);
export type ProviderName = z.infer<typeof providerSchema>;

/** What was seen of a cluster. `unknown` when its runtime does not answer: never taken for stopped. */
export const clusterStateSchema = z.enum([
  'absent',
  'stopped',
  'starting',
  'running',
  'degraded',
  'stopping',
  'paused',
  'partial',
  'unknown',
]);
export type ClusterState = z.infer<typeof clusterStateSchema>;

/** Whys of a cluster whose API gave no good answer. */
const apiTroubles: readonly string[] = [
  'apiBusy',
  'apiDenied',
  'apiDown',
  'apiFailing',
  'apiSilent',
  'apiStarting',
  'certEarly',
  'certExpired',
  'noKubeconfig',
  'otherCluster',
];

/** Does its API answer as it should? */
export function apiAnswers({ why }: { readonly why: string | null }): boolean {
  return why === null || !apiTroubles.includes(why);
}

export const nodeSchema = z.object({
  name: z.string(),
  role: z.enum(['control-plane', 'worker']),
  ready: z.boolean().nullable(),
  pods: z.number().int().min(0).nullable(),
  /** Since when it is ready, or is not, as its API tells; absent: it does not. */
  since: isoTime.optional(),
});
export type ClusterNode = z.infer<typeof nodeSchema>;

export const clusterVerbSchema = z.enum(['create', 'start', 'stop', 'delete', 'drain']);
export type ClusterVerb = z.infer<typeof clusterVerbSchema>;

/** One step of an operation. `step` is an id of language/ (`step.ID`). */
export const stepStatusSchema = z.object({
  step: z.string(),
  status: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  elapsedMs: z.number().min(0).nullable(),
  /** Median of this step's last ten durations on this machine. */
  usualMs: z.number().min(0).nullable(),
  /** It takes, or took, much longer than usual; absent too when it has hardly ever run here. */
  slow: z.literal(true).optional(),
});
export type StepStatus = z.infer<typeof stepStatusSchema>;

export const operationSchema = z.object({
  verb: clusterVerbSchema,
  step: z.string(),
  done: z.number().int().min(0),
  total: z.number().int().min(0),
  startedAt: isoTime,
  etaMs: z.number().min(0).nullable(),
  steps: z.array(stepStatusSchema),
  cancelling: z.boolean(),
  /** Free text of the tool about the running step, such as "pulling 40 %". */
  detail: z.string().nullable(),
});
export type Operation = z.infer<typeof operationSchema>;

/** An operation that is over. */
export const pastOperationSchema = z.object({
  verb: clusterVerbSchema,
  outcome: z.enum(['done', 'failed', 'cancelled']),
  endedAt: isoTime,
  elapsedMs: z.number().min(0),
  steps: z.array(stepStatusSchema),
});
export type PastOperation = z.infer<typeof pastOperationSchema>;

/** The container runtime's machine as the guard weighed it. */
export const vmWeighedSchema = z.object({
  /** As people call the runtime. */
  runtime: z.string(),
  /** Where its size comes from: its earlier runs here, what is in it now and the cluster, its settings, or its guest. */
  basis: z.enum(['learned', 'together', 'configured', 'guest']),
  /** What it comes to hold on this Mac, and what of it is held already; null when nobody could see that. */
  sizeBytes: bytes,
  touchedBytes: bytes.nullable(),
  /** Inside: its RAM, and what its containers use now. */
  guestTotalBytes: bytes.nullable(),
  guestUsedBytes: bytes.nullable(),
});
export type VmWeighed = z.infer<typeof vmWeighedSchema>;

/** What the memory guard came to before a start (design research, vitals section 5). */
export const admissionSchema = z.object({
  verdict: z.enum(['fits', 'tight', 'refuse']),
  /** Rules that spoke, most serious first; ids of language/ (`admission.ID`). */
  because: z.array(
    z.enum([
      'guestShort',
      'pressureNow',
      'ratioLow',
      'needOverTotal',
      'diskShort',
      'stalled',
      'availableShort',
      'ratioTight',
      'guestTight',
      'swapUsed',
      'swapRising',
      'availableTight',
      'unknownHeld',
      'unknownMemory',
    ]),
  ),
  needBytes: bytes,
  availableBytes: bytes.nullable(),
  totalBytes: bytes.nullable(),
  predictedRatio: z.number().nullable(),
  /** The largest size that would fit now; 0 when none. */
  wouldFitBytes: bytes.nullable(),
  /** The machine that the cluster will run in; absent when there is none, or none is known. */
  vm: vmWeighedSchema.optional(),
});
export type Admission = z.infer<typeof admissionSchema>;

export const clusterErrorSchema = z.object({
  at: isoTime,
  verb: clusterVerbSchema,
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type ClusterFailure = z.infer<typeof clusterErrorSchema>;

/** What runs on a cluster, as its API tells it: counts of all, and the twenty worst. Words of the API as it has them. */
export const workloadSchema = z.object({
  pods: z.object({
    total: z.number().int().min(0),
    /** Ready. */
    running: z.number().int().min(0),
    starting: z.number().int().min(0),
    /** No node takes them. */
    pending: z.number().int().min(0),
    failing: z.number().int().min(0),
    ending: z.number().int().min(0),
    finished: z.number().int().min(0),
  }),
  worst: z.array(
    z.object({
      /** `NAMESPACE/NAME`. */
      name: z.string(),
      standing: z.enum(['failing', 'pending']),
      /** Such as `CrashLoopBackOff`. */
      why: z.string().nullable(),
      restarts: z.number().int().min(0),
    }),
  ),
  /** Events of type Warning that the API still has, the newest 1000 at most; null when they are not known. */
  warnings: z
    .object({
      count: z.number().int().min(0),
      newest: z.array(
        z.object({
          at: isoTime.nullable(),
          reason: z.string(),
          /** `Pod shop/web-1`. */
          about: z.string(),
          message: z.string(),
          count: z.number().int().min(0),
        }),
      ),
    })
    .nullable(),
});
export type Workload = z.infer<typeof workloadSchema>;

export const clusterSchema = z.object({
  ...measured,
  name: z.string(),
  provider: providerSchema,
  state: clusterStateSchema,
  /** Why the state is what it is, when that needs words; an id of language/ (`why.ID`). */
  why: z.string().nullable(),
  nodes: z.array(nodeSchema),
  /** Absent: nothing tells it of this provider, or its API does not answer. */
  workload: workloadSchema.optional(),
  operation: operationSchema.nullable(),
  /** The last one that ended; absent: none has since this engine began. */
  lastOperation: pastOperationSchema.optional(),
  lastFailure: clusterErrorSchema.nullable(),
  admission: admissionSchema.nullable(),
});
export type Cluster = z.infer<typeof clusterSchema>;

/** Which providers could be used on this machine, so that a screen can offer them. */
export const providerStatusSchema = z.object({
  provider: providerSchema,
  available: z.boolean(),
  version: z.string().nullable(),
  why: z.string().nullable(),
});
export type ProviderStatus = z.infer<typeof providerStatusSchema>;
