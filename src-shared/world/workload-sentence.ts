import type { Workload } from './clusters.ts';
import { sentence, type Sentence } from './sentence.ts';

/** So many pods are named; their number says the rest. */
const NAMED = 3;

/**
 * What a person has to know of what runs on a cluster: nothing while all is well. The newest warning comes along only
 * when some pod is in trouble, since a healthy cluster warns of much that passes.
 */
export function workloadSentences({ pods, worst, warnings }: Workload): Sentence[] {
  if (pods.failing === 0 && pods.pending === 0) return [];
  const [newest] = warnings?.newest ?? [];
  return [
    ...(pods.failing === 0 ? [] : [sentence('workload.failing', { count: pods.failing })]),
    ...(pods.pending === 0 ? [] : [sentence('workload.pending', { count: pods.pending })]),
    ...worst.slice(0, NAMED).map(podSentence),
    ...(newest === undefined
      ? []
      : [sentence('workload.warning', { about: newest.about, reason: newest.reason })]),
  ];
}

function podSentence({ name, why, restarts }: Workload['worst'][number]): Sentence {
  const said = { name, why: why ?? '?' };
  return restarts === 0
    ? sentence('workload.pod', said)
    : sentence('workload.podRestarts', { ...said, count: restarts });
}
