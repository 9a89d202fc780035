import { expect, test } from 'vitest';
import type { Role } from '../../src-shared/world/role.ts';
import type { Tunnel } from '../../src-shared/world/tunnel.ts';
import { manageActions } from './manage-view.ts';

const at = '2026-01-01T00:00:00.000Z';
const lan: Tunnel = {
  kind: 'lan',
  state: 'none',
  since: at,
  why: 'notJoined',
  problem: null,
  relay: null,
  submariner: null,
  cilium: null,
  operation: null,
  names: null,
  exports: [],
  imports: [],
  source: 'relay',
  sampledAt: at,
};
const view = { clusterId: null, broker: null, gateway: null, peer: null };
const meshed: Tunnel['cilium'] = {
  clusterName: 'core',
  clusterId: 1,
  version: null,
  agents: null,
  apiserver: null,
  peer: { clusterName: 'edge', state: 'unknown', connected: null, total: null, seenAt: null },
};
const joined: Tunnel = {
  ...lan,
  kind: 'submariner',
  why: 'joined',
  submariner: { ...view, clusterId: 'lab-core' },
};

test.each<[string, Tunnel, Role, string[]]>([
  ['a core with the tool', lan, 'core', ['broker', 'join']],
  ['an edge with the tool', lan, 'edge', ['join']],
  ['a Mac that is not paired', lan, 'single', []],
  ['a Mac without the tool', { ...lan, why: 'noTool' }, 'core', []],
  ['a Mac whose person chose LAN mode', { ...lan, why: 'setting' }, 'core', []],
  [
    'one whose person chose Submariner',
    { ...lan, kind: 'submariner', why: 'setting', submariner: view },
    'edge',
    ['join'],
  ],
  ['one that has joined', joined, 'core', ['leave']],
  ['one on its way', { ...joined, why: 'joining', submariner: view }, 'core', []],
  ['one where Cilium is in both clusters', { ...lan, why: 'notMeshed' }, 'core', ['join']],
  ['one whose person chose Cluster Mesh', { ...lan, kind: 'cilium', why: 'setting' }, 'edge', ['join']],
  ['one that is meshed', { ...lan, kind: 'cilium', why: 'joined', cilium: meshed }, 'edge', ['leave']],
  [
    'one with something half done, which is mended by itself',
    { ...joined, problem: { code: 'tunnelUnfinished', params: { verb: 'join', step: 'joinCluster' } } },
    'core',
    [],
  ],
])('%s', (_what, tunnel, role, actions) => {
  expect(manageActions(tunnel, role)).toEqual(actions);
});
