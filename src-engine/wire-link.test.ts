import { expect, test } from 'vitest';
import { handoff, leaveReason, traffic } from '../test/doubles/handoff-parts.ts';
import { battery, cluster, memory, vitals, worlds } from '../test/doubles/worlds.ts';
import { ok } from '../src-shared/errors/result.ts';
import { clusterStateSchema, type Cluster } from '../src-shared/world/clusters.ts';
import type { World } from '../src-shared/world/world.ts';
import type { ClusterRoom } from './cluster/cluster-room.ts';
import { actFor, ownFacts, ownStatus } from './wire-link.ts';

const [some] = Object.values<World>(worlds);
const world = (change: Partial<World>): World => ({
  ...some!,
  primaryCluster: 'lab',
  clusters: [],
  ...change,
});
const host = (change: Parameters<typeof vitals>[0]) => ({ ...some!.host, vitals: vitals(change) });
const lab = (change: Partial<Cluster>) =>
  world({ clusters: [cluster({ name: 'lab', why: null, ...change })] });

test('the API counts only where the cluster is meant to be up', () => {
  const flags = (change: Partial<Cluster>) => {
    const { clusterUp, apiOk } = ownFacts(lab(change));
    return [clusterUp, apiOk];
  };
  expect(flags({ state: 'running' })).toEqual([true, true]);
  expect(flags({ state: 'degraded', why: 'apiDown' })).toEqual([true, false]);
  expect(flags({ state: 'stopped' })).toEqual([false, null]);
  expect(flags({ state: 'unknown' })).toEqual([null, null]);
  expect(flags({ name: 'another', state: 'running' })).toEqual([null, null]);
});

test('what is not known is null, never false', () => {
  const facts = ownFacts(world({ host: host({ battery: null, lid: null, thermal: null, memory: null }) }));
  expect(facts).toMatchObject({ onAC: null, lidClosed: null, batteryPercent: null, memoryFreePercent: null });
  const known = ownFacts(
    world({ host: host({ battery: battery({ onAC: false, percent: 61 }), memory: memory() }) }),
  );
  expect(known).toMatchObject({ onAC: false, batteryPercent: 61 });
  expect(known.memoryFreePercent).toBeGreaterThan(0);
  expect(known.memoryFreePercent).toBeLessThan(100);
});

test('a status names the 20 worst clusters, and every state has its place', () => {
  const clusters = [
    ...Array.from({ length: 30 }, (_, index) => cluster({ name: `well-${index}`, state: 'running' })),
    ...clusterStateSchema.options.map((state) => cluster({ name: state, state })),
  ];
  const names = ownStatus(world({ clusters })).clusters.map(({ name }) => name);
  expect(names).toHaveLength(20);
  expect(names.slice(0, 3)).toEqual(['unknown', 'degraded', 'partial']);
  expect(names).not.toContain('absent');
});

test('the other Mac may start and stop, unforced; a departure is asked of the hand-off', async () => {
  const asked: unknown[] = [];
  const handler = (verb: string) => async (input: unknown) => {
    asked.push([verb, input]);
    return ok(null);
  };
  const clusters = {
    handlers: { 'cluster.start': handler('start'), 'cluster.stop': handler('stop') },
  } as unknown as ClusterRoom;
  await actFor(clusters, null, 'cluster.start', 'lab');
  await actFor(clusters, null, 'cluster.stop', null);
  expect(asked).toEqual([
    ['start', { name: 'lab', force: false }],
    ['stop', {}],
  ]);
  const leaver = {
    peerAsks: async (command: string, name: string | null) => {
      asked.push([command, name]);
      return ok(null);
    },
  };
  for (const command of ['leave', 'cancel', 'return'] as const) {
    expect(await actFor(clusters, null, command, null)).toMatchObject({ error: { code: 'singleMac' } });
    expect(await actFor(clusters, leaver, command, 'why')).toEqual(ok(null));
  }
  expect(asked.slice(2)).toEqual([
    ['leave', 'why'],
    ['cancel', 'why'],
    ['return', 'why'],
  ]);
});

test('front and gate are told; a gate that stays out by its own word is not broken', () => {
  const gatewayOk = (change: Partial<World>) => ownFacts(world(change)).gatewayOk;
  expect(gatewayOk({ role: 'core', traffic: null })).toBeNull();
  expect(gatewayOk({ role: 'core', traffic: traffic({ state: 'up' }) })).toBe(true);
  expect(gatewayOk({ role: 'core', traffic: traffic({ state: 'starting' }) })).toBeNull();
  expect(gatewayOk({ role: 'core', traffic: traffic({ state: 'down' }) })).toBe(false);
  const gate = (notReady: 'starting' | 'leaving' | 'upstreamDown' | null) =>
    traffic({ gate: { listen: null, ready: notReady === null, notReady, inFlight: 0 } });
  const seen = ([null, 'starting', 'leaving', 'upstreamDown'] as const).map((notReady) =>
    gatewayOk({ role: 'edge', traffic: gate(notReady) }),
  );
  expect(seen).toEqual([true, null, true, false]);
});

test('an edge says that it drains, and that it will sleep', () => {
  const flags = (change: Partial<World>) => {
    const { draining, sleepSoon } = ownFacts(world(change));
    return [draining, sleepSoon];
  };
  const leaving = handoff({ state: 'DRAINING', reasons: [leaveReason({ name: 'lid' })] });
  expect(flags({ role: 'edge', handoff: leaving })).toEqual([true, true]);
  expect(flags({ role: 'core', handoff: leaving })).toEqual([false, null]);
  expect(flags({ role: 'edge', handoff: handoff() })).toEqual([false, false]);
  expect(flags({ role: 'edge', handoff: null })).toEqual([false, null]);
});
