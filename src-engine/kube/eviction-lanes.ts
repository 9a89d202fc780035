import type { PodFacts } from './evictable.ts';
import { selects, type LabelSelector } from './label-selector.ts';

/** Of a budget, as the API of Kubernetes writes it: what is looked at here. */
export interface BudgetFacts {
  readonly metadata?: { readonly namespace?: string | undefined; readonly name?: string | undefined };
  readonly spec?: { readonly selector?: LabelSelector | undefined };
  readonly status?: { readonly disruptionsAllowed: number };
}

/** A budget counts the pods of its own namespace that its selector selects. */
export function isGuarded(budget: BudgetFacts, { metadata }: PodFacts): boolean {
  return (
    budget.metadata?.namespace === metadata?.namespace &&
    selects(budget.spec?.selector, metadata?.labels ?? {})
  );
}

/**
 * Pods in lanes: those of one lane are asked one after another, the lanes side by side. A budget makes a lane of its pods:
 * the API counts each eviction down in the budget's own status, and of two at once the second sleeps half a second inside
 * its request, again and again (kubernetes, pkg/registry/core/pod/storage/eviction.go, EvictionsRetry). Measured: of 30
 * pods under one budget that allows all, 32 at once, 49 of 63 requests were not answered within 3 s.
 */
export function evictionLanes<T extends { readonly pod: PodFacts }>(
  pods: readonly T[],
  budgets: readonly BudgetFacts[],
): T[][] {
  const guarded = new Map<BudgetFacts, T[]>();
  const free: T[][] = [];
  for (const one of pods) {
    const budget = budgets.find((each) => isGuarded(each, one.pod));
    const lane = budget === undefined ? undefined : guarded.get(budget);
    if (budget === undefined) free.push([one]);
    else if (lane === undefined) guarded.set(budget, [one]);
    else lane.push(one);
  }
  // The long ones first.
  return [...guarded.values(), ...free];
}
