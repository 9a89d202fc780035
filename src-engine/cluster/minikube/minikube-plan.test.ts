import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allProven } from '../../../test/doubles/kind-bench.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { fail, ok, type TandemError } from '../../../src-shared/errors/result.ts';
import type { ClusterVerb } from '../../../src-shared/world/clusters.ts';
import { systemClock, systemScheduler } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import type { ClusterRecord } from '../provider.ts';
import { runPlan } from '../run-plan.ts';
import { minikubeFiles } from './minikube-files.ts';
import { minikubeMemory, type MinikubeHands, type MinikubeSettings } from './minikube-hands.ts';
import { planOf } from './minikube-plan.ts';
import { minikubeNeed, minikubeProvider } from './minikube-provider.ts';

const record = (over: Partial<ClusterRecord> = {}): ClusterRecord => ({
  name: 'lab',
  provider: 'minikube',
  createdAt: '',
  nodes: 1,
  image: '',
  hostPort: 28_080,
  nodePort: 30_080,
  config: '',
  tunnel: null,
  ...over,
});
const settings: MinikubeSettings = {
  memoryMegabytes: 2048,
  minikubeDriver: 'auto',
  hostPort: 28_080,
  nodePort: 30_080,
};

interface Parts {
  readonly hasDocker?: boolean;
  readonly hasVfkit?: boolean;
  readonly isDockerUp?: boolean;
  /** What a verb of minikube's exits with; default 0. */
  readonly exits?: Readonly<Record<string, number>>;
  readonly apiServer?: 'Running' | 'Paused';
  readonly settings?: Partial<MinikubeSettings>;
  /** Its API tells that everything has been anew for an hour. */
  readonly isProven?: true;
}

/** Hands whose minikube only notes what it is asked, and says what a status is to say. */
function bench({
  hasDocker = false,
  hasVfkit = true,
  isDockerUp = false,
  exits = {},
  apiServer = 'Running',
  settings: set,
  isProven,
}: Parts = {}) {
  const place = temporaryFolder('minikube-plan');
  const calls: string[] = [];
  const drained: string[] = [];
  const status = {
    Name: 'lab',
    Host: 'Running',
    Kubelet: 'Running',
    APIServer: apiServer,
    Kubeconfig: 'Configured',
  };
  const files = minikubeFiles({
    clustersFolder: join(place, 'clusters'),
    logsFolder: join(place, 'logs'),
    minikubeHome: join(place, '.minikube'),
  });
  const found: Readonly<Record<string, boolean>> = { minikube: true, docker: hasDocker, vfkit: hasVfkit };
  const hands = {
    files,
    memory: minikubeMemory(),
    clock: systemClock,
    scheduler: systemScheduler,
    log: silentLog,
    settings: () => ({ ...settings, ...set }),
    probePort: async () => null,
    readYaml: async (text: string) => JSON.parse(text) as unknown,
    docker: {
      ping: async () => isDockerUp,
      publishers: async () => (isDockerUp ? ok([]) : fail('dockerDown')),
      containers: async () => ok([]),
      info: async () => null,
    },
    api: {
      read: async () => (isProven === true ? allProven(['lab']) : null),
      why: () => null,
      settled: async () => true,
    },
    pods: {
      async empty(name: string, kubeconfig: string) {
        drained.push(`${name} ${kubeconfig}`);
        return ok(undefined);
      },
      open: async () => true,
    },
    tools: {
      find: async (name: string) => (found[name] === true ? `/bin/${name}` : null),
      async run(_path: string, args: readonly string[]) {
        calls.push(args.join(' '));
        const verb = args[0] ?? '';
        const isThere = apiServer === 'Paused' || verb !== 'status';
        const inside = verb === 'ssh' ? 'btime 1700000000\nanswered\n' : '';
        const stdout = verb === 'status' && isThere ? JSON.stringify(status) : inside;
        return { exitCode: isThere ? (exits[verb] ?? 0) : 85, stdout, stderr: '', failure: null };
      },
    },
  } as unknown as MinikubeHands;
  /** A profile on disk, as a start of minikube's leaves it. */
  const profile = (driver: string, memory = 3072): void => {
    const folder = join(place, '.minikube/profiles/lab');
    mkdirSync(folder, { recursive: true });
    const config = { Driver: driver, Memory: memory, Nodes: [{ Name: '', ControlPlane: true }] };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  };
  return { hands, files, calls, drained, profile };
}

async function run(hands: MinikubeHands, verb: ClusterVerb, stopAt?: { step: string; error: TandemError }) {
  const steps: string[] = [];
  const over = new AbortController();
  const plan = await planOf(hands, verb, record());
  if (!plan.ok) return { error: plan.error, steps };
  const events = {
    begins(id: string) {
      steps.push(id);
      // A moment later, as a person would.
      if (id === stopAt?.step) setImmediate(() => over.abort(stopAt.error));
    },
    part: () => undefined,
    detail: () => undefined,
    child: () => undefined,
  };
  const result = await runPlan(plan.value, events, over.signal, systemScheduler);
  return { error: result.ok ? null : result.error, steps };
}
const cancelled: TandemError = { code: 'cancelled', params: { name: 'lab', verb: 'start' } };
const idsOf = async (hands: MinikubeHands, verb: ClusterVerb): Promise<string[]> => {
  const plan = await planOf(hands, verb, record());
  return plan.ok ? plan.value.steps.map(({ id }) => id) : [plan.error.code];
};
const proofs = ['waitApi', 'proveHeartbeat', 'proveLeader', 'proveDns', 'proveName'];

