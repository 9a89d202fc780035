import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { dockerDaemon, type DockerDaemon } from '../doubles/docker-daemon.ts';
import { recording, replayedTool, type ReplayedTool } from '../doubles/replayed-tool.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';
import { eventually, openRig, type Ran, type Rig } from './tandem.ts';

// kind and Docker as they were recorded, under a whole engine: what cannot be caused on the real ones, or not in a second.
let rig: Rig;
let daemon: DockerDaemon;
let kind: ReplayedTool;

beforeEach(async () => {
  daemon = await dockerDaemon();
  const tools = temporaryFolder('kind-double');
  kind = replayedTool(tools, 'kind', [
    { when: 'version', stdout: 'kind v0.33.0 go1.27 linux/amd64\n' },
    recording('get-kubeconfig-ok', 'get'),
    recording('kubeadm-join-fails', 'create', { pieceBytes: 400 }),
    recording('delete-ok', 'delete'),
  ]);
  rig = openRig({ PATH: `${tools}:${process.env['PATH'] ?? ''}`, DOCKER_HOST: `unix://${daemon.socket}` });
  await rig.startEngine();
});
afterEach(async () => {
  await rig.close();
  await daemon.close();
});

const errorOf = ({ stderr }: Ran) =>
  (
    JSON.parse(stderr.split('\n').findLast((line) => line.startsWith('{"error')) ?? '') as {
      error: { code: string; message: string; hint: string };
    }
  ).error;

test('made elsewhere: listed, adopted with consent alone, and what a hand does to it is heard at once', async () => {
  daemon.put('core-control-plane', {
    cluster: 'core',
    role: 'control-plane',
    ports: { '30080/tcp': 28_080 },
  });
  daemon.put('core-worker', { cluster: 'core', role: 'worker' });
  expect((await rig.tandem('cluster', 'list')).stdout).toContain('core (kind)');
  const refused = await rig.tandem('cluster', 'adopt', 'core', '--json');
  expect(refused.code).toBe(1);
  expect(errorOf(refused)).toMatchObject({
    code: 'notConfirmed',
    hint: expect.stringContaining('--yes') as string,
  });
  expect((await rig.status()).clusters).toEqual([]);
  const { nodes } = await rig.json<Cluster>('cluster', 'adopt', 'core', '--yes');
  expect(nodes.map(({ name }) => name)).toEqual(['core-control-plane', 'core-worker']);
  const { kubeconfig } = await rig.json<{ kubeconfig: string }>('cluster', 'kubeconfig', 'core');
  expect(kubeconfig).toBe(recording('get-kubeconfig-ok', 'get').stdout);
  expect(kind.calls().map((call) => call.kubeconfig ?? '')).toContain(
    join(rig.home, 'clusters/kind/core.kubeconfig'),
  );
  // None of its own pods fails, as far as anybody knows: there is nothing to tell of, and no other is told of.
  const logs = await rig.tandem('cluster', 'logs', 'core', '--json');
  expect([logs.code, errorOf(logs).code]).toEqual([1, 'podNotFailing']);
  // Far sooner than the next look of half a minute.
  daemon.set('core-worker', 'exited');
  await eventually('partial', async () => (await rig.cluster('core'))?.why === 'nodeStopped', 10_000);
  await daemon.goDown();
  await eventually('unknown', async () => (await rig.cluster('core'))?.why === 'dockerDown', 10_000);
  await daemon.comeUp();
  daemon.set('core-control-plane', 'paused');
  await eventually('paused', async () => (await rig.cluster('core'))?.state === 'paused', 15_000);
  expect(await rig.json<Cluster>('cluster', 'stop', 'core')).toMatchObject({ state: 'stopped' });
  expect([...daemon.containers.values()].map(({ state, policy }) => `${state} ${policy}`)).toEqual([
    'exited no',
    'exited no',
  ]);
});

test('a late failure of kubeadm: its one line, the file with all of it, and nothing is left', async () => {
  daemon.images.add('example/node:1');
  const words = [
    'cluster',
    'create',
    'core',
    '--provider',
    'kind',
    '--nodes',
    '3',
    '--image',
    'example/node:1',
  ];
  const ran = await rig.tandem(...words, '--json');
  expect(ran.code).toBe(1);
  const error = errorOf(ran);
  expect(error.code).toBe('kubeadmJoinFailed');
  expect(error.message).toContain('core-worker');
  expect(error.message).toContain('error execution phase kubelet-start');
  const log = join(rig.home, 'logs/kind-core.log');
  expect(error.hint).toContain(log);
  expect(readFileSync(log, 'utf8')).toContain('[discovery] Waiting for the cluster-info ConfigMap');
  expect((await rig.status()).clusters).toEqual([]);
  expect(kind.calls().map(({ args }) => args[0])).toEqual(expect.arrayContaining(['create', 'delete']));
  expect(existsSync(join(rig.home, '.kube'))).toBe(false);
});
