import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeStatus } from '../../../test/doubles/minikube-status.ts';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { fail, ok } from '../../../src-shared/errors/result.ts';
import type { ApiSnapshot } from '../readiness.ts';
import { minikubeFiles } from './minikube-files.ts';
import { minikubeMemory } from './minikube-hands.ts';
import { observeMinikube, observeStanding, type MinikubeEyes } from './minikube-observe.ts';

const started = new Date('2026-01-01T00:00:00Z');
const later = new Date('2026-01-01T00:00:30Z');
const snapshot = (...nodes: string[]): ApiSnapshot => ({
  nodes: nodes.map((name) => ({ name, ready: true, heartbeatAt: later, pods: 1 })),
  leaderSince: later,
  dns: [{ startedAt: later, ready: true }],
});
const status = (over: Record<string, unknown> = {}) => JSON.stringify(nodeStatus(over));

interface Parts {
  readonly driver: string;
  readonly nodes?: number;
  /** Containers by name, with their state; null: Docker does not answer. */
  readonly containers?: Readonly<Record<string, string>> | null;
  /** What its API says, look by look; the last one stays. */
  readonly api?: readonly (ApiSnapshot | null)[];
  readonly status?: string;
  readonly ageMs?: number;
}

/** A profile on disk, containers that are a list, and a minikube that says what it is given. */
function look({
  driver,
  nodes = 1,
  containers = {},
  api = [null],
  status: said = '',
  ageMs = 600_000,
}: Parts) {
  const place = temporaryFolder('minikube-observe');
  const folder = join(place, '.minikube/profiles/lab');
  mkdirSync(folder, { recursive: true });
  const config = {
    Driver: driver,
    Nodes: Array.from({ length: nodes }, (_, index) => ({
      Name: index === 0 ? '' : `m0${index + 1}`,
      ControlPlane: index === 0,
    })),
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const calls: string[] = [];
  let looks = 0;
  const eyes = {
    ...fakeTime(new Date(started.getTime() + ageMs).toISOString()),
    files: minikubeFiles({
      clustersFolder: join(place, 'clusters'),
      logsFolder: join(place, 'logs'),
      minikubeHome: join(place, '.minikube'),
    }),
    memory: minikubeMemory(),
    docker: {
      containers: async () =>
        containers === null
          ? fail('dockerDown')
          : ok(Object.entries(containers).map(([name, state]) => ({ name, state, labels: {} }))),
      inspect: async () => ok({ startedAt: started }),
      inside: async () => 'answered\n',
      info: async () => ({ id: 'this-docker' }),
    },
    api: {
      read: async () => api[Math.min(looks++, api.length - 1)] ?? null,
      why: () => 'apiSilent',
      settled: async () => true,
    },
    tools: {
      find: async () => '/bin/minikube',
      run: async (_tool: string, args: readonly string[]) => {
        calls.push(args[0] ?? '');
        const stdout = args[0] === 'ssh' ? `btime ${started.getTime() / 1000}\r\nanswered\r\n` : said;
        return { exitCode: 0, stdout, stderr: '', failure: null };
      },
    },
    log: { info: () => undefined, warn: () => undefined },
    readYaml: async (text: string) => JSON.parse(text) as unknown,
  } as unknown as MinikubeEyes;
  return { eyes, calls, observe: () => observeMinikube(eyes, { name: 'lab' }) };
}
/** Its private kubeconfig is there. */
const known = async ({ eyes }: { readonly eyes: MinikubeEyes }) => eyes.files.saveKubeconfig('lab', '{}');

test('containers and API tell that it runs: minikube is not run for it', async () => {
  const seen = look({
    driver: 'docker',
    containers: { lab: 'running', other: 'running' },
    api: [snapshot('lab')],
  });
  expect(await seen.observe()).toMatchObject({
    state: 'running',
    why: null,
    nodes: [{ name: 'lab', role: 'control-plane', ready: true, pods: 1 }],
  });
  expect(seen.calls).toEqual([]);
});

test.each([
  ['stopped', { lab: 'exited', 'lab-m02': 'exited' }, 'stopped', null],
  ['stopped, one node removed', { lab: 'exited' }, 'stopped', 'nodeGone'],
  ['partly stopped', { lab: 'running', 'lab-m02': 'exited' }, 'partial', 'nodeStopped'],
  ['frozen by Docker', { lab: 'paused', 'lab-m02': 'running' }, 'paused', 'nodePaused'],
  ['gone', {}, 'absent', null],
  ['a daemon that is away, never taken for stopped', null, 'unknown', 'dockerDown'],
] as const)('containers: %s', async (_what, containers, state, why) => {
  const seen = look({ driver: 'docker', nodes: 2, containers });
  expect(await seen.observe()).toMatchObject({ state, why });
  expect(seen.calls).toEqual([]);
});

test('not in this Docker: gone, unless it was last seen in another one', async () => {
  const { eyes, observe } = look({ driver: 'docker' });
  await eyes.files.keepDocker('lab', 'this-docker');
  expect(await observe()).toMatchObject({ state: 'absent' });
  await eyes.files.keepDocker('lab', 'other-docker');
  expect(await observe()).toMatchObject({ state: 'unknown', why: 'otherDocker' });
});

test('the label is that of the machine: a second node is found by its name, and missed when it is gone', async () => {
  const both = { lab: 'running', 'lab-m02': 'running' };
  const api = [snapshot('lab', 'lab-m02')];
  expect(await look({ driver: 'docker', nodes: 2, containers: both, api }).observe()).toMatchObject({
    state: 'running',
    nodes: [{ name: 'lab' }, { name: 'lab-m02', role: 'worker' }],
  });
  const one = { lab: 'running' };
  expect(await look({ driver: 'docker', nodes: 2, containers: one, api }).observe()).toMatchObject({
    state: 'degraded',
    why: 'nodeGone',
  });
});

test('Kubernetes paused in a container that runs: minikube tells it', async () => {
  const parts = { driver: 'docker', containers: { lab: 'running' } };
  const seen = look({ ...parts, status: status({ Kubelet: 'Stopped', APIServer: 'Paused' }) });
  await known(seen);
  expect(await seen.observe()).toMatchObject({ state: 'paused', why: 'nodePaused' });
  expect(seen.calls).toEqual(['status']);
});

test('an API that is silent comes up for five minutes, and then is what it is', async () => {
  const parts = { driver: 'docker', containers: { lab: 'running' }, status: status() };
  const young = look({ ...parts, ageMs: 30_000 });
  await known(young);
  expect(await young.observe()).toMatchObject({ state: 'starting', why: 'apiStarting' });
  const old = look(parts);
  await known(old);
  expect(await old.observe()).toMatchObject({ state: 'degraded', why: 'apiSilent' });
});

test('a kubeconfig that leads to another of minikube’s clusters is written anew before anything is believed', async () => {
  const parts = { driver: 'docker', containers: { lab: 'running' }, status: status() };
  const healed = look({ ...parts, api: [snapshot('web'), snapshot('lab')] });
  await known(healed);
  expect(await healed.observe()).toMatchObject({ state: 'running' });
  expect(healed.calls).toEqual(['status', 'update-context']);
  const other = look({ ...parts, api: [snapshot('web')] });
  await known(other);
  expect(await other.observe()).toMatchObject({ state: 'degraded', why: 'otherCluster' });
});

test('a machine: its boot is asked once in a run, and anew after it was not seen to run', async () => {
  const seen = look({
    driver: 'vfkit',
    api: [snapshot('lab'), snapshot('lab'), null, snapshot('lab')],
    status: status({ Host: 'Stopped', Kubelet: 'Stopped', APIServer: 'Stopped' }),
  });
  await known(seen);
  const boots = (): number => seen.calls.filter((call) => call === 'ssh').length;
  expect(await seen.observe()).toMatchObject({ state: 'running' });
  const first = boots();
  expect(await seen.observe()).toMatchObject({ state: 'running' });
  expect(boots()).toBe(first);
  expect(await seen.observe()).toMatchObject({ state: 'stopped', why: null });
  expect(await seen.observe()).toMatchObject({ state: 'running' });
  expect(boots()).toBe(first + 1);
});

test('what only stands under the name is not called, and no kubeconfig of it is taken', async () => {
  const seen = look({ driver: 'vfkit', status: status({ Kubeconfig: 'Misconfigured' }) });
  expect(await observeStanding(seen.eyes, { name: 'lab' })).toMatchObject({ state: 'running' });
  expect(seen.calls).toEqual(['status']);
  expect(await seen.eyes.files.kubeconfigText('lab')).toBeNull();
});
