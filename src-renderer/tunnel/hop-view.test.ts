import { expect, test } from 'vitest';
import type { CiliumView, SubmarinerView, Tunnel } from '../../src-shared/world/tunnel.ts';
import { hopsOf } from './hop-view.ts';

const at = '2026-01-01T00:00:00.000Z';
const relay = { listen: '192.168.1.10:47382', peer: '192.168.1.20:47382', rttMs: 1.2, answeredAt: at };
const tunnel: Tunnel = {
  kind: 'lan',
  state: 'connected',
  since: at,
  why: 'noTool',
  problem: null,
  relay,
  submariner: null,
  cilium: null,
  operation: null,
  names: null,
  exports: [],
  imports: [],
  source: 'relay',
  sampledAt: at,
};
const tones = (more: Partial<Tunnel>) => hopsOf({ ...tunnel, ...more }).map(({ tone }) => tone);

test('each hop has its own state, and only what answered has an age', () => {
  expect(tones({})).toEqual(['ok', 'ok', 'ok']);
  expect(tones({ relay: { ...relay, rttMs: null } })).toEqual(['ok', 'bad', 'bad']);
  expect(tones({ relay: { ...relay, listen: null } })).toEqual(['warn', 'ok', 'ok']);
  expect(tones({ problem: { code: 'relayDown', params: { detail: 'x' } } })).toEqual(['bad', 'ok', 'ok']);
  expect(hopsOf(tunnel)[0]?.seenAt).toBeNull();
  expect(hopsOf(tunnel)[2]).toMatchObject({ address: relay.peer, seenAt: at });
});

test('a Mac that exports nothing has no relay to miss, and without anything to carry there is no path', () => {
  expect(tones({ relay: { ...relay, peer: null, rttMs: null } })).toEqual(['ok', 'dim', 'dim']);
  expect(hopsOf({ ...tunnel, relay: null })).toEqual([]);
});

const submariner: SubmarinerView = {
  clusterId: 'lab-core',
  broker: 'https://192.168.1.10:6443',
  gateway: { node: 'lab-worker', address: '192.168.1.10', version: 'v0.22.0', updatedAt: at },
  peer: {
    clusterId: 'lab-edge',
    node: 'lab-control-plane',
    address: '192.168.1.20',
    behindNat: true,
    state: 'connected',
    rttMs: 1.2,
    message: null,
  },
};
const joined = (more: Partial<SubmarinerView>, problem: Tunnel['problem'] = null) =>
  hopsOf({ ...tunnel, kind: 'submariner', relay: null, problem, submariner: { ...submariner, ...more } });

test('gateway, tunnel, gateway: each with its state, where it is, and the age of the gateway’s word', () => {
  expect(joined({})).toEqual([
    { id: 'ownGateway', tone: 'ok', address: '192.168.1.10', rttMs: null, seenAt: at },
    { id: 'tunnel', tone: 'ok', address: null, rttMs: 1.2, seenAt: at },
    { id: 'peerGateway', tone: 'ok', address: '192.168.1.20', rttMs: null, seenAt: at },
  ]);
});

test('what is not seen is not said: behind a silent gateway nothing is known, behind a broken tunnel nothing of its end', () => {
  const peer = submariner.peer;
  const seenAs = (state: 'connecting' | 'error' | 'unknown') => ({
    peer: peer && { ...peer, state, rttMs: null },
  });
  const states = (hops: ReturnType<typeof joined>) => hops.map(({ tone }) => tone);
  expect(states(joined(seenAs('connecting')))).toEqual(['ok', 'warn', 'warn']);
  expect(states(joined(seenAs('error')))).toEqual(['ok', 'bad', 'dim']);
  const silent = { code: 'tunnelSilent', params: { node: 'lab-worker', seconds: 40 } } as const;
  expect(states(joined(seenAs('unknown'), silent))).toEqual(['dim', 'dim', 'dim']);
  expect(states(joined({ gateway: null, peer: null }))).toEqual(['bad', 'dim', 'dim']);
  expect(joined({ clusterId: null, gateway: null, peer: null })).toEqual([]);
});

const meshed = (more: Partial<CiliumView>, problem: Tunnel['problem'] = null) =>
  hopsOf({ ...tunnel, kind: 'cilium', relay: null, problem, cilium: { ...cilium, ...more } }).map(
    ({ id, tone }) => `${id} ${tone}`,
  );
const cilium: CiliumView = {
  clusterName: 'core',
  clusterId: 1,
  version: 'v1.16.5',
  agents: { ready: 1, total: 1 },
  apiserver: { ready: 1, total: 1, address: null },
  peer: { clusterName: 'edge', state: 'connected', connected: 1, total: 1, seenAt: at },
};

test('Cilium, the mesh, Cilium: what the agents do not say is not shown', () => {
  expect(meshed({})).toEqual(['ownMesh ok', 'mesh ok', 'peerMesh ok']);
  expect(meshed({ apiserver: null, peer: null })).toEqual(['ownMesh warn', 'mesh dim', 'peerMesh dim']);
  const peer = cilium.peer && { ...cilium.peer, state: 'unknown' as const };
  const down = { code: 'ciliumAgentsNotReady', params: {} } as const;
  expect(meshed({ peer }, down)).toEqual(['ownMesh bad', 'mesh dim', 'peerMesh dim']);
  expect(meshed({ clusterName: null })).toEqual([]);
});
