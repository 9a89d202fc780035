import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Runtime } from '../../src-shared/world/runtime.ts';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { fakeRuntime, nodeOf, type FakeRuntime } from '../doubles/fake-runtime.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';
import { eventually, openRig, type Rig } from './tandem.ts';

// Colima cannot be had on the CI machine: an executable replays its grammar, and a socket stands in for its daemon.
const GIB = 2 ** 30;
let rig: Rig;
let runtime: FakeRuntime;
beforeEach(async () => {
  runtime = await fakeRuntime(temporaryFolder('runtime'));
});
afterEach(async () => {
  await rig.close();
  await runtime.close();
});

async function open(
  options: { env?: Record<string, string>; role?: string; clusters?: string[] } = {},
): Promise<void> {
  rig = openRig({ ...runtime.env, ...options.env });
  const folder = join(rig.home, 'clusters');
  mkdirSync(folder, { recursive: true });
  const clusters = (options.clusters ?? []).map((name) => ({
    name,
    provider: 'kind',
    createdAt: '2026-01-01T00:00:00.000Z',
    nodes: 1,
    image: '',
    hostPort: 47_390,
    nodePort: 30_080,
  }));
  writeFileSync(join(folder, 'registry.json'), JSON.stringify({ clusters }));
  await rig.startEngine(...(options.role === undefined ? [] : ['--role', options.role]));
}
const status = () => rig.json<Runtime>('runtime', 'status');

/** A verb that is refused: what it says. */
async function refused(...args: string[]): Promise<{ code: string; message: string; hint: string }> {
  const ran = await rig.tandem(...args, '--json');
  expect(ran.code, ran.stdout).toBe(1);
  const { error } = JSON.parse(ran.stderr.trim().split('\n').at(-1) ?? '') as { error: never };
  return error;
}

test('status: which one, its size by its own tool, and whose containers run in it', async () => {
  runtime.containers.push({ name: 'db', state: 'running' }, { name: 'old', state: 'exited' });
  await open();
  expect(await status()).toMatchObject({
    name: 'colima',
    profile: 'default',
    state: 'running',
    vm: { memoryBytes: 4 * GIB, cpus: 2, guestTotalBytes: 4_000_000_000 },
    containers: { ours: 0, others: 1, names: ['db'] },
    offer: null,
  });
  const seen = await eventually('in the World', async () => (await rig.status()).runtime);
  expect(seen).toMatchObject({ name: 'colima', state: 'running' });
  runtime.set('Stopped');
  expect(await status()).toMatchObject({ state: 'stopped', containers: null, startable: true });
});

test('stop is refused while containers of others run, with their count and names; --force means them', async () => {
  runtime.containers.push({ name: 'db', state: 'running' }, { name: 'web', state: 'paused' });
  await open();
  for (const yes of [[], ['--yes']]) {
    const error = await refused('runtime', 'stop', ...yes);
    expect(error).toMatchObject({
      code: 'runtimeHoldsOthers',
      message: expect.stringContaining('(2): db, web') as string,
    });
  }
  expect(runtime.calls()).toEqual([]);
  expect(await rig.json<Runtime>('runtime', 'stop', '--force')).toMatchObject({
    state: 'stopped',
    startable: true,
  });
  expect(await rig.json<Runtime>('runtime', 'start')).toMatchObject({ state: 'running' });
  expect(runtime.calls()).toEqual(['stop --profile default', 'start --profile default']);
  expect((await rig.history()).map(({ kind }) => kind)).toEqual(['runtime.stop', 'runtime.start']);
});

test('clusters of ours are stopped first, and only when that was agreed to', async () => {
  runtime.containers.push(nodeOf('lab'));
  await open({ clusters: ['lab'] });
  expect(await refused('runtime', 'stop')).toMatchObject({ code: 'runtimeHoldsClusters' });
  expect(runtime.acts).toEqual([]);
  expect(await rig.json<Runtime>('runtime', 'stop', '--yes')).toMatchObject({ state: 'stopped' });
  // The stop that sticks, and then the machine.
  expect(runtime.acts).toEqual(['update lab-control-plane', 'stop lab-control-plane']);
  expect(runtime.calls()).toEqual(['stop --profile default']);
});

test('a cluster that starts begins with its runtime, as a step of its own', async () => {
  runtime.containers.push(nodeOf('lab', 'exited'));
  runtime.set('Stopped');
  await open({ clusters: ['lab'], env: { FAKE_COLIMA_START_MS: '700' } });
  const starting = rig.tandem('cluster', 'start', 'lab');
  await eventually('the runtime on its way', async () => {
    const { clusters, runtime: seen } = await rig.status();
    return clusters[0]?.operation?.step === 'startRuntime' && seen?.state === 'starting';
  });
  const steps = await eventually('its node started', async () => {
    const all = (await rig.cluster('lab'))?.operation?.steps;
    return all?.some(({ step, status: how }) => step === 'startNodes' && how === 'done') === true && all;
  });
  expect(steps[0]).toMatchObject({ step: 'startRuntime', status: 'done' });
  expect(steps[0]?.elapsedMs).toBeGreaterThan(690);
  // Its API is nobody's here: what follows is ended by hand, and undone.
  expect((await rig.tandem('cluster', 'cancel', 'lab')).code).toBe(0);
  const ended = await starting;
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain('✓ Start the container runtime');
  expect(runtime.containers[0]?.state).toBe('exited');
  // It stays up: somebody may be about to try again.
  expect(runtime.state()).toBe('Running');
});

