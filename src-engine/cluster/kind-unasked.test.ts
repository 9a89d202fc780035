import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fail } from '../../src-shared/errors/result.ts';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { settingsSchema } from '../../src-shared/settings.ts';
import { nobody } from '../../src-shared/commands/registry.ts';
import { kindBench, NAME, nodeNames, type KindBench } from '../../test/doubles/kind-bench.ts';
import { recording } from '../../test/doubles/replayed-tool.ts';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { silentLog } from '../platform/log.ts';
import type { ClusterPorts, OperationReport } from './cluster-ports.ts';
import { openClusters, type ClusterRoom } from './cluster-room.ts';
import { dockerEvents } from './docker/docker-events.ts';
import { journalIn } from './journal.ts';
import { kindProvider } from './kind/kind-provider.ts';
import { CLUSTER_LABEL } from './kind/kind-observe.ts';
import { openRegistry } from './registry-file.ts';

const [CONTROL_PLANE = '', WORKER = ''] = nodeNames(2);
const removed = recording('delete-ok', 'delete');

/** The cluster room over kind's provider; a second one on the same folder is the next engine. */
function roomOver(bench: KindBench, folder: string) {
  const shown: Cluster[][] = [];
  const reports: OperationReport[] = [];
  const unasked: string[] = [];
  const { hands } = bench;
  const provider = kindProvider(hands, () => 512, {
    ports: () => ({ hostPort: 28_080, nodePort: 30_080 }),
    listen: (listener) =>
      dockerEvents(
        { socketPath: () => bench.daemon.socket, scheduler: hands.scheduler },
        CLUSTER_LABEL,
        listener,
      ),
  });
  const ports: ClusterPorts = {
    clock: hands.clock,
    scheduler: hands.scheduler,
    log: silentLog,
    runFolder: join(folder, 'run'),
    clustersFolder: join(folder, 'clusters'),
    providers: [provider],
    settings: () =>
      settingsSchema.parse({
        cluster: {
          image: 'example/node:1',
          name: NAME,
        },
      }),
    memory: () => null,
    disk: () => null,
    lan: () => [],
    publish: (clusters) => shown.push([...clusters]),
    report: (report) => reports.push(report),
    changedUnasked: (name, from, to) => unasked.push(`${name}: ${from} > ${to}`),
    mayStopUnasked: () => true,
    knownStep: () => undefined,
    podReport: async () => fail('apiUnreachable', { name: NAME }),
  };
  const now = (): Cluster | undefined => shown.at(-1)?.find(({ name }) => name === NAME);
  return { ports, reports, unasked, now };
}

async function open(ports: ClusterPorts): Promise<ClusterRoom> {
  mkdirSync(ports.runFolder, { recursive: true });
  mkdirSync(ports.clustersFolder, { recursive: true });
  const room = await openClusters(ports);
  onTestFinished(() => room.dispose());
  await room.begun;
  return room;
}

test('adopted with consent alone; from then on what a hand does to it is heard, not polled', async () => {
  const bench = await kindBench({ kind: [recording('get-kubeconfig-ok', 'get')] });
  bench.cluster(2);
  for (const kept of bench.daemon.containers.values()) kept.startedAt = new Date(Date.now() - 3_600_000);
  const { ports, unasked, now } = roomOver(bench, temporaryFolder('kind-unasked'));
  const { handlers } = await open(ports);
  expect(await handlers['cluster.list']({}, nobody)).toMatchObject({
    value: { clusters: [], others: [{ name: NAME, nodes: 2, state: 'running' }] },
  });
  expect(await handlers['cluster.adopt']({ name: NAME, yes: false }, nobody)).toMatchObject({
    error: { code: 'notConfirmed', params: { why: 'adopt' } },
  });
  expect(now()).toBeUndefined();
  expect(await handlers['cluster.adopt']({ name: NAME, yes: true }, nobody)).toMatchObject({
    value: { name: NAME, state: 'running' },
  });
  expect(await handlers['cluster.list']({}, nobody)).toMatchObject({ value: { others: [] } });
  expect(await handlers['cluster.adopt']({ name: NAME, yes: true }, nobody)).toMatchObject({
    error: { code: 'clusterExists' },
  });
  // Far sooner than the next look, which is half a minute away.
  bench.daemon.set(WORKER, 'exited');
  await vi.waitFor(() => expect(now()).toMatchObject({ state: 'partial', why: 'nodeStopped' }), 5000);
  await bench.daemon.goDown();
  await vi.waitFor(() => expect(now()).toMatchObject({ state: 'unknown', why: 'dockerDown' }), 5000);
  await bench.daemon.comeUp();
  await vi.waitFor(() => expect(now()?.state).toBe('running'), 8000);
  expect(unasked.slice(0, 2)).toEqual([`${NAME}: running > partial`, `${NAME}: partial > unknown`]);
}, 30_000);

