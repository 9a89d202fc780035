import { podName, standingOf, type PodFacts } from './evictable.ts';

/** A pod that a departure does not move; `why`: `podWhy.WHY` in language/. */
export interface StuckPod {
  /** `NAMESPACE/NAME`. */
  readonly name: string;
  readonly why: 'bare' | 'localData' | 'budget';
}

/** Of a budget, as the API of Kubernetes writes it: what is looked at here. */
export interface BudgetFacts {
  readonly metadata?: { readonly namespace?: string | undefined };
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> | undefined } | undefined;
  };
  readonly status?: { readonly disruptionsAllowed: number };
}

const MOST = 50;

/**
 * Which pods cannot move (research/handoff.md, section 5 B), by the rule that the eviction goes by: those that it never
 * asks, and those whose budget allows no disruption and refuses it.
 */
export function stuckPods(pods: readonly PodFacts[], budgets: readonly BudgetFacts[]): StuckPod[] {
  const stuck = pods.flatMap((pod): StuckPod[] => {
    const why = whyStuck(pod, budgets);
    return why === null ? [] : [{ name: podName(pod), why }];
  });
  return stuck.slice(0, MOST);
}

function whyStuck(pod: PodFacts, budgets: readonly BudgetFacts[]): StuckPod['why'] | null {
  const standing = standingOf(pod);
  if (standing === 'bare' || standing === 'localData') return standing;
  return standing === 'evict' && budgets.some((budget) => forbids(budget, pod)) ? 'budget' : null;
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
