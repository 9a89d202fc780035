import { nobody } from '../src-shared/commands/registry.ts';
import { fail, ok, type Result } from '../src-shared/errors/result.ts';
import type { Cluster } from '../src-shared/world/clusters.ts';
import type { ClusterRoom } from './cluster/cluster-room.ts';
import type { ClusterPorts } from './cluster/cluster-ports.ts';
import type { PodMover } from './cluster/pod-mover.ts';
import type { HistoryRoom } from './history/history-room.ts';
import { codeOfTrouble } from './kube/api-trouble.ts';
import { openClusterHands } from './kube/cluster-hands.ts';
import { emptyCluster, openNodes, type Emptied } from './kube/empty-cluster.ts';
import { evictionIntent, evictionRecord, notAskedRecord } from './kube/eviction-record.ts';
import { readPodReport } from './kube/pod-report.ts';
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
 * go, and what a budget still holds is deleted. Only where a start opens the nodes again, as kind's and minikube's do. Its intent is
 * on the disk first; it ends with its own times, whatever the API does, and when `late` says so.
 */
export function evictionBeforeStop(needs: EvictionNeeds) {
  const { platform, world, history } = needs;
  return async (name: string, limitMs: number, late: AbortSignal): Promise<void> => {
    const times = evictionTimes(limitMs);
    const cluster = world.get().clusters.find((one) => one.name === name);
    if (cluster === undefined || cluster.provider === 'embedded' || times.evictMs === 0) return;
    const over = new AbortController();
    const limit = platform.scheduler.after(times.evictMs + times.deleteMs, () => over.abort());
    try {
      history.add(evictionIntent(name, times));
      await history.settled();
      await evict(needs, cluster, times, AbortSignal.any([late, over.signal]));
    } finally {
      limit.dispose();
    }
  };
}

async function evict(
  { platform, history, clusters, openHands = openClusterHands }: EvictionNeeds,
  { name, why }: Pick<Cluster, 'name' | 'why'>,
  times: EvictionTimes,
  signal: AbortSignal,
): Promise<void> {
  const time = { clock: platform.clock, scheduler: platform.scheduler, signal };
  if (why === 'otherCluster') return void history.add(notAskedRecord(name, 'otherCluster'));
  const found = await clusters.handlers['cluster.kubeconfig']({ name }, nobody);
  const hands = found.ok ? await openHands(found.value.kubeconfig, time) : 'noKubeconfig';
  history.add(
    typeof hands === 'string'
      ? notAskedRecord(name, hands)
      : evictionRecord(name, await emptyCluster(hands, { ...time, ...times })),
  );
}

/** A person waits for a slow API; a departure does not. */
const PATIENT_MS = 10_000;

/** The cluster room's port: a drain that a person asks for respects every budget and deletes nothing. */
export function podMover({ clock, scheduler }: Pick<Platform, 'clock' | 'scheduler'>): PodMover {
  return {
    async empty(name, kubeconfig, limitMs, { signal, detail }) {
      // Without the signal: a cordon that is under way when it is called off has to be seen by what opens the nodes.
      const hands = await openClusterHands(kubeconfig, { clock, scheduler, limitMs: PATIENT_MS });
      if (typeof hands === 'string') return fail(codeOfTrouble(hands), { name });
      const onLeft = (count: number): void => detail(count === 0 ? null : `${count} pods`);
      return drained(
        name,
        limitMs,
        await emptyCluster(hands, { clock, scheduler, evictMs: limitMs, deleteMs: null, signal, onLeft }),
      );
    },
    async open(kubeconfig) {
      const hands = await openClusterHands(kubeconfig, { clock, scheduler, limitMs: PATIENT_MS });
      return typeof hands !== 'string' && openNodes(hands);
    },
  };
}

/** The cluster room's port: what a pod of a cluster's own system says of its trouble. */
export function podTeller({
  clock,
  scheduler,
}: Pick<Platform, 'clock' | 'scheduler'>): ClusterPorts['podReport'] {
  return async (cluster, kubeconfig, pod) => {
    const [namespace = '', name = ''] = pod.split('/');
    const told = await readPodReport(kubeconfig, { namespace, name }, { clock, scheduler });
    if (told === 'gone') return fail('podNotFailing', { name: cluster, pod });
    return typeof told === 'string' ? fail(codeOfTrouble(told), { name: cluster }) : ok(told);
  };
}

function drained(name: string, limitMs: number, { answered, trouble, left }: Emptied): Result<void> {
  if (!answered) return fail(codeOfTrouble(trouble), { name });
  const held = left.find(({ budget }) => budget !== null) ?? left[0];
  if (held === undefined) return ok(undefined);
  const params = { name, count: left.length, pod: held.name, limitSeconds: Math.round(limitMs / 1000) };
  return held.budget === null
    ? fail('podsStay', params)
    : fail('podsStay', { ...params, why: 'budget', budget: held.budget });
}
