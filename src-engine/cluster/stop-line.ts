import type { Cluster } from '../../src-shared/world/clusters.ts';

/** What to do now with a cluster that was up, or coming up, when this Mac reached stage stop. */
export type StopLineAct = 'cancel' | 'stop' | 'wait' | 'done';

/**
 * A start or create under way is cancelled first; another operation is waited for; what is up is stopped.
 * Until it is seen stopped it is not done, so that a refusal is no end of it.
 */
export function stopLineAct(cluster: Pick<Cluster, 'state' | 'operation'> | undefined): StopLineAct {
  if (cluster === undefined) return 'done';
  const { state, operation } = cluster;
  if (operation !== null) {
    const startsSomething = operation.verb === 'start' || operation.verb === 'create';
    return startsSomething && !operation.cancelling ? 'cancel' : 'wait';
  }
  if (state === 'stopped' || state === 'absent') return 'done';
  return state === 'unknown' ? 'wait' : 'stop';
}
