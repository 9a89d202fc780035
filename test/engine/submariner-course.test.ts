import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openBench, type Bench, type BenchMac } from '../doubles/submariner-bench.ts';

// The manager over two clusters that are only their API, with an executable that replays subctl.

vi.setConfig({ testTimeout: 60_000 });
const SUBMARINERS = '/apis/submariner.io/v1alpha1/namespaces/submariner-operator/submariners';
const CLUSTERS = '/apis/submariner.io/v1/namespaces/submariner-k8s-broker/clusters';
const done = { ok: true, value: undefined };

async function joined(): Promise<Bench> {
  const bench = await openBench();
  expect(await bench.core.submariner.broker()).toEqual(done);
  expect(await bench.core.submariner.join(undefined)).toEqual(done);
  bench.core.kube.peer = bench.edge.kube;
  bench.edge.kube.peer = bench.core.kube;
  expect(await bench.edge.submariner.join(undefined)).toEqual(done);
  return bench;
}

const labelsOf = ({ kube }: BenchMac) =>
  [...kube.objects.values()].find(({ metadata }) => metadata.name === 'lab-control-plane')?.metadata;

test('broker, join, join: connected, each in the words of its own gateway', async () => {
  const { core, edge } = await joined();
  expect(await core.submariner.settle()).toMatchObject({
    state: 'connected',
    problem: null,
    submariner: {
      clusterId: 'lab-core',
      gateway: { node: 'lab-control-plane', address: '127.0.0.1' },
      peer: { clusterId: 'lab-edge', state: 'connected', rttMs: 1.16 },
    },
  });
  expect(await edge.submariner.settle()).toMatchObject({
    state: 'connected',
    submariner: { clusterId: 'lab-edge', peer: { clusterId: 'lab-core' } },
  });
  expect([core.submariner.claim(), edge.submariner.claim()]).toEqual(['joined', 'joined']);
  // LAN mode had gone before subctl touched the cluster's DNS.
  expect([core.facts.lanCleared, edge.facts.lanCleared]).toEqual([1, 1]);
  expect(labelsOf(core)).toMatchObject({
    labels: { 'submariner.io/gateway': 'true' },
    annotations: { 'gateway.submariner.io/public-ip': 'ipv4:127.0.0.1' },
  });
  const [, join] = core.calls();
  expect(join).toEqual(
    expect.arrayContaining(['--natt=true', '--preferred-server=true', '--clusterid=lab-core']),
  );
  expect(edge.calls()[0]).toEqual(expect.arrayContaining(['--natt=true', '--preferred-server=false']));
});

test('the broker file is a secret: of this user alone, on the core alone, and nowhere else', async () => {
  const { core, edge } = await joined();
  const files = core.written();
  expect(files.map(({ name }) => name)).toContain('broker-info.subm');
  expect(files.filter(({ mode }) => mode !== 0o600)).toEqual([]);
  const secret = files.find(({ name }) => name === 'broker-info.subm')?.text.slice(200, 260) ?? '-';
  for (const mac of [core, edge]) {
    const elsewhere = mac.written().filter(({ name }) => name !== 'broker-info.subm');
    const told = JSON.stringify([
      mac.logged,
      mac.notes,
      mac.calls(),
      elsewhere,
      await mac.submariner.settle(),
    ]);
    expect(told).not.toContain(secret);
    expect(told).not.toMatch(/SECRET-|U0VDUkVU/);
  }
  // The edge had it as long as it joined; the kubeconfig of subctl too.
  expect(edge.written().map(({ name }) => name)).toEqual(['kept.json']);
  expect(existsSync(join(core.folder, 'run/work/broker-info.subm'))).toBe(false);
});

test.each(['small', undefined] as const)('a broker file with %s keys joins', async (brokerFile) => {
  const { core, edge } = await openBench();
  core.scene(brokerFile === undefined ? {} : { brokerFile });
  expect(await core.submariner.broker()).toEqual(done);
  expect(await edge.submariner.join(undefined)).toEqual(done);
});

