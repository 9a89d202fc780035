import { expect, test, vi } from 'vitest';
import type { ErrorCode } from '../../src-shared/errors/codes.ts';
import { openBench, type Bench, type BenchMac } from '../doubles/submariner-bench.ts';

// What is wrong before, and what goes wrong on the way: each its own error, and nothing half done that is not undone or named.

vi.setConfig({ testTimeout: 60_000 });
const SUBMARINERS = '/apis/submariner.io/v1alpha1/namespaces/submariner-operator/submariners';
const done = { ok: true, value: undefined };

/** What a join has to leave alone when it fails. */
function untouched(mac: BenchMac): void {
  const nodes = [...mac.kube.objects].filter(([path]) => path.startsWith('/api/v1/nodes/'));
  for (const [, { metadata }] of nodes) {
    expect(Object.keys(metadata.annotations ?? {})).toEqual([]);
    expect(metadata.labels ?? {}).not.toHaveProperty(['submariner.io/gateway']);
  }
  expect(mac.kube.names(SUBMARINERS)).toEqual([]);
  expect(mac.submariner.claim()).toBeNull();
  expect(mac.submariner.leftover()).toBeNull();
  expect(mac.submariner.operation()).toBeNull();
  const left = mac.written().map(({ name }) => name);
  expect(left).not.toEqual(expect.arrayContaining(['operation.json']));
  expect(left).not.toEqual(expect.arrayContaining(['kubeconfig']));
}

async function withBroker(): Promise<Bench> {
  const bench = await openBench();
  expect(await bench.core.submariner.broker()).toEqual(done);
  return bench;
}

test.each<[string, ErrorCode, (bench: Bench) => unknown]>([
  ['no subctl', 'subctlMissing', ({ edge }) => (edge.facts.hasTool = false)],
  ['an old subctl', 'subctlOld', ({ edge }) => edge.scene({ version: 'v0.12.0' })],
  [
    'one without a flag that is needed',
    'subctlOld',
    ({ edge }) => edge.scene({ version: 'v0.18.0', lacks: ['air-gapped'] }),
  ],
  ['one that changed since', 'subctlNew', ({ edge }) => edge.scene({ version: 'v0.31.0', lacks: ['natt'] })],
  ['a runtime that is down', 'dockerDown', ({ edge }) => setRuntime(edge, { up: false })],
  ['too little memory', 'vmMemoryShort', ({ edge }) => setRuntime(edge, { memoryBytes: 1e9 })],
  ['a kernel without IPsec', 'kernelLacks', ({ edge }) => setRuntime(edge, { kernelConfig: 'CONFIG_NET=y' })],
  [
    'nodes on one network with the core’s',
    'cidrsOverlap',
    ({ edge }) => setRuntime(edge, { networks: ['172.30.1.0/24'] }),
  ],
  ['a cluster of minikube’s', 'tunnelNeedsKind', ({ edge }) => setCluster(edge, { provider: 'minikube' })],
  ['a cluster that is stopped', 'clusterNotRunning', ({ edge }) => setCluster(edge, { state: 'stopped' })],
  ['an API that does not answer', 'apiUnreachable', ({ edge }) => (edge.kube.down = true)],
  ['the other Mac away', 'peerAway', ({ edge }) => (edge.facts.link = 'down')],
  ['kinds of another version', 'crdVersion', ({ edge }) => edge.kube.groups.set('submariner.io', ['v2'])],
  [
    'an ID that the broker knows',
    'clusterIdTaken',
    ({ core }) =>
      core.kube.put('/apis/submariner.io/v1/namespaces/submariner-k8s-broker/clusters/lab-edge', {
        spec: { cluster_id: 'lab-edge' },
      }),
  ],
  [
    'a Submariner of somebody else',
    'submarinerForeign',
    ({ edge }) => {
      edge.kube.groups.set('submariner.io', ['v1', 'v1alpha1']);
      edge.kube.put(`${SUBMARINERS}/submariner`, { spec: { clusterID: 'mine', brokerK8sApiServer: 'x:1' } });
    },
  ],
])('%s: %s, before anything is touched', async (_what, code, make) => {
  const bench = await withBroker();
  make(bench);
  const result = await bench.edge.submariner.join(undefined);
  expect(result).toMatchObject({ ok: false, error: { code } });
  expect(bench.edge.calls()).toEqual([]);
  expect(bench.edge.facts.lanCleared).toBe(0);
  expect(bench.edge.submariner.leftover()).toBeNull();
});

