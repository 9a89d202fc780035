import { expect, test } from 'vitest';
import type { CiliumView, Tunnel } from '../../../src-shared/world/tunnel.ts';
import { ciliumChecks } from './cilium-doctor.ts';

const at = '2026-01-01T00:00:00.000Z';
const view: CiliumView = {
  clusterName: 'core',
  clusterId: 1,
  version: 'v1.16.5',
  agents: { ready: 1, total: 1 },
  apiserver: { ready: 1, total: 1, address: null },
  peer: { clusterName: 'edge', state: 'connected', connected: 1, total: 1, seenAt: at },
};
const tunnel: Tunnel = {
  kind: 'cilium',
  state: 'connected',
  since: at,
  why: 'joined',
  problem: null,
  relay: null,
  submariner: null,
  cilium: view,
  operation: null,
  names: null,
  exports: [],
  imports: [],
  source: 'cilium-config',
  sampledAt: at,
};
const shown = (more: Partial<Tunnel>) =>
  ciliumChecks({ tunnel: { ...tunnel, ...more }, left: null, lines: [] }).map(
    ({ check, verdict }) => `${check} ${verdict}`,
  );

test('the path ends where it is broken', () => {
  expect(shown({})).toEqual(['joined ok', 'way ok']);
  expect(shown({ state: 'connecting' })).toEqual(['joined ok', 'way advice']);
  const apart = { code: 'clusterMeshApart', params: {} } as const;
  expect(shown({ state: 'connecting', problem: apart })).toEqual(['joined ok', 'way problem']);
  expect(shown({ state: 'none', cilium: { ...view, peer: null } })).toEqual(['joined advice']);
  expect(shown({ cilium: { ...view, clusterName: null, peer: null } })).toEqual([]);
});

test('what is half done comes first, then each line of pre-flight in its words', () => {
  const checks = ciliumChecks({
    tunnel: null,
    left: { code: 'tunnelUnfinished', params: { verb: 'join', step: 'connectMesh', why: 'cilium' } },
    lines: [
      { id: 'authority', verdict: 'ok', problem: null },
      { id: 'podNetworks', verdict: 'unknown', problem: null },
      { id: 'clusterMesh', verdict: 'problem', problem: { code: 'clusterMeshOff', params: { why: 'peer' } } },
    ],
  });
  expect(checks.map(({ sentence }) => sentence)).toEqual([
    'A join of Cluster Mesh was cut off at "cilium connects both clusters" and is not undone yet.',
    "Both clusters trust one authority of Cilium's.",
    'This could not be looked at: podNetworks.',
    "Cluster Mesh is not enabled in the other Mac's cluster.",
  ]);
});

test('a service with something wrong is named', () => {
  const blocked: Tunnel['imports'][number] = {
    namespace: 'shop',
    name: 'web',
    ports: [80],
    problem: { code: 'ciliumServiceForeign', params: { namespace: 'shop', name: 'web' } },
    connections: null,
    state: 'blocked',
    addresses: [],
    clusterName: null,
  };
  expect(shown({ imports: [blocked] })).toEqual(['joined ok', 'way ok', 'import problem']);
});