test('a create looks at what its driver needs, and ends with the proofs of life', async () => {
  expect(await idsOf(bench().hands, 'create')).toEqual(['checkAbsent', 'minikubeStart', ...proofs]);
  const { hands } = bench({ hasDocker: true, isDockerUp: true });
  expect(await idsOf(hands, 'create')).toEqual([
    'checkDocker',
    'checkAbsent',
    'checkPorts',
    'minikubeStart',
    ...proofs,
  ]);
  const tight = bench({ settings: { memoryMegabytes: 1024 } });
  expect(await idsOf(tight.hands, 'create')).toEqual(['minikubeMemoryLow']);
  expect(tight.calls).toEqual([]);
});

test('a create that fails or is called off removes what it made; one that only looked removes nothing', async () => {
  const failing = bench({ exits: { start: 80 } });
  const { error } = await run(failing.hands, 'create');
  expect(error).toMatchObject({ code: 'minikubeFailed', params: { log: failing.files.logFile('lab') } });
  expect(failing.calls.map((call) => call.split(' ')[0])).toEqual(['status', 'start', 'delete']);
  const early = bench();
  await run(early.hands, 'create', { step: 'checkAbsent', error: cancelled });
  expect(early.calls.filter((call) => call.startsWith('delete'))).toEqual([]);
});

test('a start that fails stops what it has begun; a paused cluster is woken, and paused again', async () => {
  const stopped = bench({ exits: { start: 80 } });
  stopped.profile('vfkit');
  await run(stopped.hands, 'start');
  expect(stopped.calls.at(-1)).toBe('stop -p lab -o json --keep-context-active');

  const paused = bench({ apiServer: 'Paused' });
  paused.profile('vfkit');
  await paused.files.saveKubeconfig('lab', '{}');
  const called = await run(paused.hands, 'start', { step: 'waitApi', error: cancelled });
  expect(called.steps[0]).toBe('minikubeUnpause');
  expect(paused.calls.filter((call) => /^(un)?pause|^start/.test(call))).toEqual([
    'unpause -p lab -A -o json',
    'pause -p lab -A -o json',
  ]);

  const short = bench({ apiServer: 'Paused' });
  short.profile('vfkit');
  await short.files.saveKubeconfig('lab', '{}');
  const error: TandemError = { code: 'memoryRolledBack', params: { name: 'lab' } };
  await run(short.hands, 'start', { step: 'waitApi', error });
  expect(short.calls.at(-1)).toMatch(/^stop /);
});

test('a Docker that is away is named before minikube waits for it', async () => {
  const { hands, calls, profile } = bench({ hasDocker: true });
  profile('docker');
  for (const verb of ['stop', 'delete'] as const)
    expect((await run(hands, verb)).error).toMatchObject({ code: 'dockerDown' });
  expect(calls).toEqual([]);
});

test('a delete takes its kubeconfig and its log along', async () => {
  const { hands, files, calls } = bench();
  await files.saveKubeconfig('lab', '{}');
  await files.keepLog('lab', 'why\n');
  expect((await run(hands, 'delete')).error).toBeNull();
  expect(calls).toEqual(['delete -p lab']);
  expect(await files.kubeconfigText('lab')).toBeNull();
  expect(existsSync(files.logFile('lab'))).toBe(false);
});

test('a drain is asked of the mover that kind has, by its own kubeconfig', async () => {
  const { hands, files, drained, calls, profile } = bench({ isProven: true });
  profile('vfkit');
  await files.saveKubeconfig('lab', 'its text');
  expect((await run(hands, 'drain')).error).toBeNull();
  expect(drained).toEqual(['lab its text']);
  // What its API tells is not asked of minikube.
  expect(calls.filter((call) => !call.startsWith('ssh'))).toEqual([]);
});

test('what does not run has nothing to drain, and no node is opened for it', async () => {
  const down = bench();
  expect((await run(down.hands, 'drain')).error).toMatchObject({
    code: 'clusterNotRunning',
    params: { state: 'absent' },
  });
  expect(down.drained).toEqual([]);
});

test('memory: what its machines were made with, held by what is paused; else what they would get', async () => {
  const listen = () => ({ dispose: () => undefined });
  const MIB = 2 ** 20;
  const made = bench({ apiServer: 'Paused' });
  made.profile('vfkit', 3072);
  expect(await minikubeProvider(made.hands, { listen }).memoryNeed(record())).toEqual({
    needBytes: 3072 * MIB,
    touchedBytes: 3072 * MIB,
  });
  const none = minikubeProvider(bench().hands, { listen });
  expect(await none.memoryNeed(record({ nodes: 3 }))).toEqual({ needBytes: 3 * 1800 * MIB, touchedBytes: 0 });
});

test('after a crash only what came to be since then is taken for ours', async () => {
  const { hands, profile } = bench();
  const provider = minikubeProvider(hands, { listen: () => ({ dispose: () => undefined }) });
  const left = (begunMs: number) => provider.isLeftOf?.(record(), new Date(Date.now() + begunMs));
  expect(await left(0)).toBe(true);
  profile('vfkit');
  expect([await left(-5000), await left(-2 * 3_600_000), await left(60_000)]).toEqual([true, false, false]);
});

test('the container runtime is needed by the driver of the profile, or by the one that would be chosen', async () => {
  const made = bench({ hasDocker: true });
  made.profile('docker');
  expect(await minikubeNeed(made.hands)({ name: 'lab' }, 'start')).toBe('may');
  made.profile('vfkit');
  expect(await minikubeNeed(made.hands)({ name: 'lab' }, 'start')).toBe('no');
  const only = bench({ hasDocker: true, hasVfkit: false });
  expect(await minikubeNeed(only.hands)({ name: 'lab' }, 'create')).toBe('may');
  expect(await minikubeNeed(only.hands)({ name: 'lab' }, 'start')).toBe('no');
  expect(await minikubeNeed(bench().hands)({ name: 'lab' }, 'create')).toBe('no');
});
