import { expect, test } from 'vitest';
import { lookAtMesh, readConfig } from './mesh-look.ts';
import type { CiliumHands } from './ports.ts';

test('what is left out is as the agents take it', () => {
  expect(readConfig({})).toEqual({
    clusterName: 'default',
    clusterId: 0,
    most: 255,
    datapath: 'tunnel vxlan',
    pools: [],
  });
});

test.each([
  [{ 'routing-mode': 'native', 'tunnel-protocol': 'vxlan' }, 'native'],
  [{ 'routing-mode': 'tunnel', 'tunnel-protocol': 'geneve' }, 'tunnel geneve'],
  [{ tunnel: 'geneve' }, 'tunnel geneve'],
  [{ tunnel: 'disabled' }, 'native'],
])('the datapath of %j is %s', (data, datapath) => {
  expect(readConfig(data).datapath).toBe(datapath);
});

test('an ID that is no number is none, and pools are lists', () => {
  const read = readConfig({ 'cluster-id': 'one', 'cluster-pool-ipv4-cidr': '10.1.0.0/16 10.2.0.0/16' });
  expect([read.clusterId, read.pools]).toEqual([0, ['10.1.0.0/16', '10.2.0.0/16']]);
});

const pod = { name: 'cilium-x', ready: true, tag: 'v1.16.5' };
const hands = {
  config: async () => ({
    'cluster-name': 'core',
    'cluster-id': '1',
    'cluster-pool-ipv4-cidr': '10.1.0.0/16',
  }),
  pods: async (role) => (role === 'agents' ? [pod, { ...pod, ready: false }] : [pod]),
  podCidrs: async () => ['10.1.0.0/24', '10.1.0.0/16'],
  meshService: async () => ({ address: '172.30.1.2:32379' }),
  remotes: async () => ['core', 'edge'],
} as Partial<CiliumHands> as CiliumHands;

test('one look has all of it, and its own name is no other cluster', async () => {
  expect(await lookAtMesh(hands)).toEqual({
    kind: 'mesh',
    mesh: {
      clusterName: 'core',
      clusterId: 1,
      most: 255,
      datapath: 'tunnel vxlan',
      podCidrs: ['10.1.0.0/16', '10.1.0.0/24'],
      agents: { ready: 1, total: 2 },
      apiserver: { ready: 1, total: 1, address: '172.30.1.2:32379' },
      version: 'v1.16.5',
      remotes: ['edge'],
    },
  });
});

test('a cluster without Cilium is not one that does not answer, and half an answer is none', async () => {
  expect(await lookAtMesh({ ...hands, config: async () => 'absent' })).toEqual({ kind: 'absent' });
  expect(await lookAtMesh(null)).toEqual({ kind: 'noAnswer' });
  expect(await lookAtMesh({ ...hands, remotes: async () => null })).toEqual({ kind: 'noAnswer' });
  const off = await lookAtMesh({ ...hands, meshService: async () => 'absent', pods: async () => [] });
  expect(off).toMatchObject({ mesh: { apiserver: null, version: null, agents: { total: 0 } } });
});
