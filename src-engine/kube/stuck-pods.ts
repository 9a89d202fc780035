import type { V1Pod, V1PodDisruptionBudget } from '@kubernetes/client-node';

/** A pod that a stop of its cluster does not move; `why`: `podWhy.WHY` in language/. */
export interface StuckPod {
  /** `NAMESPACE/NAME`. */
  readonly name: string;
  readonly why: 'bare' | 'localData' | 'budget';
}

const MOST = 50;
/** The cluster's own: it comes and goes with it. */
const ownNamespaces: readonly string[] = ['kube-system', 'kube-node-lease', 'kube-public', 'local-path-storage'];
/** Made on each node by the cluster itself. */
const nodeOwners: readonly string[] = ['DaemonSet', 'Node'];

/**
 * Which pods cannot move (research/handoff.md, section 5 B): nothing makes a bare one anew, data of `emptyDir` and
 * `hostPath` stays on this Mac, and a budget that allows no disruption refuses the eviction. A pod has one reason, the
 * hardest first.
 */
export function stuckPods(pods: readonly V1Pod[], budgets: readonly V1PodDisruptionBudget[]): StuckPod[] {
  const stuck = pods.filter(isOfPeople).flatMap((pod): StuckPod[] => {
    const name = `${pod.metadata?.namespace ?? '?'}/${pod.metadata?.name ?? '?'}`;
    if ((pod.metadata?.ownerReferences ?? []).length === 0) return [{ name, why: 'bare' }];
    if (budgets.some((budget) => forbids(budget, pod))) return [{ name, why: 'budget' }];
    return hasLocalData(pod) ? [{ name, why: 'localData' }] : [];
  });
  return stuck.slice(0, MOST);
}

function isOfPeople({ metadata, status }: V1Pod): boolean {
  const ended = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  const isNodes = (metadata?.ownerReferences ?? []).some(({ kind }) => nodeOwners.includes(kind));
  return !ended && !isNodes && !ownNamespaces.includes(metadata?.namespace ?? '');
}

function hasLocalData({ spec }: V1Pod): boolean {
  return (spec?.volumes ?? []).some(({ emptyDir, hostPath }) => emptyDir != null || hostPath != null);
}

/** A budget without labels selects nothing here: what its expressions mean is the API's to say, by refusing. */
function forbids({ metadata, spec, status }: V1PodDisruptionBudget, pod: V1Pod): boolean {
  const wanted = Object.entries(spec?.selector?.matchLabels ?? {});
  const labels = pod.metadata?.labels ?? {};
  const selects =
    metadata?.namespace === pod.metadata?.namespace &&
    wanted.length > 0 &&
    wanted.every(([label, value]) => labels[label] === value);
  return selects && status?.disruptionsAllowed === 0;
}
