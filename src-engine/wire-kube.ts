import { nobody } from '../src-shared/commands/registry.ts';
import { fail, ok, type Result } from '../src-shared/errors/result.ts';
import type { ClusterRoom } from './cluster/cluster-room.ts';
import type { PodMover } from './cluster/pod-mover.ts';
import type { HistoryRoom } from './history/history-room.ts';
import { openClusterHands } from './kube/cluster-hands.ts';
import { emptyCluster, openNodes, type Emptied } from './kube/empty-cluster.ts';
import { evictionIntent, evictionRecord, notAsked } from './kube/eviction-record.ts';
import { evictionTimes, type EvictionTimes } from './kube/eviction-times.ts';
import type { Platform } from './platform/platform.ts';
import type { WorldStore } from './world-store.ts';

export interface EvictionNeeds {
  readonly platform: Platform;
  readonly world: WorldStore;
  readonly history: Pick<HistoryRoom, 'add' | 'settled'>;
  readonly clusters: Pick<ClusterRoom, 'handlers'>;
  /** The kube room's own, unless a test brings another. */
  readonly openHands?: typeof openClusterHands;
}

/**
 * What a departure does to the pods of a cluster before it stops it, at a share of 0 that was proven: they are asked to
 * go, and what a budget still holds is deleted. Only where a start opens the nodes again, which kind's does. Its intent is
 * on the disk first; it ends with its own times, whatever the API does, and when `late` says so.
 */
export function evictionBeforeStop(needs: EvictionNeeds) {
  const { platform, world, history } = needs;
  return async (name: string, limitMs: number, late: AbortSignal): Promise<void> => {
    const times = evictionTimes(limitMs);
    const isKind = world.get().clusters.some((one) => one.name === name && one.provider === 'kind');
    if (!isKind || times.evictMs === 0) return;
    const over = new AbortController();
    const limit = platform.scheduler.after(times.evictMs + times.deleteMs, () => over.abort());
    try {
      history.add(evictionIntent(name, times));
      await history.settled();
      await evict(needs, name, times, AbortSignal.any([late, over.signal]));
    } finally {
      limit.dispose();
    }
  };
}

async function evict(
  { platform, history, clusters, openHands = openClusterHands }: EvictionNeeds,
  name: string,
  times: EvictionTimes,
  signal: AbortSignal,
): Promise<void> {
  const { clock, scheduler } = platform;
  const found = await clusters.handlers['cluster.kubeconfig']({ name }, nobody);
  if (!found.ok) return void history.add(notAsked(name, found.error));
  const hands = await openHands(found.value.kubeconfig, scheduler, signal);
  if (hands === null) return void history.add(notAsked(name, { code: 'apiUnreachable', params: { name } }));
  history.add(evictionRecord(name, await emptyCluster(hands, { clock, scheduler, signal, ...times })));
}

/** The cluster room's port: a drain that a person asks for respects every budget and deletes nothing. */
export function podMover({ clock, scheduler }: Pick<Platform, 'clock' | 'scheduler'>): PodMover {
  return {
    async empty(name, kubeconfig, limitMs, { signal, detail }) {
      // Without the signal: a cordon that is under way when it is called off has to be seen by what opens the nodes.
      const hands = await openClusterHands(kubeconfig, scheduler);
      if (hands === null) return fail('apiUnreachable', { name });
      const onLeft = (count: number): void => detail(count === 0 ? null : `${count} pods`);
      return drained(
        name,
        limitMs,
        await emptyCluster(hands, { clock, scheduler, evictMs: limitMs, deleteMs: null, signal, onLeft }),
      );
    },
    async open(kubeconfig) {
      const hands = await openClusterHands(kubeconfig, scheduler);
      return hands !== null && openNodes(hands);
    },
  };
}

function drained(name: string, limitMs: number, { answered, left }: Emptied): Result<void> {
  if (!answered) return fail('apiUnreachable', { name });
  const held = left.find(({ budget }) => budget !== null) ?? left[0];
  if (held === undefined) return ok(undefined);
  const params = { name, count: left.length, pod: held.name, limitSeconds: Math.round(limitMs / 1000) };
  return held.budget === null
    ? fail('podsStay', params)
    : fail('podsStay', { ...params, why: 'budget', budget: held.budget });
}
