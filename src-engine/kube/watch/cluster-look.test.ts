import { expect, test } from 'vitest';
import { lookOf } from './cluster-look.ts';
import { keepNode, keepWarning, podKeeper, type PodObject } from './kept.ts';

const keepPod = podKeeper();
const pods = (...objects: PodObject[]) => new Map(objects.map(keepPod).map((pod) => [pod.key, pod]));
const pod = (name: string, status: PodObject['status'] = {}, change: Partial<PodObject> = {}): PodObject => ({
  metadata: { namespace: 'shop', name },
  spec: { nodeName: 'one' },
  status,
  ...change,
});
const running = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
const crashing = (restartCount: number) => ({
  phase: 'Running',
  containerStatuses: [{ restartCount, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
});
const unscheduled = {
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }],
};
const at = '2026-01-01T00:00:05Z';
const before = '2026-01-01T00:00:01Z';
const now = new Date('2026-01-01T00:01:06Z');

test('nodes with their heartbeat, their running pods, and whether we have closed one', () => {
  const ready = { type: 'Ready', status: 'True', lastHeartbeatTime: at, lastTransitionTime: before };
  const conditions = [{ type: 'MemoryPressure', status: 'False', lastTransitionTime: at }, ready];
  const closed = {
    metadata: {
      name: 'two',
      managedFields: [{ manager: 'tandem', fieldsV1: { 'f:spec': { 'f:unschedulable': {} } } }],
    },
    spec: { unschedulable: true },
  };
  const nodes = [{ metadata: { name: 'one' }, status: { conditions } }, closed].map(keepNode);
  const look = lookOf(nodes, pods(pod('a', running), pod('b', running), pod('c', unscheduled)), null, now);
  expect(look.nodes).toEqual([
    { name: 'one', ready: true, heartbeatAt: new Date(at), since: new Date(before), pods: 2 },
    { name: 'two', ready: false, heartbeatAt: null, since: null, pods: 0 },
  ]);
  expect(look.closedByUs).toBe(true);
  expect(lookOf(nodes.slice(0, 1), pods(), null, now).closedByUs).toBe(false);
});

test('the DNS of the cluster, and when its container began, as text or as a date', () => {
  const dns = (startedAt: string | Date) =>
    pod(
      'dns',
      { ...running, containerStatuses: [{ state: { running: { startedAt } } }] },
      { metadata: { namespace: 'kube-system', name: 'dns', labels: { 'k8s-app': 'kube-dns' } } },
    );
  for (const startedAt of [at, new Date(at)])
    expect(lookOf([], pods(dns(startedAt), pod('web', running)), null, now).dns).toEqual([
      { startedAt: new Date(at), ready: true, node: 'one' },
    ]);
});

test('counts of all, and the worst by name: what fails most first', () => {
  const ending = pod('old', running, { metadata: { namespace: 'shop', name: 'old', deletionTimestamp: at } });
  const all = pods(
    pod('a', running),
    pod('lost', unscheduled),
    pod('x', crashing(2)),
    pod('y', crashing(9)),
    ending,
  );
  expect(lookOf([], all, null, now).workload).toEqual({
    pods: { total: 5, running: 1, starting: 0, pending: 1, failing: 2, ending: 1, finished: 0 },
    worst: [
      { name: 'shop/y', standing: 'failing', why: 'CrashLoopBackOff', restarts: 9 },
      { name: 'shop/x', standing: 'failing', why: 'CrashLoopBackOff', restarts: 2 },
      { name: 'shop/lost', standing: 'pending', why: 'Unschedulable', restarts: 0 },
    ],
    warnings: null,
  });
});

test('what belongs to the cluster itself comes before what stands on it', () => {
  const own = pod('dns', crashing(1), { metadata: { namespace: 'kube-system', name: 'dns' } });
  const names = (look: ReturnType<typeof lookOf>) => look.workload.worst.map(({ name }) => name);
  const all = pods(pod('lost', unscheduled), pod('x', crashing(9)), own);
  expect(names(lookOf([], all, null, now))).toEqual(['kube-system/dns', 'shop/x', 'shop/lost']);
});

test('one of the cluster itself that runs and is not ready for a minute is in trouble, though it says nothing', () => {
  const unready = (lastTransitionTime: string) => ({
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'False', lastTransitionTime }],
  });
  const own = (name: string, since: string): PodObject =>
    pod(name, unready(since), { metadata: { namespace: 'kube-system', name } });
  const all = pods(own('dns', at), own('young', '2026-01-01T00:00:06Z'), pod('web', unready(at)));
  const { worst, pods: counts } = lookOf([], all, null, now).workload;
  expect(worst).toEqual([{ name: 'kube-system/dns', standing: 'failing', why: 'NotReady', restarts: 0 }]);
  expect(counts).toMatchObject({ failing: 0, starting: 3 });
});

test('warnings, newest first; twenty of each list and no more', () => {
  const warning = (name: string, lastTimestamp: string) =>
    keepWarning({
      metadata: { namespace: 'shop', name },
      involvedObject: { kind: 'Pod', namespace: 'shop', name: 'web' },
      reason: 'BackOff',
      message: 'x'.repeat(5000),
      count: 3,
      lastTimestamp,
    });
  const found = new Map(
    Array.from({ length: 30 }, (_, n) => warning(`e${n}`, `2026-01-01T00:00:${10 + n}Z`)).map((one) => [
      one.key,
      one,
    ]),
  );
  const many = pods(...Array.from({ length: 30 }, (_, n) => pod(`p${n}`, crashing(n))));
  const { warnings, worst } = lookOf([], many, found, now).workload;
  expect([warnings?.count, warnings?.newest.length, worst.length]).toEqual([30, 20, 20]);
  expect(warnings?.newest[0]).toEqual({
    at: '2026-01-01T00:00:39.000Z',
    reason: 'BackOff',
    about: 'Pod shop/web',
    message: 'x'.repeat(200),
    count: 3,
  });
});
