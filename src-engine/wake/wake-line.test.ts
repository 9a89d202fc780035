import { expect, test } from 'vitest';
import { tunnel } from '../../test/doubles/tunnel-worlds.ts';
import { cluster, world } from '../../test/doubles/worlds.ts';
import { lookAt, type WakeFacts } from './wake-line.ts';

const wokeMs = Date.parse('2026-03-02T08:00:00.000Z');
const fresh = new Date(wokeMs + 1000).toISOString();
const old = new Date(wokeMs - 1000).toISOString();
const node = { name: 'lab-control-plane', role: 'control-plane' as const, ready: true, pods: 3 };
const lab = (change: Parameters<typeof cluster>[0] = {}) =>
  cluster({
    name: 'lab',
    provider: 'kind',
    state: 'running',
    why: null,
    nodes: [node],
    sampledAt: fresh,
    ...change,
  });
const facts = (more: Partial<WakeFacts> = {}): WakeFacts => ({
  world: world({ clusters: [lab()], primaryCluster: 'lab' }),
  wokeMs,
  nowMs: wokeMs + 5000,
  skewMs: 300,
  certificates: [{ fromMs: wokeMs - 1e9, toMs: wokeMs + 1e9 }],
  ...more,
});
const of = (clusters: ReturnType<typeof cluster>[]) =>
  facts({ world: world({ clusters, primaryCluster: 'lab' }) });
const said = (id: Parameters<typeof lookAt>[0], given: WakeFacts): string => {
  const look = lookAt(id, given);
  return look.kind === 'waits' ? look.problem.code : look.kind;
};

test('all is well', () => {
  expect((['clock', 'api', 'nodes', 'certificates'] as const).map((id) => said(id, facts()))).toEqual([
    'ok',
    'ok',
    'ok',
    'ok',
  ]);
});

test('what was sampled before the sleep says nothing of now', () => {
  expect(said('api', of([lab({ sampledAt: old })]))).toBe('apiUnreachable');
  expect(said('nodes', of([lab({ sampledAt: old })]))).toBe('clusterNotRunning');
});

test.each<[string, Parameters<typeof lookAt>[0], WakeFacts, string]>([
  ['a machine whose clock stood still', 'clock', facts({ skewMs: -2001 }), 'vmClockLags'],
  ['a clock that cannot be asked', 'clock', facts({ skewMs: null }), 'unknown'],
  ['an API that is down', 'api', of([lab({ state: 'degraded', why: 'apiDown' })]), 'apiUnreachable'],
  ['one that says nothing', 'api', of([lab({ state: 'degraded', why: 'apiSilent' })]), 'apiUnreachable'],
  [
    'one that takes us for strangers',
    'api',
    of([lab({ state: 'degraded', why: 'apiDenied' })]),
    'apiUnreachable',
  ],
  ['a runtime that is down', 'api', of([lab({ state: 'unknown', why: 'dockerDown' })]), 'dockerDown'],
  [
    'a node that is not ready',
    'nodes',
    of([lab({ state: 'degraded', nodes: [{ ...node, ready: false }] })]),
    'nodesNotReady',
  ],
  [
    'nodes that are ready, and a DNS that is not',
    'nodes',
    of([lab({ state: 'starting', why: 'provingDns' })]),
    'clusterNotRunning',
  ],
  [
    'a certificate that is over',
    'certificates',
    facts({ certificates: [{ fromMs: 0, toMs: wokeMs }] }),
    'certificateOver',
  ],
  [
    'one that is not valid yet',
    'certificates',
    facts({ certificates: [{ fromMs: wokeMs + 9e5, toMs: wokeMs + 1e9 }] }),
    'certificateEarly',
  ],
])('%s', (_what, id, given, code) => {
  expect(said(id, given)).toBe(code);
});

test('a cluster that was stopped, the built-in one, and a Mac without a pair have nothing to wake', () => {
  for (const given of [of([lab({ state: 'stopped' })]), of([lab({ provider: 'embedded' })]), of([])])
    expect((['clock', 'api', 'nodes', 'certificates'] as const).map((id) => said(id, given))).toEqual([
      'none',
      'none',
      'none',
      'none',
    ]);
  expect((['link', 'tunnel', 'front'] as const).map((id) => said(id, facts()))).toEqual([
    'none',
    'none',
    'none',
  ]);
});

test('a tunnel is back when who carries it has spoken since the wake, not when it was last looked at', () => {
  const relay = { listen: '192.0.2.7:47382', peer: '192.0.2.20:47382', rttMs: 2 };
  const lan = (answeredAt: string) =>
    tunnel({ kind: 'lan', submariner: null, relay: { ...relay, answeredAt }, sampledAt: fresh });
  const at = (one: ReturnType<typeof tunnel>) => said('tunnel', facts({ world: world({ tunnel: one }) }));
  expect([at(lan(old)), at(lan(fresh))]).toEqual(['tunnelNotBack', 'ok']);
  const { submariner } = tunnel();
  const gateway = { node: 'lab-control-plane', address: null, version: null };
  const spoken = (updatedAt: string) =>
    tunnel({
      sampledAt: fresh,
      submariner: submariner && { ...submariner, gateway: { ...gateway, updatedAt } },
    });
  expect([at(spoken(old)), at(spoken(fresh))]).toEqual(['tunnelNotBack', 'ok']);
});
