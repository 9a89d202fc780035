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
  readonly address: string;
  readonly hasPlace: boolean;
}

/** The cluster room's port `StartHelp`: what makes one start shorter. */
export function startHelp(file: string, scheduler: Scheduler) {
  let known: PlainHands | null = null;
  const open = async (): Promise<PlainHands | null> => {
    if (known !== null) return known;
    const text = await readFile(file, 'utf8').catch(() => null);
    return (known ??= text === null ? null : await openPlainHands(text, scheduler));
  };
  return {
    async releaseDead(startedAt: ReadonlyMap<string, Date>): Promise<boolean> {
      const hands = await open();
      if (hands === null) return false;
      const done = await Promise.all(LEADERS.map((name) => releaseOne(hands, name, startedAt)));
      return done.every(Boolean);
    },
    async waitingDns() {
      const hands = await open();
      return hands === null ? null : waitingDns(hands);
    },
    async replace({ name, namespace, uid }: WaitingDns): Promise<boolean> {
      const hands = await open();
      if (hands === null) return false;
      const body = { preconditions: { uid } };
      return (await hands.ask(hands.core.deleteNamespacedPod({ name, namespace, body }))).ok;
    },
  };
}

async function waitingDns({ core, ask }: PlainHands) {
  const [service, nodes, pods] = await Promise.all([
    ask(core.readNamespacedService({ name: 'kubernetes', namespace: 'default' })),
    ask(core.listNode()),
    ask(core.listNamespacedPod({ namespace: SYSTEM, labelSelector: DNS_LABEL })),
  ]);
  const apiAddress = service.ok ? service.value.spec?.clusterIP : undefined;
  if (!pods.ok || !nodes.ok || apiAddress === undefined) return null;
  const open = nodes.value.items.flatMap(({ metadata, spec }) =>
    spec?.unschedulable === true ? [] : [metadata?.name ?? ''],
  );
  return { apiAddress, pods: pods.value.items.filter(isWaiting).map((pod) => named(pod, open)) };
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

const named = ({ metadata, spec, status }: V1Pod, open: readonly string[]): WaitingDns => ({
  name: metadata?.name ?? '',
  namespace: metadata?.namespace ?? SYSTEM,
  uid: metadata?.uid ?? '',
  node: spec?.nodeName ?? '',
  address: status?.podIP ?? '',
  hasPlace: open.includes(spec?.nodeName ?? ''),
});
