import { existsSync } from 'node:fs';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';
import { createLab, errorOf, labJournal, nodeProcesses, slowRequest } from './embedded-lab.ts';
import { eventually, openRig, type Rig } from './tandem.ts';

let rig: Rig;
beforeEach(async () => {
  rig = openRig();
  await rig.startEngine();
});
afterEach(() => rig.close());

test('create, drain, stop, start, delete: exit codes, states and progress', async () => {
  const created = await rig.tandem(...createLab, '--nodes', '3', '--json');
  expect(created.code).toBe(0);
  expect(JSON.parse(created.stdout)).toMatchObject({
    name: 'lab',
    provider: 'embedded',
    state: 'running',
    operation: null,
  });
  expect(created.stderr).toContain('"progress"');
  expect(nodeProcesses(rig)).toHaveLength(3);
  expect((await rig.cluster('lab'))?.nodes.map(({ ready }) => ready)).toEqual([true, true, true]);
  expect(await rig.json<Cluster>('cluster', 'drain', 'lab')).toMatchObject({
    state: 'running',
    why: 'drained',
  });
  expect(await rig.json<Cluster>('cluster', 'stop', 'lab')).toMatchObject({ state: 'stopped' });
  expect(nodeProcesses(rig)).toEqual([]);
  expect(await rig.json<Cluster>('cluster', 'start', 'lab')).toMatchObject({ state: 'running', why: null });
  expect((await rig.tandem('cluster', 'delete', 'lab')).code).toBe(1);
  expect(await rig.json<Cluster>('cluster', 'delete', 'lab', '--yes')).toMatchObject({ state: 'absent' });
  expect(nodeProcesses(rig)).toEqual([]);
  expect((await rig.status()).clusters).toEqual([]);
  const kinds = (await rig.history()).map(({ kind }) => kind);
  expect(kinds).toEqual([
    'cluster.create',
    'cluster.drain',
    'cluster.stop',
    'cluster.start',
    'cluster.delete',
  ]);
});

test("two verbs at once: the second is refused with the first one's name", async () => {
  await rig.json(...createLab);
  // A request in flight keeps the stop in its drain long enough to be met there.
  const slow = await slowRequest(rig, 6000);
  const stop = rig.tandem('cluster', 'stop', 'lab', '--json');
  await eventually('stop under way', async () => (await rig.cluster('lab'))?.operation?.verb === 'stop');
  const refused = await rig.tandem('cluster', 'delete', 'lab', '--yes', '--json');
  expect(refused.code).toBe(1);
  expect(errorOf(refused)).toMatchObject({
    error: { code: 'clusterBusy', message: expect.stringContaining('stop is running') as string },
  });
  expect((await stop).code).toBe(0);
  expect((await slow.answer).status).toBe(200);
});

test('cancel of a stop while requests finish keeps the cluster and its requests', async () => {
  await rig.json(...createLab);
  const slow = await slowRequest(rig, 8000);
  const stop = rig.tandem('cluster', 'stop', 'lab', '--json');
  await eventually('stop under way', async () => (await rig.cluster('lab'))?.operation?.verb === 'stop');
  expect((await rig.tandem('cluster', 'cancel', 'lab')).code).toBe(0);
  expect(errorOf(await stop)).toMatchObject({ error: { code: 'cancelled' } });
  expect(await rig.cluster('lab')).toMatchObject({
    state: 'running',
    why: null,
    operation: null,
    lastFailure: null,
  });
  expect((await slow.answer).status).toBe(200);
});

test('cancel of a create, at any moment of it, leaves nothing running', async () => {
  for (const waitMs of [0, 60, 150, 400]) {
    const creating = rig.tandem(...createLab, '--nodes', '3', '--json');
    await eventually('create under way', async () => operationStarted());
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    await rig.tandem('cluster', 'cancel', 'lab');
    if ((await creating).code === 0) await rig.json('cluster', 'delete', 'lab', '--yes');
    expect(nodeProcesses(rig)).toEqual([]);
    expect((await rig.status()).clusters).toEqual([]);
  }
});

