import { expect, test } from 'vitest';
import { openMeshBench, type MeshBench } from '../../../test/doubles/mesh-bench.ts';

const told = ({ core, edge }: MeshBench) => [[...core.remotes], [...edge.remotes]];

async function joined(): Promise<MeshBench> {
  const bench = await openMeshBench();
  expect(await bench.edge.cilium.join()).toMatchObject({ ok: true });
  expect(told(bench)).toEqual([['tandem-edge'], ['tandem-core']]);
  return bench;
}

test('agents that never meet: the join says so, and undoes itself in both clusters', async () => {
  const bench = await openMeshBench();
  bench.connected = 0;
  const done = await bench.edge.cilium.join();
  expect(done).toMatchObject({ error: { code: 'clusterMeshApart', params: { connected: 0, total: 1 } } });
  expect([bench.calls, told(bench)]).toEqual([
    ['connect', 'disconnect'],
    [[], []],
  ]);
  expect([bench.edge.cilium.leftover(), bench.edge.cilium.claim()]).toEqual([null, null]);
});

test('a tool that failed before it did anything has nothing to undo', async () => {
  const bench = await openMeshBench();
  bench.fails.connect = 1;
  expect(await bench.edge.cilium.join()).toMatchObject({ error: { code: 'ciliumNotByHelm' } });
  expect([bench.calls, bench.edge.cilium.leftover()]).toEqual([['connect'], null]);
});

test('what could not be undone stays named, holds the next verb up, and is taken up again', async () => {
  const bench = await openMeshBench();
  bench.connected = 0;
  bench.fails.disconnect = 1;
  await bench.edge.cilium.join();
  expect(bench.edge.cilium.leftover()).toMatchObject({ code: 'tunnelUnfinished', params: { verb: 'join' } });
  expect(await bench.edge.cilium.join()).toMatchObject({ error: { code: 'tunnelUnfinished' } });
  delete bench.fails.disconnect;
  bench.connected = 1;
  expect(await bench.edge.cilium.join()).toMatchObject({ ok: true });
  expect([told(bench), bench.edge.cilium.leftover()]).toEqual([[['tandem-edge'], ['tandem-core']], null]);
});

test('clusters that were connected by hand are seen, and are not undone by a join that is refused', async () => {
  const bench = await joined();
  await bench.core.cilium.notice();
  // The other Mac has said who it is by now, or says it in time.
  await expect.poll(async () => (await bench.core.cilium.notice(), bench.core.cilium.claim())).toBe('joined');
  expect(await bench.core.cilium.join()).toMatchObject({ error: { code: 'alreadyJoined' } });
  expect(told(bench)).toEqual([['tandem-edge'], ['tandem-core']]);
});

test('a leave without the other Mac begins nothing; with it both clusters are apart', async () => {
  const bench = await joined();
  bench.edge.facts.link = 'down';
  expect(await bench.edge.cilium.leave()).toMatchObject({ error: { code: 'peerAway' } });
  expect([bench.calls, bench.edge.cilium.claim()]).toEqual([['connect'], 'joined']);
  bench.edge.facts.link = 'up';
  expect(await bench.edge.cilium.leave()).toMatchObject({ ok: true });
  expect([told(bench), bench.edge.cilium.claim()]).toEqual([[[], []], null]);
  expect(await bench.edge.cilium.leave()).toMatchObject({ error: { code: 'notMeshed' } });
});

test('a Mac whose settings want none of it gives no access to its cluster', async () => {
  const bench = await openMeshBench();
  bench.core.facts.wanted = false;
  expect(await bench.edge.cilium.join()).toMatchObject({ error: { code: 'ciliumPeerHolds' } });
  expect(bench.calls).toEqual([]);
});

test('that it is told of the other is no way to it: the claim waits until the agents here reach it', async () => {
  const bench = await openMeshBench();
  const { cilium, remotes } = bench.core;
  remotes.add('tandem-edge');
  bench.connected = 0;
  // The other Mac says who it is, the agents are asked, and neither is proof.
  await expect.poll(async () => (await cilium.notice(), bench.asked)).toBeGreaterThan(1);
  await cilium.notice();
  expect(cilium.claim()).toBeNull();
  bench.connected = 1;
  await expect.poll(async () => (await cilium.notice(), cilium.claim())).toBe('joined');
});

test('agents that meet on one side alone prove nothing', async () => {
  const bench = await openMeshBench();
  bench.connectedAt.core = 0;
  const done = await bench.edge.cilium.join();
  expect(done).toMatchObject({ error: { code: 'clusterMeshApart', params: { why: 'peer' } } });
  expect([told(bench), bench.edge.cilium.claim()]).toEqual([[[], []], null]);
});
