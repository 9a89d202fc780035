import { expect, test } from 'vitest';
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

test('the other Mac may start and stop, unforced; nothing else yet', async () => {
  const asked: unknown[] = [];
  const handler = (verb: string) => async (input: unknown) => {
    asked.push([verb, input]);
    return ok(null);
  };
  const clusters = {
    handlers: { 'cluster.start': handler('start'), 'cluster.stop': handler('stop') },
  } as unknown as ClusterRoom;
  await actFor(clusters, 'cluster.start', 'lab');
  await actFor(clusters, 'cluster.stop', null);
  expect(asked).toEqual([
    ['start', { name: 'lab', force: false }],
    ['stop', {}],
  ]);
  for (const command of ['leave', 'cancel', 'return'] as const)
    expect(await actFor(clusters, command, null)).toMatchObject({ error: { code: 'unknownMethod' } });
  expect(asked).toHaveLength(2);
});
