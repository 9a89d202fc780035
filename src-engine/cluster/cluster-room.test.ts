import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { nobody } from '../../src-shared/commands/registry.ts';
import { fail, ok, type TandemError } from '../../src-shared/errors/result.ts';
import { settingsSchema } from '../../src-shared/settings.ts';
import type { Cluster, Workload } from '../../src-shared/world/clusters.ts';
import { silentLog } from '../platform/log.ts';
import type { ClusterPorts } from './cluster-ports.ts';
import { openClusters } from './cluster-room.ts';
import type { ClusterProvider, Observation } from './provider.ts';

/** The cluster room over a tool whose one step takes as long as it is told. */
async function room() {
  const folder = temporaryFolder('cluster-room');
  const time = fakeTime();
  const seen: Observation = { state: 'absent', why: null, nodes: [], source: 'test' };
  const tool = { seen, tookMs: 10_000, error: null as TandemError | null };
  const shown: Cluster[] = [];
  const asked: string[] = [];
  const provider: ClusterProvider = {
    name: 'kind',
    status: async () => ({ provider: 'kind', available: true, version: '1', why: null }),
    observe: async () => tool.seen,
    plan: async () =>
      ok({
        steps: [
          {
            id: 'waitApi',
            limitMs: 600_000,
            async run() {
              await time.advance(tool.tookMs);
              if (tool.error !== null) return { ok: false, error: tool.error };
              tool.seen = { ...tool.seen, state: 'running' };
              return ok(undefined);
            },
          },
        ],
        expected: ['running'],
        undo: async () => undefined,
      }),
    kubeconfig: async () => ok('its text'),
    memoryNeed: async () => ({ needBytes: 0, touchedBytes: 0 }),
    endOrphans: async () => [],
  };
  const ports: ClusterPorts = {
    ...time,
    log: silentLog,
    runFolder: join(folder, 'run'),
    clustersFolder: join(folder, 'clusters'),
    providers: [provider],
    settings: () => settingsSchema.parse({ cluster: { name: 'lab' } }),
    memory: () => null,
    disk: () => null,
    lan: () => [],
    publish: (clusters) => void shown.splice(0, Infinity, ...clusters),
    report: () => undefined,
    changedUnasked: () => undefined,
    knownStep: () => undefined,
    mayStopUnasked: () => false,
    async podReport(cluster, kubeconfig, pod) {
      asked.push(`${cluster} ${kubeconfig} ${pod}`);
      return ok({ pod, node: null, containers: [], events: [] });
    },
  };
  for (const each of [ports.runFolder, ports.clustersFolder]) mkdirSync(each, { recursive: true });
  const { handlers, begun, dispose } = await openClusters(ports);
  onTestFinished(dispose);
  await begun;
  const start = async (tookMs: number): Promise<Cluster | undefined> => {
    tool.tookMs = tookMs;
    tool.seen = { ...tool.seen, state: 'stopped' };
    await handlers['cluster.start']({ force: true }, nobody);
    return shown[0];
  };
  const create = () => handlers['cluster.create']({ nodes: 1, force: true }, nobody);
  return { handlers, tool, asked, start, create };
}

const pod = (name: string): Workload['worst'][number] => ({
  name,
  standing: 'failing',
  why: 'Error',
  restarts: 1,
});
const failing = (...names: string[]) =>
  ({ pods: { failing: names.length }, worst: names.map(pod), warnings: null }) as unknown as Workload;

test('the last operation stays with its steps; slow is said from the fourth run on, and only of what is', async () => {
  const { start, create } = await room();
  await create();
  const stepOf = (cluster: Cluster | undefined) => cluster?.lastOperation?.steps[0];
  for (const _ of [1, 2, 3]) expect(stepOf(await start(60_000))?.slow).toBeUndefined();
  expect(await start(20_000)).toMatchObject({
    operation: null,
    lastOperation: {
      verb: 'start',
      outcome: 'done',
      elapsedMs: 20_000,
      steps: [{ step: 'waitApi', status: 'done', elapsedMs: 20_000, usualMs: 60_000 }],
    },
  });
  expect(stepOf(await start(90_000))?.slow).toBeUndefined();
  expect(stepOf(await start(91_000))).toMatchObject({ usualMs: 60_000, slow: true });
});

test('an operation that failed is kept with the step that did', async () => {
  const { start, create, tool } = await room();
  await create();
  tool.error = { code: 'dockerDown', params: {} };
  expect((await start(3000))?.lastOperation).toMatchObject({
    outcome: 'failed',
    steps: [{ step: 'waitApi', status: 'failed', elapsedMs: 3000 }],
  });
});

test('logs of the worst of its own pods, of one by its name, and of no other', async () => {
  const { handlers, create, tool, asked } = await room();
  await create();
  const logs = (name?: string) => handlers['cluster.logs'](name === undefined ? {} : { pod: name }, nobody);
  const none = fail('podNotFailing', { why: 'none', name: 'lab' });
  expect(await logs()).toEqual(none);
  const look = async (workload: Workload) => {
    tool.seen = { ...tool.seen, workload };
    // A start of what runs is only a look.
    await handlers['cluster.start']({ force: false }, nobody);
  };
  await look(failing('shop/web'));
  expect(await logs()).toEqual(none);
  expect(await logs('shop/web')).toMatchObject({
    error: { code: 'podNotFailing', params: { pod: 'shop/web' } },
  });
  await look(failing('kube-system/coredns-1', 'kube-system/etcd', 'shop/web'));
  expect(await logs()).toMatchObject({ value: { pod: 'kube-system/coredns-1' } });
  expect(await logs('kube-system/etcd')).toMatchObject({ value: { pod: 'kube-system/etcd' } });
  expect((await logs('kube-system/kube-proxy-1')).ok).toBe(false);
  expect(asked).toEqual(['lab its text kube-system/coredns-1', 'lab its text kube-system/etcd']);
});
