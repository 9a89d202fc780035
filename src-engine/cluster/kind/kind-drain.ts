import { fail, ok } from '../../../src-shared/errors/result.ts';
import { pause, type Scheduler } from '../../platform/clock.ts';
import type { PodMover } from '../pod-mover.ts';
import type { ClusterRecord, Step } from '../provider.ts';
import { observeKind, type KindEyes } from './kind-observe.ts';

/** What moves pods, beside what sees them. */
export interface DrainHands extends KindEyes {
  readonly scheduler: Scheduler;
  readonly pods: PodMover;
}

/** Twice what a pod usually has for its end (terminationGracePeriodSeconds: 30). */
const DRAIN_MS = 60_000;
/** For the last answers of an API that is slow. */
const LATE_MS = 30_000;
const OPEN_MS = 60_000;
const AGAIN_MS = 1000;

/** Nodes closed, pods gone as far as their budgets allow; fails when some stay. */
export function evictStep(hands: DrainHands, record: ClusterRecord): Step {
  return {
    id: 'evictPods',
    limitMs: DRAIN_MS + LATE_MS,
    async run(context) {
      const { name } = record;
      const { state, why } = await observeKind(hands, record);
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
export function openStep(hands: DrainHands, record: ClusterRecord): Step {
  return {
    id: 'uncordonNodes',
    limitMs: OPEN_MS,
    async run({ signal }) {
      while (!signal.aborted) {
        if (await openAgain(hands, record)) return ok(undefined);
        await pause(hands.scheduler, AGAIN_MS, signal);
      }
      return fail('apiUnreachable', { name: record.name });
    },
  };
}

/** False: its API did not let us. */
export async function openAgain({ files, pods }: DrainHands, { name }: ClusterRecord): Promise<boolean> {
  const kubeconfig = await files.kubeconfigText(name);
  return kubeconfig !== null && pods.open(kubeconfig);
}
