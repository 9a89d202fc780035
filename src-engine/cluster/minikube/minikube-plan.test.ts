import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cancelled, minikubeBench, record, run } from '../../../test/doubles/minikube-bench.ts';
import type { TandemError } from '../../../src-shared/errors/result.ts';
import type { ClusterVerb } from '../../../src-shared/world/clusters.ts';
import type { MinikubeHands } from './minikube-hands.ts';
import { planOf } from './minikube-plan.ts';
import { minikubeNeed, minikubeProvider } from './minikube-provider.ts';

const idsOf = async (hands: MinikubeHands, verb: ClusterVerb): Promise<string[]> => {
  const plan = await planOf(hands, verb, record());
  return plan.ok ? plan.value.steps.map(({ id }) => id) : [plan.error.code];
};
const proofs = ['waitApi', 'proveHeartbeat', 'proveLeader', 'proveDns', 'proveName'];

test('a create looks at what its driver needs, and ends with the proofs of life', async () => {
  expect(await idsOf(minikubeBench().hands, 'create')).toEqual(['checkAbsent', 'minikubeStart', ...proofs]);
  const { hands } = minikubeBench({ hasDocker: true, isDockerUp: true });
  expect(await idsOf(hands, 'create')).toEqual([
    'checkDocker',
    'checkAbsent',
    'checkPorts',
    'minikubeStart',
    ...proofs,
  ]);
  const tight = minikubeBench({ settings: { memoryMegabytes: 1024 } });
  expect(await idsOf(tight.hands, 'create')).toEqual(['minikubeMemoryLow']);
  expect(tight.calls).toEqual([]);
});

test('a create that fails or is called off removes what it made; one that only looked removes nothing', async () => {
  const failing = minikubeBench({ exits: { start: 80 } });
  const { error } = await run(failing.hands, 'create');
  expect(error).toMatchObject({ code: 'minikubeFailed', params: { log: failing.files.logFile('lab') } });
  expect(failing.calls.map((call) => call.split(' ')[0])).toEqual(['status', 'start', 'delete']);
  const early = minikubeBench();
  await run(early.hands, 'create', { step: 'checkAbsent', error: cancelled });
  expect(early.calls.filter((call) => call.startsWith('delete'))).toEqual([]);
});

test('a name that a container of somebody has, or a profile on the disk, is theirs: nothing is begun, and nothing removed', async () => {
  const contained = minikubeBench({ taken: ['lab'] });
  expect((await run(contained.hands, 'create')).error?.code).toBe('clusterExists');
  expect(contained.calls).toEqual([]);
  const profiled = minikubeBench({ hasDocker: true, isDockerUp: true });
  profiled.profile('docker');
  expect((await run(profiled.hands, 'create')).error?.code).toBe('clusterExists');
  expect(profiled.calls).toEqual([]);
});

test('made in another Docker: neither started anew, nor stopped, nor forgotten here', async () => {
  const { hands, calls, files, profile } = minikubeBench({
    hasDocker: true,
    isDockerUp: true,
    dockerId: 'other-docker',
  });
  profile('docker');
  await files.prepare();
  await files.keepDocker('lab', 'first-docker');
  for (const verb of ['start', 'stop', 'delete'] as const)
    expect((await run(hands, verb)).error?.code).toBe('clusterElsewhere');
  expect(calls.filter((call) => !call.startsWith('status'))).toEqual([]);
});

test('what ran before a start goes on running when that fails', async () => {
  const running = minikubeBench({ isProven: true });
  running.profile('vfkit');
  // Without the entries that are looked for.
  await running.files.saveKubeconfig('lab', '{}');
  expect((await run(running.hands, 'start')).error?.code).toBe('kubeconfigMissing');
  expect(running.calls.filter((call) => call.startsWith('stop'))).toEqual([]);
});

