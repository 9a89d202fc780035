import { afterAll, beforeAll, expect, test } from 'vitest';
import { openServiceHands, type ServiceHands } from '../../src-engine/kube/service-hands.ts';
import { systemScheduler } from '../../src-engine/platform/clock.ts';
import { careFor } from '../../src-engine/tunnel/lan/cluster-care.ts';
import type { OwnObjects } from '../../src-engine/tunnel/lan/own-objects.ts';
import { openPlane, type Plane } from './rig/plane.ts';

// LAN mode's objects on a real API server.

let core: Plane;
const kubectl = (...args: string[]): Promise<string> => core.kubectl(...args);

const port = (number: number, name: string | null = null) => ({ name, port: number });
const wanted = (ready = true, relayPort = 40_001): OwnObjects => ({
  services: [{ namespace: 'lan', name: 'tandem-web', ports: [port(80, 'http'), port(443, 'https')] }],
  slices: [
    {
      namespace: 'lan',
      name: 'tandem-web',
      ports: [port(relayPort, 'http'), port(40_002, 'https')],
      address: '172.18.0.1',
      ready,
    },
  ],
});
const nothing: OwnObjects = { services: [], slices: [] };
const COREFILE = '.:53 {\n    reload\n}\n';

let hands: ServiceHands;
beforeAll(async () => {
  core = await openPlane('core', { nodes: 0 });
  const opened = await openServiceHands(core.kubeconfig, systemScheduler);
  if (opened === null) throw new Error('the kubeconfig cannot be read');
  hands = opened;
  await kubectl('create', 'namespace', 'lan');
  await kubectl('create', 'configmap', 'coredns', '-n', 'kube-system', `--from-literal=Corefile=${COREFILE}`);
  await kubectl('create', 'service', 'clusterip', 'theirs', '-n', 'lan', '--tcp=80:8080');
});

afterAll(() => core?.dispose());

const jsonOf = (...args: string[]): Promise<unknown> => core.get(...args);

test('what is wanted is made, and the second round finds nothing to do', async () => {
  expect((await careFor(hands, wanted(), true))?.changes).toHaveLength(3);
  expect(await jsonOf('service', 'tandem-web', '-n', 'lan')).toMatchObject({
    metadata: { labels: { 'app.kubernetes.io/managed-by': 'tandem', 'tandem.local/lan': 'import' } },
    spec: {
      type: 'ClusterIP',
      ports: [
        { name: 'http', port: 80 },
        { name: 'https', port: 443 },
      ],
    },
  });
  expect(await jsonOf('endpointslice', 'tandem-web', '-n', 'lan')).toMatchObject({
    metadata: { labels: { 'kubernetes.io/service-name': 'tandem-web' } },
    endpoints: [{ addresses: ['172.18.0.1'], conditions: { ready: true } }],
  });
  expect(await careFor(hands, wanted(), true)).toMatchObject({ changes: [], names: 'answered' });
});

test('a change keeps the address of the Service; a slice that somebody edits is put right', async () => {
  const address = await kubectl(
    'get',
    'service',
    'tandem-web',
    '-n',
    'lan',
    '-o',
    'jsonpath={.spec.clusterIP}',
  );
  await careFor(hands, wanted(false, 40_003), true);
  await kubectl('label', 'endpointslice', 'tandem-web', '-n', 'lan', 'somebody=else');
  await kubectl(
    'patch',
    'endpointslice',
    'tandem-web',
    '-n',
    'lan',
    '--type=json',
    '-p',
    '[{"op":"replace","path":"/ports/0/port","value":1}]',
  );
  await careFor(hands, wanted(false, 40_003), true);
  expect(await jsonOf('endpointslice', 'tandem-web', '-n', 'lan')).toMatchObject({
    endpoints: [{ conditions: { ready: false } }],
    ports: [
      { name: 'http', port: 40_003 },
      { name: 'https', port: 40_002 },
    ],
  });
  expect(await kubectl('get', 'service', 'tandem-web', '-n', 'lan', '-o', 'jsonpath={.spec.clusterIP}')).toBe(
    address,
  );
});

test('a namespace that is not there, and a Service of somebody else, are said by name', async () => {
  const [web] = wanted().services;
  const elsewhere = { services: [{ ...web!, namespace: 'elsewhere' }], slices: [] };
  expect((await careFor(hands, elsewhere, true))?.blocked.get('elsewhere/web')?.code).toBe(
    'namespaceMissing',
  );
  await kubectl('create', 'service', 'clusterip', 'tandem-taken', '-n', 'lan', '--tcp=80:80');
  const taken = { services: [{ ...web!, name: 'tandem-taken' }], slices: [] };
  expect((await careFor(hands, taken, true))?.blocked.get('lan/taken')?.code).toBe('serviceTaken');
  expect(await hands.tcpPorts('lan', 'theirs')).toEqual([{ name: '80-8080', port: 80 }]);
  expect(await hands.tcpPorts('lan', 'nobody')).toBe('absent');
});

test('taken back, everything is as it was', async () => {
  await careFor(hands, nothing, false);
  const left = await kubectl('get', 'services,endpointslices', '-A', '-l', 'tandem.local/lan', '-o', 'name');
  expect(left).toBe('');
  expect(await kubectl('get', 'services', '-n', 'lan', '-o', 'name')).toBe(
    'service/tandem-taken\nservice/theirs',
  );
  expect((await hands.corefile())?.text).toBe(COREFILE);
});
