import { fail, ok, type TandemError } from '../../src-shared/errors/result.ts';
import { pause, type Scheduler } from '../platform/clock.ts';
import type { PodMover } from './pod-mover.ts';
import type { ClusterRecord, Observation, Step } from './provider.ts';

/** What moves pods, whichever tool has made the cluster. */
export interface DrainBase {
  readonly scheduler: Scheduler;
  readonly pods: PodMover;
  readonly files: { kubeconfigText(name: string): Promise<string | null> };
}

/** Twice what a pod usually has for its end (terminationGracePeriodSeconds: 30). */
const DRAIN_MS = 60_000;
/** For the last answers of an API that is slow. */
const LATE_MS = 30_000;
const OPEN_MS = 60_000;
/** An undo has a minute as a whole (provider.ts), and its last look may take a few seconds. */
const UNDO_MS = 40_000;
const AGAIN_MS = 1000;

const OPEN_STEP = 'uncordonNodes';

/** Nodes closed, pods gone as far as their budgets allow; fails when some stay. */
export function evictStepBy(
  hands: DrainBase,
  record: ClusterRecord,
  observe: (record: ClusterRecord) => Promise<Observation>,
): Step {
  return {
    id: 'evictPods',
    limitMs: DRAIN_MS + LATE_MS,
    async run(context) {
      const { name } = record;
      const { state, why } = await observe(record);
      const kubeconfig = await hands.files.kubeconfigText(name);
      if (state !== 'running' && state !== 'degraded') return fail('clusterNotRunning', { name, state });
      if (kubeconfig === null) return fail('kubeconfigMissing', { name });
      // Somebody else's pods are nothing that we empty.
      if (why === 'otherCluster') return fail('kubeconfigOther', { name });
      return hands.pods.empty(record.name, kubeconfig, DRAIN_MS, context);
    },
  };
}

/** The last step of a start: what a departure or a drain has closed takes pods again; a cordon of others stays. */
export function openStep(hands: DrainBase, record: ClusterRecord): Step {
  return {
    id: OPEN_STEP,
    limitMs: OPEN_MS,
    run: async ({ signal }) =>
      (await openUntil(hands, record, signal))
        ? ok(undefined)
        : fail('apiUnreachable', { name: record.name }),
  };
}

/**
 * A start that came as far as that has a cluster that works: nodes that its API would not open are no reason to stop it,
 * and the next start opens them. Somebody who calls it off, or memory that runs out, still ends it.
 */
export function isOnlyClosed(reached: string, { code }: TandemError): boolean {
  return reached === OPEN_STEP && code !== 'cancelled' && code !== 'memoryRolledBack';
}

/**
 * The way back of a drain. Right after a cordon Kubernetes itself writes on the node (its taint), and a change upon the
 * node as it was before is refused: it is read and tried again. False: it was never let.
 */
export async function openAfterDrain(hands: DrainBase, record: ClusterRecord): Promise<boolean> {
  const over = new AbortController();
  const limit = hands.scheduler.after(UNDO_MS, () => over.abort());
  try {
    return await openUntil(hands, record, over.signal);
  } finally {
    limit.dispose();
  }
}

async function openUntil(hands: DrainBase, record: ClusterRecord, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await openOnce(hands, record)) return true;
    await pause(hands.scheduler, AGAIN_MS, signal);
  }
  return false;
}

/** False: its API did not let us. */
async function openOnce({ files, pods }: DrainBase, { name }: ClusterRecord): Promise<boolean> {
  const kubeconfig = await files.kubeconfigText(name);
  return kubeconfig !== null && pods.open(kubeconfig);
}
