import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSubmarinerHands, type SubmarinerHands } from '../../src-engine/kube/submariner-hands.ts';
import { systemScheduler } from '../../src-engine/platform/clock.ts';
import { clustersOf, exportsOf, gatewaysOf, importsOf } from '../../src-engine/tunnel/submariner/crds.ts';
import { gatewayMarks, unmarks } from '../../src-engine/tunnel/submariner/gateway-node.ts';
import { verdictOf } from '../../src-engine/tunnel/submariner/services.ts';
import { gateway } from '../doubles/submariner-objects.ts';
import { openPlane, type Plane } from './rig/plane.ts';
import { submarinerKinds } from './submariner-kinds.ts';

// Submariner's objects on a real API server, played by the test, through definitions that ask for every field its own do.

const OPERATOR = 'submariner-operator';
const BROKER = 'submariner-k8s-broker';
let core: Plane;
let hands: SubmarinerHands;

beforeAll(async () => {
  core = await openPlane('core', { nodes: 2 });
  const opened = await openSubmarinerHands(core.kubeconfig, systemScheduler);
  if (opened === null) throw new Error('the kubeconfig cannot be read');
  hands = opened;
});
afterAll(() => core?.dispose());

test('before it is installed its kinds are absent, and that is no silence', async () => {
  expect(await hands.list('gateways', OPERATOR)).toEqual({ kind: 'absent' });
  expect(await hands.hasNamespace(BROKER)).toBe(false);
  expect(await hands.ownExports()).toEqual([]);
});

test('gateways and the broker’s entries are read as the definitions let them be written', async () => {
  await core.apply(...submarinerKinds());
  await core.applyCrds('mcs-api');
  for (const name of [OPERATOR, BROKER]) await core.kubectl('create', 'namespace', name);
  const spec = {
    cluster_id: 'lab-edge',
    cluster_cidr: ['10.20.0.0/16'],
    service_cidr: ['10.120.0.0/16'],
    global_cidr: [],
  };
  const metadata = (name: string, namespace: string) => ({ name, namespace });
  await core.apply(gateway({ peer: { rtt: '1.16ms' } }), {
    apiVersion: 'submariner.io/v1',
    kind: 'Cluster',
    metadata: metadata('lab-edge', BROKER),
    spec,
  });
  const listed = await hands.list('gateways', OPERATOR);
  expect(gatewaysOf(listed.kind === 'items' ? listed.items : [])).toMatchObject([
    { name: 'core-worker', isActive: true, connections: [{ state: 'connected', rttMs: 1.16 }] },
  ]);
  const clusters = await hands.list('clusters', BROKER);
  expect(clustersOf(clusters.kind === 'items' ? clusters.items : [])).toEqual([
    { name: 'lab-edge', clusterId: 'lab-edge' },
  ]);
  expect(await hands.remove('clusters', BROKER, 'lab-edge')).toBe('done');
  expect(await hands.remove('clusters', BROKER, 'lab-edge')).toBe('absent');
});

test('the operator’s own kind is not installed here: absent, though its group is', async () => {
  expect(await hands.list('submariners', OPERATOR)).toEqual({ kind: 'absent' });
});

test('a node is marked and unmarked, and nothing else of it changes', async () => {
  const nodes = await hands.nodes();
  const marks = gatewayMarks(nodes ?? [], '192.168.1.10');
  if (!marks.ok) throw new Error(marks.error.code);
  const before = await core.get('node', marks.value.node);
  expect(await hands.mark(marks.value)).toBe('done');
  expect(await core.get('node', marks.value.node)).toMatchObject({
    metadata: {
      labels: { 'submariner.io/gateway': 'true' },
      annotations: { 'gateway.submariner.io/public-ip': 'ipv4:192.168.1.10' },
    },
  });
  expect(await hands.mark(unmarks(marks.value.node, false))).toBe('done');
  const labelsOf = (node: unknown) => (node as { metadata: { labels: unknown } }).metadata.labels;
  expect(labelsOf(await core.get('node', marks.value.node))).toEqual(labelsOf(before));
});

test('a ServiceExport is made once, read by its conditions, and taken back', async () => {
  await core.kubectl('create', 'namespace', 'shop');
  await core.kubectl('create', 'service', 'clusterip', 'web', '-n', 'shop', '--tcp=80:8080');
  expect(await hands.tcpPorts('shop', 'web')).toEqual([{ name: '80-8080', port: 80 }]);
  expect(await hands.exportService('shop', 'web')).toBe('done');
  expect(await hands.exportService('shop', 'web')).toBe('taken');
  expect(await hands.exportService('nowhere', 'web')).toBe('absent');
  const status = { conditions: [condition('Valid', 'True'), condition('Ready', 'True')] };
  await core.kubectl(
    'patch',
    'serviceexport',
    'web',
    '-n',
    'shop',
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  );
  const listed = await hands.list('serviceexports', null);
  const [own] = exportsOf(listed.kind === 'items' ? listed.items : []);
  expect(own === undefined ? null : verdictOf(own)).toBe('ready');
  expect(await hands.ownExports()).toEqual([{ namespace: 'shop', name: 'web' }]);
  expect(await hands.remove('serviceexports', 'shop', 'web')).toBe('done');
  expect(await hands.ownExports()).toEqual([]);
});

test('a ServiceImport of the other cluster', async () => {
  const port = { port: 80, protocol: 'TCP' };
  await core.apply({
    apiVersion: 'multicluster.x-k8s.io/v1alpha1',
    kind: 'ServiceImport',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { type: 'ClusterSetIP', ips: ['10.120.0.9'], ports: [port] },
  });
  const listed = await hands.list('serviceimports', 'shop');
  expect(importsOf(listed.kind === 'items' ? listed.items : [])).toMatchObject([
    { namespace: 'shop', name: 'db', ips: ['10.120.0.9'], ports: [80] },
  ]);
});

test('an API that is away answers nothing, and is not absent', async () => {
  await core.stopApi();
  expect(await hands.list('gateways', OPERATOR)).toEqual({ kind: 'noAnswer' });
  expect([await hands.nodes(), await hands.hasNamespace(BROKER), await hands.ownExports()]).toEqual([
    null,
    null,
    null,
  ]);
  await core.startApi();
});

const condition = (type: string, status: string) => ({
  type,
  status,
  reason: type,
  message: '',
  lastTransitionTime: '2026-01-01T00:00:00Z',
});
