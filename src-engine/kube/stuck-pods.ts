import { podName, standingOf, type PodFacts } from './evictable.ts';
import { isGuarded, type BudgetFacts } from './eviction-lanes.ts';

/** A pod that a departure does not move; `why`: `podWhy.WHY` in language/. */
export interface StuckPod {
  /** `NAMESPACE/NAME`. */
  readonly name: string;
  readonly why: 'bare' | 'localData' | 'budget';
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
  const forbids = (budget: BudgetFacts): boolean =>
    budget.status?.disruptionsAllowed === 0 && isGuarded(budget, pod);
  return standing === 'evict' && budgets.some(forbids) ? 'budget' : null;
}
