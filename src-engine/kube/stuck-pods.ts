/** A pod that a stop of its cluster does not move; `why`: `podWhy.WHY` in language/. */
export interface StuckPod {
  /** `NAMESPACE/NAME`. */
  readonly name: string;
  readonly why: 'bare' | 'localData' | 'budget';
}

/** Of a pod and of a budget, as the API of Kubernetes writes them: what is looked at here. */
export interface PodFacts {
  readonly metadata?: {
    readonly namespace?: string | undefined;
    readonly name?: string | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly ownerReferences?: readonly { readonly kind: string }[] | undefined;
  };
  readonly spec?: {
    readonly volumes?: readonly { readonly emptyDir?: unknown; readonly hostPath?: unknown }[] | undefined;
  };
  readonly status?: { readonly phase?: string | undefined };
}
export interface BudgetFacts {
  readonly metadata?: { readonly namespace?: string | undefined };
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> | undefined } | undefined;
  };
  readonly status?: { readonly disruptionsAllowed: number };
}

const MOST = 50;
/** The cluster's own: it comes and goes with it. */
const ownNamespaces: readonly string[] = [
  'kube-system',
  'kube-node-lease',
  'kube-public',
  'local-path-storage',
];
/** Made on each node by the cluster itself. */
const nodeOwners: readonly string[] = ['DaemonSet', 'Node'];

/**
 * Which pods cannot move (research/handoff.md, section 5 B): nothing makes a bare one anew, data of `emptyDir` and
 * `hostPath` stays on this Mac, and a budget that allows no disruption refuses the eviction. A pod has one reason, the
 * hardest first.
 */
export function stuckPods(pods: readonly PodFacts[], budgets: readonly BudgetFacts[]): StuckPod[] {
  const stuck = pods.filter(isOfPeople).flatMap((pod): StuckPod[] => {
    const name = `${pod.metadata?.namespace ?? '?'}/${pod.metadata?.name ?? '?'}`;
    if ((pod.metadata?.ownerReferences ?? []).length === 0) return [{ name, why: 'bare' }];
    if (budgets.some((budget) => forbids(budget, pod))) return [{ name, why: 'budget' }];
    return hasLocalData(pod) ? [{ name, why: 'localData' }] : [];
  });
  return stuck.slice(0, MOST);
}

function isOfPeople({ metadata, status }: PodFacts): boolean {
  const ended = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  const isNodes = (metadata?.ownerReferences ?? []).some(({ kind }) => nodeOwners.includes(kind));
  return !ended && !isNodes && !ownNamespaces.includes(metadata?.namespace ?? '');
}

function hasLocalData({ spec }: PodFacts): boolean {
  return (spec?.volumes ?? []).some(({ emptyDir, hostPath }) => emptyDir != null || hostPath != null);
}

/** A budget without labels selects nothing here: what its expressions mean is the API's to say, by refusing. */
function forbids({ metadata, spec, status }: BudgetFacts, pod: PodFacts): boolean {
  const wanted = Object.entries(spec?.selector?.matchLabels ?? {});
  const labels = pod.metadata?.labels ?? {};
  const selects =
    metadata?.namespace === pod.metadata?.namespace &&
    wanted.length > 0 &&
    wanted.every(([label, value]) => labels[label] === value);
  return selects && status?.disruptionsAllowed === 0;
}
