import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { clientsOf, readKubeconfig } from '../../src-engine/kube/api-connection.ts';
import { createApiReader } from '../../src-engine/kube/api-reader.ts';
import { apiSources } from '../../src-engine/kube/watch/api-sources.ts';
import { watchCluster, type ClusterWatch } from '../../src-engine/kube/watch/cluster-watch.ts';
import { systemClock as clock, systemScheduler as scheduler } from '../../src-engine/platform/clock.ts';
import { openPlane, type Plane } from './rig/plane.ts';
import { rawApi } from './rig/raw-api.ts';
import { openProxy } from './rig/slow-proxy.ts';
import { deploymentOf, namespaceOf, settled } from './rig/workloads.ts';

// One watch a kind, kept true through whatever an API does.

const soon = { timeout: 20_000, interval: 100 };

let core: Plane;
beforeAll(async () => {
  core = await openPlane('core');
  await core.apply(namespaceOf('shop'), deploymentOf('shop', 'web', 10));
  await settled(core, 'shop');
});
afterAll(() => core?.dispose());

async function watched(kubeconfig: string): Promise<ClusterWatch> {
  const config = await readKubeconfig(kubeconfig, clock.wall());
  if (typeof config === 'string') throw new Error(config);
  const { CoreV1Api } = await import('@kubernetes/client-node');
  const sources = await apiSources(config, (await clientsOf(config))(CoreV1Api), scheduler);
  const watch = watchCluster(sources, { clock, scheduler });
  onTestFinished(() => watch.dispose());
  return watch;
}

const namesOf = async (plane: Plane): Promise<string[]> =>
  (
    await plane.kubectl(
      'get',
      'pods',
      '-A',
      '-o',
      'jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name} {end}',
    )
  )
    .split(' ')
    .filter((name) => name !== '')
    .toSorted();
const keptBy = ({ pods }: ClusterWatch): string[] => [...pods.items.keys()].toSorted();

test('what is kept is what the API has, after each change, and it is listed once', async () => {
  const watch = await watched(core.kubeconfig);
  expect(await watch.look(AbortSignal.timeout(10_000))).toMatchObject({
    nodes: [
      { name: 'core-1', ready: true },
      { name: 'core-2', ready: true },
    ],
    workload: { pods: { total: 10, running: 10 } },
  });
  await core.kubectl('scale', 'deployment/web', '-n', 'shop', '--replicas=40');
  await settled(core, 'shop');
  await core.kubectl('scale', 'deployment/web', '-n', 'shop', '--replicas=5');
  await expect.poll(async () => (await namesOf(core)).length, soon).toBe(5);
  await expect.poll(() => keptBy(watch).length, soon).toBe(5);
  expect(keptBy(watch)).toEqual(await namesOf(core));
  expect(watch.pods.counts.lists).toBe(1);
  expect([...watch.pods.items.values()].every(({ standing }) => standing === 'running')).toBe(true);
});

test('a pod that no node takes, and the warning about it', async () => {
  const watch = await watched(core.kubeconfig);
  await core.kubectl('cordon', 'core-1', 'core-2');
  await core.kubectl('scale', 'deployment/web', '-n', 'shop', '--replicas=6');
  const look = () => watch.look(AbortSignal.timeout(10_000));
  await expect.poll(async () => (await look())?.workload.worst[0]?.why, soon).toBe('Unschedulable');
  await expect
    .poll(async () => (await look())?.workload.warnings?.newest.map(({ reason }) => reason), soon)
    .toContain('FailedScheduling');
  expect((await look())?.closedByUs).toBe(false);
  await core.kubectl('uncordon', 'core-1', 'core-2');
  await expect.poll(async () => (await look())?.workload.pods.running, soon).toBe(6);
});

test('a restart of the API: the reader says that it is down, and then what is true by then', async () => {
  const reader = createApiReader({ clock, scheduler });
  onTestFinished(() => reader.dispose());
  const totals = async () => (await reader.read(core.kubeconfigFile))?.workload.pods.total;
  await expect.poll(totals, soon).toBe(6);
  await core.stopApi();
  expect(await reader.read(core.kubeconfigFile)).toBeNull();
  expect(reader.why(core.kubeconfigFile)).toBe('apiDown');
  await core.startApi();
  await core.kubectl('scale', 'deployment/web', '-n', 'shop', '--replicas=8');
  await expect.poll(totals, soon).toBe(8);
  expect(reader.why(core.kubeconfigFile)).toBeNull();
});

