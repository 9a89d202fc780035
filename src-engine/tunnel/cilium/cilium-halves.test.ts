import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openMeshBench, type MeshBench } from '../../../test/doubles/mesh-bench.ts';

// What is half done: in two clusters, by two people, over two tries.

const told = ({ core, edge }: MeshBench) => [[...core.remotes], [...edge.remotes]];
const both = [['tandem-edge'], ['tandem-core']];

async function joined(): Promise<MeshBench> {
  const bench = await openMeshBench();
  expect(await bench.edge.cilium.join()).toMatchObject({ ok: true });
  return bench;
}

test('a leave that is half done stays so when its next try ends before it does anything', async () => {
  const bench = await joined();
  const { cilium } = bench.edge;
  bench.fails.disconnect = 1;
  bench.onRun = (_side, verb) => (verb === 'disconnect' ? 'half' : undefined);
  expect(await cilium.leave()).toMatchObject({ error: { code: 'ciliumNotByHelm' } });
  expect(told(bench)).toEqual([['tandem-edge'], []]);
  bench.core.facts.wanted = false;
  for (let tries = 0; tries < 2; tries += 1)
    expect(await cilium.leave()).toMatchObject({ error: { code: 'tunnelUnfinished' } });
  expect(cilium.leftover()).toMatchObject({ params: { verb: 'leave' } });
  // The other Mac gives access again: it is finished.
  bench.core.facts.wanted = true;
  delete bench.fails.disconnect;
  bench.onRun = () => undefined;
  expect(await cilium.leave()).toMatchObject({ error: { code: 'notMeshed' } });
  expect([told(bench), cilium.leftover()]).toEqual([[[], []], null]);
});

test('an undo that cannot write its files has undone nothing: it stays written down', async () => {
  const bench = await openMeshBench();
  const { cilium, folder } = bench.edge;
  const inTheWay = join(folder, 'pair.kubeconfig');
  bench.connected = 0;
  bench.onRun = (_side, verb) => {
    if (verb === 'status') mkdirSync(join(inTheWay, 'full'), { recursive: true });
    return undefined;
  };
  expect(await cilium.join()).toMatchObject({ error: { code: 'clusterMeshApart' } });
  expect(cilium.leftover()).toMatchObject({ code: 'tunnelUnfinished', params: { verb: 'join' } });
  expect(existsSync(join(folder, 'operation.json'))).toBe(true);
  rmSync(inTheWay, { recursive: true });
  Object.assign(bench, { connected: 1, onRun: () => undefined });
  expect(await cilium.join()).toMatchObject({ ok: true });
  expect(bench.calls).toEqual(['connect', 'disconnect', 'connect']);
});

test('a cluster over there that is silent is not apart', async () => {
  const bench = await openMeshBench();
  const lab = bench.core.cluster('lab');
  bench.connected = 0;
  bench.onRun = (_side, verb) => {
    if (verb !== 'disconnect') return undefined;
    lab.silent = true;
    return 'half';
  };
  await bench.edge.cilium.join();
  expect([told(bench), bench.edge.cilium.leftover()]).toMatchObject([
    [['tandem-edge'], []],
    { code: 'tunnelUnfinished' },
  ]);
  lab.silent = false;
  Object.assign(bench, { connected: 1, onRun: () => undefined });
  expect(await bench.edge.cilium.join()).toMatchObject({ ok: true });
  expect(bench.calls).toEqual(['connect', 'disconnect', 'disconnect', 'connect']);
});

test('both people press join at once: neither takes apart what the other connects', async () => {
  const bench = await openMeshBench();
  const done = await Promise.all([bench.edge.cilium.join(), bench.core.cilium.join()]);
  const refused = done.flatMap((one) => (one.ok ? [] : [one.error.code]));
  // Whoever is first goes on alone; who asks the other in the middle of it is refused, and changes nothing.
  expect(new Set(refused)).toEqual(new Set(['ciliumPeerBusy']));
  expect([bench.calls, told(bench)]).toEqual(refused.length === 2 ? [[], [[], []]] : [['connect'], both]);
});

test('the other Mac’s cluster was told by hand: a join that fails takes nothing of that back', async () => {
  const bench = await openMeshBench();
  bench.core.remotes.add('tandem-edge');
  bench.fails.connect = 1;
  expect(await bench.edge.cilium.join()).toMatchObject({ error: { code: 'ciliumPeerTold' } });
  expect([bench.calls, told(bench)]).toEqual([[], [['tandem-edge'], []]]);
});

/** Another cluster is meant in the middle of the join; `lab` is still there. */
async function switched(): Promise<MeshBench> {
  const bench = await openMeshBench();
  const { cilium, facts } = bench.edge;
  bench.onRun = (_side, verb) => {
    if (verb === 'connect') Object.assign(facts, { cluster: 'other', others: ['lab'] });
    return undefined;
  };
  const elsewhere = { params: { why: 'ciliumElsewhere', name: 'lab' } };
  expect(await cilium.join()).toMatchObject({ error: { code: 'tunnelUnfinished', ...elsewhere } });
  expect(cilium.leftover()).toMatchObject(elsewhere);
  expect([bench.calls, told(bench), cilium.claim()]).toEqual([['connect'], both, null]);
  return bench;
}

test('what is half done in another cluster is neither proven nor undone in this one, and waits', async () => {
  const bench = await switched();
  const { cilium, facts } = bench.edge;
  await cilium.mend();
  expect(await cilium.join()).toMatchObject({ error: { code: 'tunnelUnfinished' } });
  expect(bench.calls).toEqual(['connect']);
  Object.assign(facts, { cluster: 'lab', others: ['other'] });
  bench.onRun = () => undefined;
  expect(await cilium.join()).toMatchObject({ ok: true });
  expect([bench.calls, told(bench)]).toEqual([['connect', 'disconnect', 'connect'], both]);
});

test('only when its cluster is nowhere is it gone', async () => {
  const { edge } = await switched();
  edge.facts.others = [];
  await edge.cilium.mend();
  expect(edge.cilium.leftover()).toBeNull();
});

test('a leave that is half done ends without access where somebody has taken them apart meanwhile', async () => {
  const bench = await joined();
  const { cilium } = bench.edge;
  bench.fails.disconnect = 1;
  bench.onRun = (_side, verb) => (verb === 'disconnect' ? 'half' : undefined);
  await cilium.leave();
  bench.core.remotes.clear();
  bench.core.facts.wanted = false;
  await cilium.mend();
  expect([cilium.leftover(), cilium.claim(), bench.calls]).toEqual([null, null, ['connect', 'disconnect']]);
});

test('a leave takes nothing back before the clusters are apart', async () => {
  const bench = await joined();
  const lab = bench.edge.cluster('lab');
  lab.services.set('shop/web', {});
  await bench.edge.cilium.add({ namespace: 'shop', name: 'web' });
  bench.fails.disconnect = 1;
  expect(await bench.edge.cilium.leave()).toMatchObject({ ok: false });
  expect([bench.edge.cilium.leftover(), [...lab.services.values()]]).toEqual([
    null,
    [{ 'service.cilium.io/global': 'true' }],
  ]);
});