test('a cluster whose runtime cannot be started says so by name, and nothing of it was begun', async () => {
  runtime.containers.push(nodeOf('lab', 'exited'));
  await open({ clusters: ['lab'], env: { FAKE_COLIMA_FAIL: '1' } });
  const cases = [
    ['Stopped', 'runtimeStartFailed', "Colima could not be started: error starting vm: error at 'starting'"],
    ['Absent', 'runtimeNeverMade', 'Colima has no machine yet'],
    ['Broken', 'runtimeBroken', 'The machine of Colima is broken'],
  ] as const;
  for (const [state, code, message] of cases) {
    runtime.set(state);
    const error = await refused('cluster', 'start', 'lab');
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) as string });
    expect(error.hint).not.toBe('');
    expect((await rig.cluster('lab'))?.lastFailure).toMatchObject({ verb: 'start', code });
  }
  expect(runtime.acts).toEqual([]);
});

test('the memory guard weighs the machine, less what it holds already', async () => {
  runtime.containers.push(nodeOf('other'), nodeOf('lab', 'exited'));
  await open({ clusters: ['lab', 'other'] });
  await eventually('vitals read', async () => (await rig.status()).host.vitals.memory !== null);
  await status();
  const admission = await rig.json<NonNullable<Cluster['admission']>>('cluster', 'admission', 'lab');
  const touchedBytes = 2_000_000 * 1024;
  expect(admission.vm).toMatchObject({
    runtime: 'Colima',
    basis: 'configured',
    sizeBytes: 4 * GIB,
    touchedBytes,
  });
  // The rest of the machine, and what this host keeps for itself.
  expect(admission.needBytes).toBe(4 * GIB - touchedBytes + GIB);
});

test('at stage stop by memory an empty machine stops by itself: only that gives its memory back', async () => {
  runtime.containers.push(nodeOf('lab', 'exited'));
  await open({ role: 'edge', clusters: ['lab'], env: { TANDEM_TIME_SCALE: '60' } });
  expect(await eventually('looked at', async () => (await rig.status()).runtime)).toMatchObject({
    offer: 'idle',
  });
  rig.vitals.memoryAvailable(2);
  await eventually('stage stop', async () => (await rig.status()).host.vitals.stage === 'stop', 30_000);
  await eventually('the machine stopped', async () => runtime.state() === 'Stopped');
  const [record] = (await rig.history()).filter(({ kind }) => kind === 'runtime.stop');
  expect(record).toMatchObject({ evidence: { runtime: 'Colima', why: 'memory' } });
});

test.each<[string, (on: boolean) => void]>([
  [
    'containers of others',
    (on) => (runtime.containers[1] = { name: 'db', state: on ? 'running' : 'exited' }),
  ],
  ['a build', (on) => (runtime.building = on)],
])('kept up by %s, whatever memory says, and by nothing else', async (_, run) => {
  runtime.containers.push(nodeOf('lab', 'exited'));
  run(true);
  await open({ role: 'edge', clusters: ['lab'], env: { TANDEM_TIME_SCALE: '60' } });
  rig.vitals.memoryAvailable(2);
  await eventually('stage stop', async () => (await rig.status()).host.vitals.stage === 'stop', 30_000);
  for (let look = 0; look < 3; look += 1)
    expect(await status()).toMatchObject({ state: 'running', containers: { others: 1 }, offer: null });
  expect(runtime.calls()).toEqual([]);
  // What stops it now would have stopped it before: it was that alone that kept it up.
  run(false);
  await eventually('the machine stopped', async () => (await status()).state === 'stopped');
  expect(runtime.calls()).toEqual(['stop --profile default']);
});

test('a daemon that is there and does not answer well is not stopped, and not started', async () => {
  runtime.containers.push(nodeOf('lab', 'exited'));
  runtime.refusing = 503;
  await open({ clusters: ['lab'] });
  expect(await status()).toMatchObject({ state: 'unknown', startable: false, containers: null });
  expect(await refused('runtime', 'stop')).toMatchObject({ code: 'runtimeContentsUnknown' });
  expect(await refused('cluster', 'start', 'lab')).toMatchObject({ code: 'toolFailed' });
  expect(runtime.calls()).toEqual([]);
  runtime.refusing = null;
  expect(await status()).toMatchObject({ state: 'running' });
});