test('410: what is gone and what is new is known after one more list', async () => {
  // Of the API itself: a watch from the very first version, which it has forgotten with its restart.
  let asked = 0;
  const proxy = await openProxy(core, (call) => {
    const isPodWatch = call.startsWith('GET /api/v1/pods?') && call.includes('watch=true');
    if (isPodWatch) asked += 1;
    const path = (call.split(' ')[1] ?? '').replace(/resourceVersion=\d+/, 'resourceVersion=1');
    return isPodWatch && asked === 1 ? { path } : {};
  });
  onTestFinished(() => proxy.close());
  const watch = await watched(proxy.kubeconfig);
  await expect.poll(() => watch.pods.isLive() && asked >= 2, soon).toBe(true);
  expect(watch.pods.counts).toMatchObject({ lists: 2, watches: 2 });
  expect(keptBy(watch)).toEqual(await namesOf(core));
});

test('connections that break again and again: nothing is missed, and nothing is listed anew', async () => {
  const proxy = await openProxy(core, () => ({}));
  onTestFinished(() => proxy.close());
  const watch = await watched(proxy.kubeconfig);
  await watch.look(AbortSignal.timeout(10_000));
  for (const replicas of [20, 3]) {
    proxy.cut();
    await core.kubectl('scale', 'deployment/web', '-n', 'shop', `--replicas=${replicas}`);
    await expect.poll(async () => (await namesOf(core)).length, soon).toBe(replicas);
    await expect.poll(() => keptBy(watch).length, soon).toBe(replicas);
    expect(keptBy(watch)).toEqual(await namesOf(core));
  }
  expect(watch.pods.counts.lists).toBe(1);
});

test('ten thousand events: every one is heard, the newest thousand are kept', async () => {
  const watch = await watched(core.kubeconfig);
  await watch.look(AbortSignal.timeout(10_000));
  await expect.poll(() => watch.warnings.isLive(), soon).toBe(true);
  const before = watch.warnings.counts.changes;
  const api = rawApi(core);
  onTestFinished(() => api.close());
  const event = (at: number) => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace: 'shop', name: `flood-${at}` },
    involvedObject: { kind: 'Pod', namespace: 'shop', name: `pod-${at}` },
    type: 'Warning',
    reason: 'Flood',
    message: 'x'.repeat(1000),
    count: 1,
    lastTimestamp: new Date(Date.UTC(2026, 0, 1) + at * 1000).toISOString(),
  });
  await api.postAll(
    '/api/v1/namespaces/shop/events',
    Array.from({ length: 10_000 }, (_, at) => event(at)),
  );
  const heard = () => watch.warnings.counts.changes - before;
  await expect.poll(heard, { timeout: 60_000, interval: 100 }).toBeGreaterThanOrEqual(10_000);
  expect(watch.warnings.items.size).toBe(1000);
  expect(watch.warnings.counts.lists).toBe(1);
  const kept = [...watch.warnings.items.values()];
  expect(Math.max(...kept.map(({ message }) => message.length))).toBe(200);
  // Who comes later takes pages, and keeps no more.
  const later = await watched(core.kubeconfig);
  await expect.poll(() => later.warnings.isLive(), soon).toBe(true);
  expect(later.warnings.items.size).toBe(1000);
}, 180_000);

test('a sleep closes every watch, and until the wake a look asks anew', async () => {
  const proxy = await openProxy(core, () => ({}));
  onTestFinished(() => proxy.close());
  const file = `${core.folder}/asleep.kubeconfig`;
  await writeFile(file, proxy.kubeconfig);
  const reader = createApiReader({ clock, scheduler });
  onTestFinished(() => reader.dispose());
  const watches = () => proxy.calls.filter((call) => call.includes('watch=true')).length;
  const total = async () => (await reader.read(file))?.workload.pods.total;
  await expect.poll(total, soon).toBe(3);
  await expect.poll(watches, soon).toBe(3);
  reader.suspend();
  await expect.poll(total, soon).toBe(3);
  expect(watches()).toBe(3);
  reader.resume();
  await expect.poll(total, soon).toBe(3);
  await expect.poll(watches, soon).toBe(6);
});