test('a node that lives and is silent is not stopped, and a start replaces it', async () => {
  await rig.json(...createLab);
  const pid = Number(nodeProcesses(rig)[0]?.split(' ')[0]);
  process.kill(pid, 'SIGSTOP');
  void rig.tandem('status', '--watch', '--json');
  const seen = await eventually(
    'silent',
    async () => {
      const lab = await rig.cluster('lab');
      return lab?.why === 'nodeSilent' ? lab : null;
    },
    40_000,
  );
  expect(seen).toMatchObject({ state: 'degraded', nodes: [{ ready: null, pods: null }] });
  expect(await rig.json<Cluster>('cluster', 'start', 'lab')).toMatchObject({ state: 'running' });
  expect(nodeProcesses(rig)).toHaveLength(1);
  expect(Number(nodeProcesses(rig)[0]?.split(' ')[0])).not.toBe(pid);
});

test('another temporary folder, as every Mac has one, is no obstacle', async () => {
  const elsewhere = openRig({ TMPDIR: temporaryFolder('tmp') });
  onTestFinished(() => elsewhere.close());
  await elsewhere.startEngine();
  expect(await elsewhere.json<Cluster>(...createLab)).toMatchObject({
    state: 'running',
  });
});

test('a node that dies by itself is seen, and told in the history', async () => {
  await rig.json(...createLab);
  process.kill(Number(nodeProcesses(rig)[0]?.split(' ')[0]), 'SIGKILL');
  const watch = rig.tandem('status', '--watch', '--json');
  const cluster = await eventually(
    'stopped',
    async () => {
      const seen = await rig.cluster('lab');
      return seen?.state === 'stopped' ? seen : null;
    },
    40_000,
  );
  expect(cluster.why).toBe('nodeEnded');
  expect((await rig.history()).at(-1)).toMatchObject({ kind: 'cluster.changed', why: 'nodeEnded' });
  await rig.kill('SIGTERM');
  expect((await watch).code).toBe(1);
});

test('a short memory refuses a start with numbers; --force overrides', async () => {
  await rig.json(...createLab);
  await rig.json('cluster', 'stop', 'lab');
  rig.vitals.memoryAvailable(5);
  await eventually(
    'memory read',
    async () => ((await rig.status()).host.vitals.memory?.availableBytes ?? Infinity) < 2 ** 30,
  );
  const refused = await rig.tandem('cluster', 'start', 'lab', '--json');
  expect(refused.code).toBe(1);
  expect(errorOf(refused)).toMatchObject({ error: { code: 'memoryRefused' } });
  expect((await rig.cluster('lab'))?.admission).toMatchObject({ verdict: 'refuse' });
  expect(await rig.json<Cluster>('cluster', 'start', 'lab', '--force')).toMatchObject({ state: 'running' });
});

// Each verb is cut off at several moments of its course; the new engine must find the truth again.
const verbs: [string, string[], Cluster['state'] | undefined][] = [
  ['create', [...createLab, '--nodes', '3'], undefined],
  ['start', ['cluster', 'start', 'lab'], 'running'],
  ['stop', ['cluster', 'stop', 'lab'], 'stopped'],
  ['delete', ['cluster', 'delete', 'lab', '--yes'], undefined],
];
// One moment in the daily run; `TANDEM_RIG=all` cuts at three.
const moments = process.env['TANDEM_RIG'] === 'all' ? [0, 1, 2] : [1];

test.each(
  verbs.flatMap(([verb, args, after]) => moments.map((moment) => [verb, moment, args, after] as const)),
)(
  'kill -9 of the engine in the middle of %s (step %i): no orphan, true state, one line in the history',
  async (verb, moment, args, after) => {
    if (verb !== 'create') await rig.json(...createLab, '--nodes', '3');
    if (verb === 'start') await rig.json('cluster', 'stop', 'lab');
    const before = (await rig.history()).length;
    const cut = rig.tandem(...args, '--json');
    await reachStep(verb, moment);
    await rig.kill('SIGKILL');
    expect((await cut).code).not.toBe(0);
    await rig.startEngine();
    await eventually('recovered', async () => {
      const { clusters } = await rig.status();
      const lab = clusters.find(({ name }) => name === 'lab');
      return after === undefined ? lab === undefined : lab?.state === after && lab.operation === null;
    });
    const lines = (await rig.history()).slice(before);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.what).toContain('after a crash');
    expect(nodeProcesses(rig)).toHaveLength(after === 'running' ? 3 : 0);
  },
);

/** Waits until the operation is under way, and then for so many of its changes more. */
async function reachStep(verb: string, changes: number): Promise<void> {
  await eventually(`${verb} under way`, async () => operationStarted(), 15_000);
  await new Promise((resolve) => setTimeout(resolve, changes * 40));
}

/** The journal is on disk before the first step: its file is the surest sign. */
async function operationStarted(): Promise<boolean> {
  return existsSync(labJournal(rig));
}
