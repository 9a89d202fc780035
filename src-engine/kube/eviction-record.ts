import { codeOfTrouble, type ApiTrouble } from './api-trouble.ts';
import type { Emptied } from './empty-cluster.ts';
import type { EvictionTimes } from './eviction-times.ts';

/** A line of history holds 16 KiB: four lists of names of up to 320 characters (namespace, pod, budget). */
const MOST = 12;

/** What a departure is about to do to the pods of a cluster: on the disk before the first of them is asked. */
export function evictionIntent(name: string, { evictMs, deleteMs }: EvictionTimes) {
  const seconds = (ms: number): string => (ms / 1000).toFixed(1);
  return {
    kind: 'cluster.evicting',
    what: `asking the pods of ${name} to go: ${seconds(evictMs)} s, then what budgets hold is deleted`,
    evidence: { name, evictMs, deleteMs },
  };
}

/** What a departure did to the pods of a cluster, as history keeps it: lists are the first twelve, `counts` counts all. */
export function evictionRecord(name: string, emptied: Emptied) {
  const { answered, trouble, cordoned, evicted, deleted, left, staying, elapsedMs } = emptied;
  const budgets = [...new Set(deleted.flatMap(({ budget }) => budget ?? []))];
  return {
    kind: 'cluster.evict',
    what: sentence(name, emptied, budgets),
    why: answered ? (budgets[0] ?? null) : codeOfTrouble(trouble),
    evidence: {
      name,
      answered,
      cordoned,
      evicted: evicted.slice(0, MOST),
      deleted: deleted.slice(0, MOST),
      left: left.slice(0, MOST),
      staying: staying.slice(0, MOST),
      counts: {
        evicted: evicted.length,
        deleted: deleted.length,
        left: left.length,
        staying: staying.length,
      },
      elapsedMs,
    },
  };
}

function sentence(name: string, emptied: Emptied, budgets: readonly string[]): string {
  const { answered, evicted, deleted, left, staying } = emptied;
  if (!answered)
    return evicted.length === 0
      ? `the API of ${name} did not answer: its pods end with their nodes`
      : `the API of ${name} went away: ${evicted.length} evicted, what is left ends with the nodes`;
  const held = budgets.length === 0 ? '' : ` (held by ${budgets.slice(0, 3).join(', ')})`;
  const parts = [
    `${evicted.length} evicted`,
    ...(deleted.length === 0 ? [] : [`${deleted.length} deleted${held}`]),
    ...(left.length === 0 ? [] : [`${left.length} still ending`]),
    ...(staying.length === 0 ? [] : [`${staying.length} left on their nodes`]),
  ];
  return `pods of ${name} before its stop: ${parts.join(', ')}`;
}

/** It could not even be asked. */
export function notAskedRecord(name: string, trouble: ApiTrouble) {
  return {
    kind: 'cluster.evict',
    what: `pods of ${name} were not asked before its stop: they end with their nodes`,
    why: codeOfTrouble(trouble),
    evidence: { name, answered: false },
  };
}
