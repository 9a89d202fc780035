import { expect, test } from 'vitest';
import { fakeTime } from '../test/doubles/fake-time.ts';
import { cluster, worlds } from '../test/doubles/worlds.ts';
import { fail, ok, type Result } from '../src-shared/errors/result.ts';
import type { World } from '../src-shared/world/world.ts';
import { pause } from './platform/clock.ts';
import type { Platform } from './platform/platform.ts';
import type { HandsOptions } from './kube/cluster-hands.ts';
import type { ClusterHands } from './kube/empty-cluster.ts';
import type { HistoryEntry } from './history/history-room.ts';
import { evictionBeforeStop, podTeller, type EvictionNeeds } from './wire-kube.ts';
import { createWorldStore } from './world-store.ts';

const [some] = Object.values<World>(worlds);
const web = {
  metadata: { namespace: 'shop', name: 'web', ownerReferences: [{ kind: 'ReplicaSet', controller: true }] },
  spec: { nodeName: 'one' },
};
const ours = { manager: 'tandem', fieldsV1: { 'f:spec': { 'f:unschedulable': {} } } };
const closed = { metadata: { name: 'one', managedFields: [ours] }, spec: { unschedulable: true } };

/** A node that is closed already, with one pod that its budget holds; what was done and noted, in its order. */
function bench(change: Partial<ClusterHands> = {}, kubeconfig: Result<string> = ok('its text')) {
  const time = fakeTime();
  const course: string[] = [];
  const noted: HistoryEntry[] = [];
  const written: string[] = [];
  const hands: ClusterHands = {
    nodes: async () => [closed],
    pods: async () => [web],
    budgets: async () => [],
    trouble: () => null,
    cordon: async () => true,
    uncordon: async () => true,
    evict: async () => ({ type: 'refused', budget: 'web' }),
    remove: async () => {
      course.push(`delete with ${written.join(', ')} on the disk`);
      return true;
    },
    ...change,
  };
  const history = {
    add: (entry: HistoryEntry) => String(noted.push(entry)),
    settled: async () => {
      await pause(time.scheduler, 1);
      written.push(...noted.map(({ kind }) => kind));
    },
  };
  const opened: (AbortSignal | undefined)[] = [];
  const needs = {
    platform: { ...time } as unknown as Platform,
    world: createWorldStore({ ...some!, clusters: [cluster({ provider: 'kind' })] }, time.clock.wall),
    history,
    clusters: {
      handlers: {
        'cluster.kubeconfig': async () => (kubeconfig.ok ? ok({ kubeconfig: kubeconfig.value }) : kubeconfig),
      },
    } as unknown as EvictionNeeds['clusters'],
    openHands: async (_text: string, { signal }: HandsOptions) => {
      opened.push(signal);
      return hands;
    },
  } satisfies EvictionNeeds;
  return { time, course, noted, opened, evict: evictionBeforeStop(needs) };
}

const never = new AbortController().signal;

test('what is about to be deleted against its budget stands on the disk before', async () => {
  const { time, course, noted, evict } = bench();
  const done = evict('tandem', 30_000, never);
  await time.advance(20_000);
  await done;
  expect(course).toEqual(['delete with cluster.evicting on the disk']);
  expect(noted.map(({ kind }) => kind)).toEqual(['cluster.evicting', 'cluster.evict']);
  expect(noted[1]?.evidence).toMatchObject({ deleted: [{ name: 'shop/web', budget: 'web' }] });
  expect(time.pending()).toBe(0);
});

test('a cluster without an API that can be asked leaves a line as well', async () => {
  const { time, noted, evict } = bench({}, fail('clusterNotRunning', { name: 'tandem', state: 'absent' }));
  const done = evict('tandem', 30_000, never);
  await time.advance(1);
  await done;
  expect(noted.at(-1)).toMatchObject({ kind: 'cluster.evict', why: 'kubeconfigMissing' });
});

test('its requests end with its own times, and with the stop that is late', async () => {
  const { time, opened, evict } = bench({ remove: async () => false });
  const done = evict('tandem', 30_000, never);
  await time.advance(14_000);
  expect(opened[0]?.aborted).toBe(false);
  await time.advance(1_000);
  expect(opened[0]?.aborted).toBe(true);
  await done;
  const late = new AbortController();
  const second = evict('tandem', 30_000, late.signal);
  await time.advance(1_000);
  late.abort();
  await second;
  expect(opened[1]?.aborted).toBe(true);
});

test('a cluster whose API cannot be asked for the log of a pod says so by its own name', async () => {
  const told = await podTeller(fakeTime())('tandem', ':', 'kube-system/coredns-1');
  expect(told).toEqual(fail('kubeconfigMissing', { name: 'tandem' }));
});
