import type { V1Pod, V1PodDisruptionBudget } from '@kubernetes/client-node';
import { pause, type Scheduler } from '../platform/clock.ts';

export interface PodsLook {
  readonly pods: readonly V1Pod[];
  readonly budgets: readonly V1PodDisruptionBudget[];
}

const LIMIT_MS = 3000;

/** Asks a cluster's API once; null when it does not answer in three seconds. Nothing is kept open. */
export async function readPods(kubeconfig: string, scheduler: Scheduler): Promise<PodsLook | null> {
  const over = new AbortController();
  const late = pause(scheduler, LIMIT_MS, over.signal).then(() => null);
  try {
    return await Promise.race([look(kubeconfig), late]);
  } catch {
    return null;
  } finally {
    over.abort();
  }
}

/** client-node is loaded when it is needed: without a cluster it costs nothing. */
async function look(kubeconfig: string): Promise<PodsLook> {
  const { KubeConfig, CoreV1Api, PolicyV1Api } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const [pods, budgets] = await Promise.all([
    config.makeApiClient(CoreV1Api).listPodForAllNamespaces(),
    config.makeApiClient(PolicyV1Api).listPodDisruptionBudgetForAllNamespaces(),
  ]);
  return { pods: pods.items, budgets: budgets.items };
}