test('a service is exported by a ServiceExport and no label, waited for, seen over there, and taken back', async () => {
  const { core, edge } = await joined();
  core.kube.put('/api/v1/namespaces/shop/services/web', { spec: { ports: [{ port: 80 }] } });
  const web = { namespace: 'shop', name: 'web' };
  expect(await core.submariner.add(web)).toEqual(done);
  expect(core.kube.names('/apis/multicluster.x-k8s.io/v1alpha1/namespaces/shop/serviceexports')).toEqual([
    'web',
  ]);
  expect(core.kube.objects.get('/api/v1/namespaces/shop/services/web')?.metadata.labels).toBeUndefined();
  expect((await core.submariner.settle()).exports).toMatchObject([
    { ...web, state: 'ready', connections: null },
  ]);
  expect((await edge.submariner.settle()).imports).toMatchObject([
    { ...web, state: 'ready', clusterName: 'web.shop.svc.clusterset.local', addresses: ['10.110.0.7:80'] },
  ]);
  expect(await core.submariner.remove(web)).toEqual(done);
  expect(await core.submariner.remove(web)).toMatchObject({ error: { code: 'notExported' } });
  expect(await core.submariner.add({ namespace: 'shop', name: 'nobody' })).toMatchObject({
    error: { code: 'serviceUnknown' },
  });
});

test('the edge leaves: nothing of it stands in its cluster, and the broker has forgotten it', async () => {
  const { core, edge } = await joined();
  edge.kube.put('/api/v1/namespaces/shop/services/web', { spec: { ports: [{ port: 80 }] } });
  await edge.submariner.add({ namespace: 'shop', name: 'web' });
  expect(await edge.submariner.leave()).toEqual(done);
  expect(edge.kube.names(SUBMARINERS)).toEqual([]);
  expect([...edge.kube.objects.keys()].filter((key) => key.includes('serviceexports'))).toEqual([]);
  expect(labelsOf(edge)).toMatchObject({ annotations: {} });
  expect(labelsOf(edge)?.labels).not.toHaveProperty(['submariner.io/gateway']);
  await vi.waitFor(() => expect(core.kube.names(CLUSTERS)).toEqual(['lab-core']));
  await vi.waitFor(() => expect(edge.submariner.entriesLeft()).toBeNull());
  expect(edge.submariner.claim()).toBeNull();
  // And may come again under the same ID.
  expect(await edge.submariner.join(undefined)).toEqual(done);
});

test('the edge leaves while the core is away: that is named, and told when it is there', async () => {
  const { core, edge } = await joined();
  core.facts.link = 'down';
  expect(await edge.submariner.leave()).toEqual(done);
  expect(edge.submariner.entriesLeft()).toBe('lab-edge');
  expect(core.kube.names(CLUSTERS)).toContain('lab-edge');
  core.facts.link = 'up';
  edge.submariner.sessionBegan();
  await vi.waitFor(() => expect(edge.submariner.entriesLeft()).toBeNull());
  expect(core.kube.names(CLUSTERS)).toEqual(['lab-core']);
});

test('the last one takes the broker along; a cluster that is gone for good is forgotten by its ID', async () => {
  const { core, edge } = await joined();
  expect(await core.submariner.forgetStale('lab-core')).toMatchObject({ error: { code: 'alreadyJoined' } });
  expect(await core.submariner.forgetStale('nobody')).toMatchObject({ error: { code: 'clusterIdUnknown' } });
  expect(await edge.submariner.forgetStale('lab-core')).toMatchObject({ error: { code: 'notOnCore' } });
  expect(await core.submariner.forgetStale('lab-edge')).toEqual(done);
  expect(core.kube.names(CLUSTERS)).toEqual(['lab-core']);
  expect(await core.submariner.leave()).toEqual(done);
  expect(core.kube.objects.has('/api/v1/namespaces/submariner-k8s-broker')).toBe(false);
  expect(core.written().map(({ name }) => name)).not.toContain('broker-info.subm');
});

test('a tunnel that is silent, broken or unreachable is said by the gateways’ own word, and its age', async () => {
  const { core } = await joined();
  core.kube.tunnel = 'error';
  expect(await core.submariner.settle()).toMatchObject({ state: 'error', problem: { code: 'tunnelBroken' } });
  core.kube.tunnel = 'connected';
  core.kube.silent = true;
  expect(await core.submariner.settle()).toMatchObject({ state: 'connected' });
  core.kube.down = true;
  expect(await core.submariner.settle()).toMatchObject({ state: 'unknown', problem: null });
});