function setRuntime({ facts }: BenchMac, part: Partial<NonNullable<BenchMac['facts']['runtime']>>): void {
  if (facts.runtime !== null) facts.runtime = { ...facts.runtime, ...part };
}
function setCluster({ facts }: BenchMac, part: Partial<NonNullable<BenchMac['facts']['cluster']>>): void {
  if (facts.cluster !== null) facts.cluster = { ...facts.cluster, ...part };
}

test('pods that share a network with the other Mac’s: both are named', async () => {
  const { core, edge } = await withBroker();
  const plane = [...core.kube.objects.values()].find(
    ({ metadata }) => metadata.name === 'kube-controller-manager-lab',
  );
  Object.assign(plane ?? {}, { spec: { containers: [{ command: ['--cluster-cidr=10.20.128.0/20'] }] } });
  expect(await edge.submariner.join(undefined)).toMatchObject({
    error: {
      code: 'cidrsOverlap',
      params: { what: 'ownPods', cidr: '10.20.0.0/16', otherWhat: 'peerPods', otherCidr: '10.20.128.0/20' },
    },
  });
});

test('two labelled nodes are refused by name', async () => {
  const { edge } = await withBroker();
  for (const name of ['one', 'two'])
    edge.kube.put(`/api/v1/nodes/${name}`, {
      metadata: { name, labels: { 'submariner.io/gateway': 'true' } },
    });
  expect(await edge.submariner.join(undefined)).toMatchObject({
    error: { code: 'gatewayLabels', params: { nodes: 'one, two' } },
  });
});

test.each<[string, ErrorCode, Parameters<BenchMac['scene']>[0]]>([
  ['is cut off', 'brokerFileBroken', { brokerFile: 'truncated' }],
  ['is of another broker', 'brokerFileOther', { brokerFile: 'other' }],
  ['is not there, though subctl said 0', 'brokerFileBroken', { brokerFile: 'none' }],
])('a broker whose file %s is %s, and nothing of it stands', async (_what, code, scene) => {
  const { core } = await openBench();
  core.scene(scene);
  expect(await core.submariner.broker()).toMatchObject({ error: { code } });
  expect(core.kube.objects.has('/api/v1/namespaces/submariner-k8s-broker')).toBe(false);
  expect(core.written().map(({ name }) => name)).not.toContain('broker-info.subm');
  core.scene({});
  expect(await core.submariner.broker()).toEqual(done);
  // Run again it changes nothing that is right, and takes nothing away when it fails.
  core.scene({ brokerFile: 'truncated' });
  expect(await core.submariner.broker()).toMatchObject({ error: { code: 'brokerFileBroken' } });
  expect(core.kube.objects.has('/api/v1/namespaces/submariner-k8s-broker')).toBe(true);
});

test('the core’s cluster was made anew: its old file is of another broker, on both Macs', async () => {
  const { core, edge } = await withBroker();
  Object.assign(core.kube, { authority: Buffer.from('made anew').toString('base64') });
  expect(await core.submariner.join(undefined)).toMatchObject({ error: { code: 'brokerFileOther' } });
  expect(await edge.submariner.join(undefined)).toMatchObject({ error: { code: 'brokerMissing' } });
  expect(await edge.submariner.broker()).toMatchObject({ error: { code: 'notOnCore' } });
});

test.each<[string, ErrorCode, Parameters<BenchMac['scene']>[0]]>([
  [
    'a certificate that names another address',
    'brokerCertificate',
    {
      failIn: 'Gathering relevant information from Broker',
      failure: 'x509: certificate is valid for 127.0.0.1, not 192.168.1.10',
    },
  ],
  [
    'a subctl that is behind what is deployed',
    'subctlBehind',
    {
      failIn: 'Deploying the Submariner operator',
      failure:
        'the subctl version "v0.21.0" is older than the deployed Submariner version "v0.22.0". Please upgrade',
    },
  ],
  ['an operator that never comes', 'toolFailed', { failIn: 'Deploying submariner', failure: 'timed out' }],
])('a join that fails on its way, by %s, is undone', async (_what, code, scene) => {
  const { edge } = await withBroker();
  edge.scene(scene);
  expect(await edge.submariner.join(undefined)).toMatchObject({ error: { code } });
  untouched(edge);
});

