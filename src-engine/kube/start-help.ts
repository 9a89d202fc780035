import { readFile } from 'node:fs/promises';
import type { V1Pod } from '@kubernetes/client-node';
import type { Scheduler } from '../platform/clock.ts';
import { isDead, LEADERS, released } from './dead-lease.ts';
import { openPlainHands, type PlainHands } from './plain-hands.ts';

const SYSTEM = 'kube-system';
const DNS_LABEL = 'k8s-app=kube-dns';

/** A pod of the cluster's DNS that runs and is not ready. */
interface WaitingDns {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly node: string;
}

/** The cluster room's port `StartHelp`: what makes a start shorter. */
export function startHelp(scheduler: Scheduler) {
  const open = async (file: string): Promise<PlainHands | null> => {
    const text = await readFile(file, 'utf8').catch(() => null);
    return text === null ? null : openPlainHands(text, scheduler);
  };
  return {
    async releaseDead(file: string, startedAt: ReadonlyMap<string, Date>): Promise<boolean> {
      const hands = await open(file);
      if (hands === null) return false;
      const done = await Promise.all(LEADERS.map((name) => releaseOne(hands, name, startedAt)));
      return done.every(Boolean);
    },
    async waitingDns(file: string) {
      const hands = await open(file);
      if (hands === null) return null;
      const { core, ask } = hands;
      const [service, pods] = await Promise.all([
        ask(core.readNamespacedService({ name: 'kubernetes', namespace: 'default' })),
        ask(core.listNamespacedPod({ namespace: SYSTEM, labelSelector: DNS_LABEL })),
      ]);
      const apiAddress = service.ok ? service.value.spec?.clusterIP : undefined;
      if (!pods.ok || apiAddress === undefined) return null;
      return { apiAddress, pods: pods.value.items.filter(isWaiting).map(named) };
    },
    async replace(file: string, { name, namespace, uid }: WaitingDns): Promise<boolean> {
      const hands = await open(file);
      if (hands === null) return false;
      const body = { preconditions: { uid } };
      return (await hands.ask(hands.core.deleteNamespacedPod({ name, namespace, body }))).ok;
    },
  };
}

/** A lease that is not there is held by nobody. The API refuses (409) when it is another by now. */
async function releaseOne(
  { client, ask, asMerge }: PlainHands,
  name: string,
  startedAt: ReadonlyMap<string, Date>,
): Promise<boolean> {
  const { CoordinationV1Api: Coordination } = await import('@kubernetes/client-node');
  const leases = client(Coordination);
  const found = await ask(leases.readNamespacedLease({ name, namespace: SYSTEM }));
  if (!found.ok) return found.code === 404;
  if (!isDead(found.value, startedAt)) return true;
  const patch = { name, namespace: SYSTEM, body: released(found.value) };
  return (await ask(leases.patchNamespacedLease(patch, asMerge))).ok;
}

/** Its container runs; who is about to go, or is owned by no ReplicaSet that would replace it, does not count. */
function isWaiting({ metadata, status }: V1Pod): boolean {
  const containers = status?.containerStatuses ?? [];
  return (
    metadata?.deletionTimestamp === undefined &&
    metadata?.ownerReferences?.some(
      ({ kind, controller }) => kind === 'ReplicaSet' && controller === true,
    ) === true &&
    containers.length > 0 &&
    containers.every(({ state }) => state?.running !== undefined) &&
    containers.some(({ ready }) => !ready)
  );
}

const named = ({ metadata, spec }: V1Pod): WaitingDns => ({
  name: metadata?.name ?? '',
  namespace: metadata?.namespace ?? SYSTEM,
  uid: metadata?.uid ?? '',
  node: spec?.nodeName ?? '',
});
