import { afterEach, expect, test } from 'vitest';
import { join } from 'node:path';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { createWords, errorOf, openMinikubeMac, type MinikubeMac } from '../doubles/minikube-mac.ts';
import { eventually, processesNaming } from './tandem.ts';

// What minikube.test.ts leaves to the longer tier: other hands, a crash, and containers that a hand moves.
let mac: MinikubeMac;
afterEach(() => mac.close());

const create = (): string[] => createWords('lab');
const lab = (): Promise<Cluster | undefined> => mac.rig.cluster('lab');

test('paused is no stopped: seen as it is, woken by a start, and its memory counts as held', async () => {
  mac = await openMinikubeMac('vfkit');
  await mac.api('lab');
  await mac.rig.json<Cluster>(...create());
  expect(await mac.byHand('pause', '-p', 'lab', '-A')).toBe(0);
  // A second engine has no memory of the first: what it sees is what there is.
  await mac.rig.kill('SIGTERM');
  await mac.rig.startEngine();
  await eventually('paused', async () => (await lab())?.state === 'paused');
  expect(await lab()).toMatchObject({ why: 'nodePaused', nodes: [{ name: 'lab', ready: false }] });
  const { needBytes } = await mac.rig.json<{ needBytes: number }>('cluster', 'admission', 'lab');
  // Nothing but the reserve of this host.
  expect(needBytes).toBeLessThan(1800 * 2 ** 20);
  const before = mac.calls('start').length;
  expect(await mac.rig.json<Cluster>('cluster', 'start', 'lab')).toMatchObject({ state: 'running' });
  expect(mac.calls('unpause').map(({ args }) => args)).toEqual([
    ['unpause', '-p', 'lab', '-A', '-o', 'json'],
  ]);
  expect(mac.calls('start')).toHaveLength(before);
});

test("a profile of the person's own with that name is refused, and stays", async () => {
  mac = await openMinikubeMac('vfkit');
  await mac.api('lab');
  expect(await mac.byHand('start', '-p', 'lab', '-o', 'json')).toBe(0);
  const ran = await mac.rig.tandem(...create(), '--json');
  expect(errorOf(ran).code).toBe('clusterExists');
  expect(mac.calls('delete')).toEqual([]);
  expect((await mac.rig.status()).clusters).toEqual([]);
});

test('kill -9 of the engine in the middle of a create: the tool ends and the half machine goes', async () => {
  mac = await openMinikubeMac('vfkit');
  await mac.api('lab');
  mac.scene({ staysAt: 'Selecting Driver' });
  void mac.rig.tandem(...create());
  await eventually('minikube in its steps', async () =>
    (await lab())?.operation?.detail?.includes('Selecting Driver'),
  );
  await mac.rig.kill('SIGKILL');
  expect(processesNaming(join(mac.tools, 'minikube')).length).toBeGreaterThan(0);
  mac.scene({});
  await mac.rig.startEngine();
  await eventually('cleaned up', async () => (await mac.rig.status()).clusters.length === 0);
  expect(processesNaming(join(mac.tools, 'minikube'))).toEqual([]);
  expect((await mac.rig.history()).map(({ what }) => what)).toEqual([
    expect.stringContaining('cleaned up after a crash'),
  ]);
});

test('what a hand does to its containers is heard at once, and a quiet cluster costs no process', async () => {
  mac = await openMinikubeMac('docker');
  await mac.api('lab');
  await mac.rig.json<Cluster>(...createWords('lab', '--force'));
  const before = mac.calls().length;
  mac.daemon.set('lab', 'exited');
  await eventually('stopped', async () => (await lab())?.state === 'stopped', 10_000);
  mac.daemon.set('lab', 'running');
  await eventually('running', async () => (await lab())?.state === 'running', 10_000);
  await mac.daemon.goDown();
  await eventually('unknown', async () => (await lab())?.why === 'dockerDown', 10_000);
  await mac.daemon.comeUp();
  await eventually('seen again', async () => (await lab())?.state === 'running', 15_000);
  expect(mac.calls()).toHaveLength(before);
});

test('a stop that fails is told by its name, and the cluster still runs', async () => {
  mac = await openMinikubeMac('docker');
  await mac.api('lab');
  await mac.rig.json<Cluster>(...createWords('lab', '--force'));
  const failed = { exit: 82, reason: 'GUEST_STOP_TIMEOUT', message: 'Unable to stop VM', advice: '' };
  mac.scene({ failAt: { verb: 'stop', step: 'Stopping', ...failed } });
  const ran = await mac.rig.tandem('cluster', 'stop', 'lab', '--json');
  expect([ran.code, errorOf(ran).code]).toEqual([1, 'minikubeStopSlow']);
  expect((await lab())?.state).toBe('running');
  mac.scene({});
  expect(await mac.rig.json<Cluster>('cluster', 'stop', 'lab')).toMatchObject({ state: 'stopped' });
});