test('a join that hangs is ended by a person, its tool too, and undone', async () => {
  const { edge } = await withBroker();
  edge.scene({ hangIn: 'Connecting to Broker' });
  const join = edge.submariner.join(undefined);
  await vi.waitFor(() => expect(edge.submariner.operation()?.detail).toBe('Connecting to Broker'), 20_000);
  expect(await edge.submariner.join(undefined)).toMatchObject({
    error: { code: 'tunnelBusy', params: { verb: 'join' } },
  });
  expect(edge.submariner.operation()).toMatchObject({ verb: 'join', step: 'joinCluster', done: 4, total: 7 });
  edge.scene({});
  expect(edge.submariner.cancel()).toEqual(done);
  expect(edge.submariner.operation()?.cancelling).toBe(true);
  expect(await join).toMatchObject({ error: { code: 'cancelled' } });
  untouched(edge);
  expect(edge.submariner.cancel()).toMatchObject({ error: { code: 'nothingToCancel' } });
});

test('an uninstall that says 0 and did nothing is seen, and what stands is said', async () => {
  const { core, edge } = await withBroker();
  await core.submariner.join(undefined);
  expect(await edge.submariner.leave()).toMatchObject({ error: { code: 'notJoined' } });
  core.scene({ uninstall: 'nothing' });
  expect(await core.submariner.leave()).toMatchObject({ error: { code: 'uninstallDidNothing' } });
  expect(core.submariner.claim()).toBe('joined');
  expect(core.calls().at(-1)).toContain('--yes');
  core.scene({});
  expect(await core.submariner.leave()).toEqual(done);
});

test('an undo that does nothing either leaves it named, and is made good by the next verb', async () => {
  const { edge } = await withBroker();
  edge.scene({ failIn: 'Deploying submariner', uninstall: 'nothing' });
  // The operator stands already, and does not go.
  expect(await edge.submariner.join(undefined)).toMatchObject({ error: { code: 'toolFailed' } });
  const unfinished = { code: 'tunnelUnfinished', params: { verb: 'join', step: 'joinCluster' } };
  expect(edge.submariner.leftover()).toEqual(unfinished);
  expect(await edge.submariner.join(undefined)).toEqual({ ok: false, error: unfinished });
  // Beside it LAN mode stays away.
  expect(edge.submariner.claim()).toBe('joining');
  edge.scene({});
  expect(await edge.submariner.join(undefined)).toEqual(done);
});

test('a gateway that never works is said in its own words, and the join undone', async () => {
  const { edge } = await withBroker();
  edge.scene({ gateway: 'could not determine the public IP' });
  const join = edge.submariner.join(undefined);
  await vi.waitFor(() => expect(edge.submariner.operation()?.step).toBe('proveGateway'), 20_000);
  edge.scene({});
  edge.facts.aheadMs = 180_001;
  expect(await join).toMatchObject({
    error: { code: 'gatewayInactive', params: { detail: 'could not determine the public IP' } },
  });
  untouched(edge);
});

test('a join of the core that fails leaves its broker, whose operator it shares', async () => {
  const { core, edge } = await withBroker();
  core.scene({ gateway: 'could not determine the public IP' });
  const join = core.submariner.join(undefined);
  await vi.waitFor(() => expect(core.submariner.operation()?.step).toBe('proveGateway'), 20_000);
  core.facts.aheadMs = 180_001;
  expect(await join).toMatchObject({ error: { code: 'gatewayInactive' } });
  untouched(core);
  expect(core.calls().map(([verb]) => verb)).toEqual(['deploy-broker', 'join']);
  expect(core.kube.objects.has('/api/v1/namespaces/submariner-k8s-broker')).toBe(true);
  expect(await edge.submariner.join(undefined)).toEqual(done);
});

test('gateways that do not meet: the verb says so, and what has joined goes on trying', async () => {
  const { core, edge } = await withBroker();
  await core.submariner.join(undefined);
  Object.assign(core.kube, { peer: edge.kube, tunnel: 'connecting' });
  Object.assign(edge.kube, { peer: core.kube, tunnel: 'connecting' });
  const join = edge.submariner.join(undefined);
  await vi.waitFor(() => expect(edge.submariner.operation()?.step).toBe('proveTunnel'), 20_000);
  edge.facts.aheadMs = 180_001;
  expect(await join).toMatchObject({ error: { code: 'tunnelBlocked', params: { port: 4500 } } });
  expect(edge.submariner.claim()).toBe('joined');
  expect(edge.submariner.leftover()).toBeNull();
  expect(await edge.submariner.settle()).toMatchObject({ state: 'connecting' });
  edge.facts.aheadMs += 180_001;
  // Its gateway goes on speaking each second.
  await vi.waitFor(
    async () => expect(await edge.submariner.settle()).toMatchObject({ problem: { code: 'tunnelBlocked' } }),
    { timeout: 10_000, interval: 200 },
  );
  expect((await edge.submariner.leave()).ok).toBe(true);
});
