import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openClusterHands } from '../../src-engine/kube/cluster-hands.ts';
import { emptyCluster, openNodes, type ClusterHands } from '../../src-engine/kube/empty-cluster.ts';
import { systemClock as clock, systemScheduler as scheduler } from '../../src-engine/platform/clock.ts';
import { podMover } from '../../src-engine/wire-kube.ts';
import { openPlane, type Plane } from './rig/plane.ts';
import { openProxy } from './rig/slow-proxy.ts';
import {
  barePodOf,
  budgetOf,
  daemonSetOf,
  deploymentOf,
  jobOf,
  namespaceOf,
  onNodes,
  settled,
} from './rig/workloads.ts';

// Pods of a whole edge, emptied as a person's drain and as a departure do it.

let edge: Plane;
beforeAll(async () => void (edge = await openPlane('edge')));
afterAll(() => edge?.dispose());

async function handsOn(kubeconfig: string): Promise<ClusterHands> {
  const hands = await openClusterHands(kubeconfig, { clock, scheduler });
  if (typeof hands === 'string') throw new Error(hands);
  return hands;
}

let turn = 0;
let shop = '';
/** A namespace for each test; whatever one left closed is opened. */
beforeEach(async () => {
  await openNodes(await handsOn(edge.kubeconfig));
  if (shop !== '') await edge.kubectl('delete', 'namespace', shop, '--timeout=60s');
  turn += 1;
  shop = `shop-${turn}`;
  await edge.apply(namespaceOf(shop));
});

/** A hundred pods that may go, ten that a budget holds for ever, and one of each kind that is never asked. */
async function fullShop(): Promise<void> {
  await edge.apply(
    deploymentOf(shop, 'bulk', 60),
    deploymentOf(shop, 'web', 30),
    budgetOf(shop, 'web', 0),
    deploymentOf(shop, 'guarded', 10),
    budgetOf(shop, 'guarded', 10),
    deploymentOf(shop, 'cache', 2, true),
    daemonSetOf(shop, 'agent'),
    barePodOf(shop, 'bare'),
    jobOf(shop, 'done'),
  );
  await settled(edge, shop);
  await edge.kubectl('wait', '-n', shop, '--for=condition=Complete', 'job/done', '--timeout=30s');
  await edge.kubectl('wait', '-n', shop, '--for=condition=Ready', 'pod/bare', '--timeout=30s');
}
const untouched = { cache: 2, agent: 2, bare: 1, done: 1 };

test('a person drains: what may go goes, the budget that holds the rest is named, nothing is deleted', async () => {
  await fullShop();
  const left: number[] = [];
  const detail = (text: string | null): void => void left.push(Number(text?.split(' ')[0] ?? 0));
  const context = { signal: new AbortController().signal, detail };
  const pods = podMover({ clock, scheduler });
  expect(await pods.empty('edge', edge.kubeconfig, 20_000, context)).toMatchObject({
    error: { code: 'podsStay', params: { budget: 'guarded', count: 10 } },
  });
  expect(await onNodes(edge, shop)).toEqual({ ...untouched, guarded: 10 });
  expect(left[0]).toBe(100);
  // Their replacements wait: no node takes them until a start, or this, opens one.
  expect(await pods.open(edge.kubeconfig)).toBe(true);
  await settled(edge, shop);
  expect(await onNodes(edge, shop)).toEqual({ ...untouched, guarded: 10, bulk: 60, web: 30 });
});

test('a departure: the budget is respected until the bound, and then what it held is deleted', async () => {
  await fullShop();
  const emptied = await emptyCluster(await handsOn(edge.kubeconfig), {
    clock,
    scheduler,
    evictMs: 15_000,
    deleteMs: 10_000,
  });
  expect(emptied).toMatchObject({ answered: true, left: [] });
  expect(emptied.evicted).toHaveLength(90);
  expect(emptied.deleted).toHaveLength(10);
  expect(new Set(emptied.deleted.map(({ budget }) => budget))).toEqual(new Set(['guarded']));
  expect(emptied.staying.map(({ why }) => why).toSorted()).toEqual(['bare', 'localData', 'localData']);
  expect(emptied.elapsedMs).toBeGreaterThanOrEqual(15_000);
  expect(await onNodes(edge, shop)).toEqual(untouched);
});

test('the API goes away in the middle and comes back: it goes on where it was', async () => {
  await edge.apply(deploymentOf(shop, 'web', 60));
  await settled(edge, shop);
  let evictions = 0;
  const outage: { over: Promise<void> | null } = { over: null };
  const isEviction = (call: string): boolean => call.startsWith('POST') && call.endsWith('/eviction');
  const proxy = await openProxy(edge, (call) => {
    if (isEviction(call)) evictions += 1;
    if (evictions === 20) outage.over ??= edge.stopApi().then(() => edge.startApi());
    return {};
  });
  try {
    const emptied = await emptyCluster(await handsOn(proxy.kubeconfig), {
      clock,
      scheduler,
      evictMs: 50_000,
      deleteMs: null,
    });
    expect(outage.over).not.toBeNull();
    await outage.over;
    expect(emptied).toMatchObject({ answered: true, left: [], deleted: [] });
    expect(await onNodes(edge, shop)).toEqual({});
  } finally {
    await proxy.close();
  }
});

test('the API goes away and stays away: bounded, and said, with what was done', async () => {
  await edge.apply(deploymentOf(shop, 'web', 20));
  await settled(edge, shop);
  const proxy = await openProxy(edge, (call) => (call.startsWith('POST') ? { silent: true } : {}));
  const hands = await handsOn(proxy.kubeconfig);
  const emptying = emptyCluster(hands, { clock, scheduler, evictMs: 4000, deleteMs: 5000 });
  await expect
    .poll(() => proxy.calls.some((call) => call.startsWith('POST')), { timeout: 10_000 })
    .toBe(true);
  await proxy.close();
  expect(await emptying).toMatchObject({ answered: false, trouble: 'away', evicted: [], deleted: [] });
  expect(await onNodes(edge, shop)).toEqual({ web: 20 });
});

test.each([429, 500])('every tenth call is answered with %d: all go, and none is deleted', async (status) => {
  await edge.apply(deploymentOf(shop, 'web', 50));
  await settled(edge, shop);
  const proxy = await openProxy(edge, (_, nth) => (nth % 10 === 0 ? { status } : {}));
  const options = { clock, scheduler, evictMs: 30_000, deleteMs: 5000 };
  const emptied = await emptyCluster(await handsOn(proxy.kubeconfig), options);
  await proxy.close();
  expect(emptied).toMatchObject({ answered: true, deleted: [], left: [] });
  expect(await onNodes(edge, shop)).toEqual({});
});

test('an API that takes 5 s for everything: a person waits for it, a departure is bounded and says so', async () => {
  await edge.apply(deploymentOf(shop, 'web', 10));
  await settled(edge, shop);
  const proxy = await openProxy(edge, () => ({ delayMs: 5000 }));
  const departure = await emptyCluster(await handsOn(proxy.kubeconfig), {
    clock,
    scheduler,
    evictMs: 4000,
    deleteMs: 5000,
  });
  expect(departure).toMatchObject({ answered: false, trouble: 'silent', evicted: [], deleted: [] });
  expect(departure.elapsedMs).toBeLessThan(9000);
  const context = { signal: new AbortController().signal, detail: () => undefined };
  expect(await podMover({ clock, scheduler }).empty('edge', proxy.kubeconfig, 60_000, context)).toMatchObject(
    {
      ok: true,
    },
  );
  await proxy.close();
  expect(await onNodes(edge, shop)).toEqual({});
}, 120_000);