test('a start that fails stops what it has begun; a paused cluster is woken, and paused again', async () => {
  const stopped = minikubeBench({ exits: { start: 80 } });
  stopped.profile('vfkit');
  await run(stopped.hands, 'start');
  expect(stopped.calls.at(-1)).toBe('stop -p lab -o json --keep-context-active');

  const paused = minikubeBench({ apiServer: 'Paused' });
  paused.profile('vfkit');
  await paused.files.saveKubeconfig('lab', '{}');
  const called = await run(paused.hands, 'start', { step: 'waitApi', error: cancelled });
  expect(called.steps[0]).toBe('minikubeUnpause');
  expect(paused.calls.filter((call) => /^(un)?pause|^start/.test(call))).toEqual([
    'unpause -p lab -A -o json',
    'pause -p lab -A -o json',
  ]);

  const short = minikubeBench({ apiServer: 'Paused' });
  short.profile('vfkit');
  await short.files.saveKubeconfig('lab', '{}');
  const error: TandemError = { code: 'memoryRolledBack', params: { name: 'lab' } };
  await run(short.hands, 'start', { step: 'waitApi', error });
  expect(short.calls.at(-1)).toMatch(/^stop /);
});

test('a Docker that is away is named before minikube waits for it', async () => {
  const { hands, calls, profile } = minikubeBench({ hasDocker: true });
  profile('docker');
  for (const verb of ['stop', 'delete'] as const)
    expect((await run(hands, verb)).error).toMatchObject({ code: 'dockerDown' });
  expect(calls).toEqual([]);
});

test('a delete takes its kubeconfig and its log along', async () => {
  const { hands, files, calls } = minikubeBench();
  await files.saveKubeconfig('lab', '{}');
  await files.keepLog('lab', 'why\n');
  expect((await run(hands, 'delete')).error).toBeNull();
  expect(calls).toEqual(['delete -p lab']);
  expect(await files.kubeconfigText('lab')).toBeNull();
  expect(existsSync(files.logFile('lab'))).toBe(false);
});

test('a drain is asked of the mover that kind has, by its own kubeconfig', async () => {
  const { hands, files, drained, calls, profile } = minikubeBench({ isProven: true });
  profile('vfkit');
  await files.saveKubeconfig('lab', 'its text');
  expect((await run(hands, 'drain')).error).toBeNull();
  expect(drained).toEqual(['lab its text']);
  // What its API tells is not asked of minikube.
  expect(calls.filter((call) => !call.startsWith('ssh'))).toEqual([]);
});

test('what does not run has nothing to drain, and no node is opened for it', async () => {
  const down = minikubeBench();
  expect((await run(down.hands, 'drain')).error).toMatchObject({
    code: 'clusterNotRunning',
    params: { state: 'absent' },
  });
  expect(down.drained).toEqual([]);
});

test('memory: what its machines were made with, held by what is paused; else what they would get', async () => {
  const listen = () => ({ dispose: () => undefined });
  const MIB = 2 ** 20;
  const made = minikubeBench({ apiServer: 'Paused' });
  made.profile('vfkit', 3072);
  expect(await minikubeProvider(made.hands, { listen }).memoryNeed(record())).toEqual({
    needBytes: 3072 * MIB,
    touchedBytes: 3072 * MIB,
  });
  const none = minikubeProvider(minikubeBench().hands, { listen });
  expect(await none.memoryNeed(record({ nodes: 3 }))).toEqual({ needBytes: 3 * 1800 * MIB, touchedBytes: 0 });
});

test('after a crash only what came to be since then is taken for ours', async () => {
  const { hands, profile } = minikubeBench();
  const provider = minikubeProvider(hands, { listen: () => ({ dispose: () => undefined }) });
  const left = (begunMs: number) => provider.isLeftOf?.(record(), new Date(Date.now() + begunMs));
  expect(await left(0)).toBe(true);
  profile('vfkit');
  expect([await left(-5000), await left(-2 * 3_600_000), await left(60_000)]).toEqual([true, false, false]);
});

test('the container runtime is needed by the driver of the profile, or by the one that would be chosen', async () => {
  const made = minikubeBench({ hasDocker: true });
  made.profile('docker');
  expect(await minikubeNeed(made.hands)({ name: 'lab' }, 'start')).toBe('may');
  made.profile('vfkit');
  expect(await minikubeNeed(made.hands)({ name: 'lab' }, 'start')).toBe('no');
  const only = minikubeBench({ hasDocker: true, hasVfkit: false });
  expect(await minikubeNeed(only.hands)({ name: 'lab' }, 'create')).toBe('may');
  expect(await minikubeNeed(only.hands)({ name: 'lab' }, 'start')).toBe('no');
  expect(await minikubeNeed(minikubeBench().hands)({ name: 'lab' }, 'create')).toBe('no');
});