test('looking at a quiet cluster runs no process, whether somebody watches or not', async () => {
  const bench = await kindBench({ kind: [recording('get-kubeconfig-ok', 'get')] });
  bench.cluster(1);
  for (const kept of bench.daemon.containers.values()) kept.startedAt = new Date(Date.now() - 3_600_000);
  const { ports, now } = roomOver(bench, temporaryFolder('kind-unasked'));
  const { handlers, observeNow, setLive } = await open(ports);
  await handlers['cluster.adopt']({ name: NAME, yes: true }, nobody);
  const looks = (): number =>
    bench.daemon.requests.filter((line) => line.startsWith('GET /containers/json')).length;
  const ran = (): number =>
    bench.kind.calls().length +
    bench.docker.calls().length +
    bench.daemon.requests.filter((line) => line.endsWith('/exec')).length;
  const [looksBefore, before] = [looks(), ran()];
  setLive(true);
  // The looks of an hour at the quiet pace.
  for (let round = 0; round < 120; round += 1) observeNow();
  await vi.waitFor(() => expect(looks()).toBeGreaterThanOrEqual(looksBefore + 120), 20_000);
  expect(now()?.state).toBe('running');
  expect(ran()).toBe(before);
}, 30_000);

test('a create that Docker left half made is told as such, and removed when Docker answers again', async () => {
  const bench = await kindBench({
    kind: [recording('create-killed-SIGTERM', 'create', { signal: 'SIGTERM' }), removed],
  });
  bench.daemon.images.add('example/node:1');
  const { ports, now, reports } = roomOver(bench, temporaryFolder('kind-unasked'));
  const { handlers } = await open(ports);
  const { tools } = bench.hands;
  // Docker goes with kind: neither the undo nor the look after it sees anything.
  Object.assign(bench.hands, {
    tools: {
      ...tools,
      run: async (tool: string, args: readonly string[], options: Parameters<typeof tools.run>[2]) => {
        const isDown = bench.daemon.requests.length > 0 && args[0] === 'delete' && !isBack;
        if (isDown) return { exitCode: 1, failure: null, stdout: '', stderr: DOWN };
        const result = await tools.run(tool, args, options);
        if (args[0] === 'create') await bench.daemon.goDown();
        return result;
      },
    },
  });
  let isBack = false;
  const made = await handlers['cluster.create']({ name: NAME, provider: 'kind', force: true }, nobody);
  expect(made).toMatchObject({ error: { code: 'toolKilled' } });
  expect(now()).toMatchObject({ state: 'unknown', why: 'halfMade' });
  expect([...bench.daemon.containers.keys()]).toEqual([CONTROL_PLANE]);
  isBack = true;
  await bench.daemon.comeUp();
  await vi.waitFor(() => expect(now()).toBeUndefined(), 10_000);
  expect([...bench.daemon.containers.keys()]).toEqual([]);
  expect(reports.at(-1)).toMatchObject({ verb: 'delete', recovered: 'cleanUp', outcome: 'done' });
}, 30_000);

/** A create of the control plane that a crash has cut off, in the registry and in the journal. */
async function leftOpen(ports: ClusterPorts, startedAt: string) {
  mkdirSync(ports.runFolder, { recursive: true });
  const registry = await openRegistry(ports.clustersFolder);
  await registry.put({
    name: NAME,
    provider: 'kind',
    createdAt: '',
    nodes: 1,
    image: '',
    hostPort: 28080,
    nodePort: 30080,
    config: '',
    tunnel: null,
  });
  const journal = journalIn(ports.runFolder);
  journal.write({
    name: NAME,
    verb: 'create',
    step: 'startControlPlane',
    startedAt,
    touched: true,
    children: [],
  });
  return journal;
}

test('the next engine finds it too, in the journal', async () => {
  const bench = await kindBench({ kind: [removed] });
  bench.cluster(1);
  const folder = temporaryFolder('kind-unasked');
  const { ports, now, reports } = roomOver(bench, folder);
  const journal = await leftOpen(ports, new Date().toISOString());
  await bench.daemon.goDown();
  await open(ports);
  expect(now()).toMatchObject({ state: 'unknown', why: 'halfMade' });
  await bench.daemon.comeUp();
  await vi.waitFor(() => expect(now()).toBeUndefined(), 10_000);
  expect([...bench.daemon.containers.keys()]).toEqual([]);
  expect(reports.map(({ outcome }) => outcome)).toEqual(['failed', 'done']);
  expect(await journal.open()).toEqual([]);
}, 30_000);

test.each([
  ['by its containers', ['container-0']],
  ['by when they were made', []],
])(
  'what somebody made anew under that name since is theirs, told %s',
  async (_, made) => {
    const bench = await kindBench({ kind: [removed] });
    bench.cluster(1);
    const folder = temporaryFolder('kind-unasked');
    const { ports, now, reports } = roomOver(bench, folder);
    const journal = await leftOpen(ports, '2026-01-01T00:00:00Z');
    await bench.hands.files.keep(NAME, { made });
    await open(ports);
    await vi.waitFor(() => expect(reports).toHaveLength(1), 10_000);
    expect(now()).toBeUndefined();
    expect([...bench.daemon.containers.keys()]).toEqual([`${NAME}-control-plane`]);
    expect(reports[0]).toMatchObject({ verb: 'delete', outcome: 'failed', error: { code: 'clusterExists' } });
    expect(await journal.open()).toEqual([]);
  },
  30_000,
);

const DOWN =
  'ERROR: failed to delete cluster: Cannot connect to the Docker daemon at unix:///var/run/docker.sock.';
