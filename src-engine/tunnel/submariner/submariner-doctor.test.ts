import { expect, test } from 'vitest';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { SubmarinerView, Tunnel } from '../../../src-shared/world/tunnel.ts';
import { submarinerChecks, type DoctorFacts } from './submariner-doctor.ts';

const at = '2026-01-01T00:00:00.000Z';
const view: SubmarinerView = {
  clusterId: 'lab-core',
  broker: 'https://192.168.1.10:6443',
  gateway: { node: 'lab-worker', address: '192.168.1.10', version: 'v0.22.0', updatedAt: at },
  peer: {
    clusterId: 'lab-edge',
    node: 'lab-control-plane',
    address: '192.168.1.20',
    behindNat: true,
    state: 'connected',
    rttMs: 1.23,
    message: null,
  },
};
const tunnel = (more: Partial<SubmarinerView>, problem: Problem | null = null): Tunnel => ({
  kind: 'submariner',
  state: problem === null ? 'connected' : 'error',
  since: at,
  why: 'joined',
  problem,
  relay: null,
  submariner: { ...view, ...more },
  cilium: null,
  operation: null,
  names: null,
  exports: [],
  imports: [],
  source: 'gateways.submariner.io',
  sampledAt: at,
});
const facts: DoctorFacts = { tunnel: tunnel({}), left: null, entriesLeft: null, lines: [], waiting: [] };
const verdicts = (more: Partial<DoctorFacts>) =>
  submarinerChecks({ ...facts, ...more }).map(({ check, verdict }) => `${check} ${verdict}`);

test('the whole way is good', () => {
  expect(verdicts({})).toEqual(['joined ok', 'gateway ok', 'way ok']);
  expect(submarinerChecks(facts).at(-1)?.sentence).toContain('1.2 ms');
});

test('it says where it stopped, and nothing of what lies behind', () => {
  const inactive: Problem = { code: 'gatewayInactive', params: { detail: 'no public IP' } };
  expect(verdicts({ tunnel: tunnel({ gateway: null, peer: null }, inactive) })).toEqual([
    'joined ok',
    'gateway problem',
  ]);
  const silent: Problem = { code: 'tunnelSilent', params: { node: 'lab-worker', seconds: 40 } };
  expect(verdicts({ tunnel: tunnel({}, silent) })).toEqual(['joined ok', 'gateway problem']);
  const blocked: Problem = { code: 'tunnelBlocked', params: { port: 4500, seconds: 180 } };
  const peer = view.peer && { ...view.peer, state: 'connecting' as const };
  expect(verdicts({ tunnel: tunnel({ peer }, blocked) })).toEqual(['joined ok', 'gateway ok', 'way problem']);
  expect(verdicts({ tunnel: tunnel({ peer: null }) })).toEqual(['joined ok', 'gateway ok', 'way advice']);
});

test('what a pod waits for is told in its own words', () => {
  const waiting = [{ name: 'submariner-gateway-x', why: 'ImagePullBackOff: no such host' }];
  expect(submarinerChecks({ ...facts, waiting })[1]?.sentence).toContain('ImagePullBackOff: no such host');
});

test('what is half done comes first, then what the broker still knows, then every line of pre-flight', () => {
  const left: Problem = { code: 'tunnelUnfinished', params: { verb: 'join', step: 'joinCluster' } };
  const lines: DoctorFacts['lines'] = [
    { id: 'tool', verdict: 'ok', problem: null },
    { id: 'kernel', verdict: 'unknown', problem: null },
    { id: 'clock', verdict: 'problem', problem: { code: 'clocksDiffer', params: { seconds: 9 } } },
  ];
  expect(verdicts({ left, entriesLeft: 'lab-edge', lines, tunnel: tunnel({ clusterId: null }) })).toEqual([
    'unfinished problem',
    'entries advice',
    'preflight.tool ok',
    'preflight.kernel unknown',
    'preflight.clock problem',
    'joined advice',
  ]);
});
