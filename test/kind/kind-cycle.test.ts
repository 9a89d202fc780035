import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { eventually, openRig, processesNaming, type Rig } from '../engine/tandem.ts';
import { deleteCluster, docker, run, tools, toolsEnv } from './tools.ts';

// The main job on the real tool: kind and Docker as brought up by rig/up.sh.
const NAME = `cycle-${process.pid}`;
const MINUTE_MS = 60_000;

let rig: Rig;
let theirs: string;
const containers = (): Promise<string> =>
  docker('ps', '-a', '--filter', `label=io.x-k8s.kind.cluster=${NAME}`, '--format', '{{.Names}} {{.State}}');
const create = ['cluster', 'create', NAME, '--provider', 'kind', '--image', tools.nodeImage];

beforeAll(async () => {
  rig = openRig(toolsEnv);
  theirs = join(rig.home, '.kube/config');
  mkdirSync(join(rig.home, '.kube'));
  writeFileSync(theirs, 'apiVersion: v1\nkind: Config\ncurrent-context: their-own\n');
  await rig.startEngine();
  await rig.tandem('settings', 'set', 'cluster.hostPort', '47390');
});
afterAll(async () => {
  await deleteCluster(NAME);
  await rig.close();
});

describe('one node, on real Docker and kind', () => {
  test(
    "create: running means the proofs of life, and the steps are kind's own",
    async () => {
      const created = await rig.tandem(...create, '--json');
      expect(created.stderr.split('\n').filter((line) => line.startsWith('{"error'))).toEqual([]);
      expect(JSON.parse(created.stdout)).toMatchObject({
        state: 'running',
        nodes: [{ name: `${NAME}-control-plane`, role: 'control-plane', ready: true }],
      });
      const steps = (
        ((await rig.history()).at(-1)?.evidence['steps'] as [string, number][] | undefined) ?? []
      ).map(([id]) => id);
      expect(steps).toEqual([
        'checkDocker',
        'checkAbsent',
        'checkPorts',
        'checkDisk',
        'pullImage',
        'ensureImage',
        'prepareNodes',
        'writeConfig',
        'startControlPlane',
        'installCni',
        'installStorage',
        'waitApi',
        'proveHeartbeat',
        'proveLeader',
        'proveDns',
        'proveName',
        'saveOrder',
      ]);
    },
    5 * MINUTE_MS,
  );

  test('the kubeconfig is private, works for kubectl, and theirs is untouched', async () => {
    const mine = join(rig.home, 'clusters/kind', `${NAME}.kubeconfig`);
    expect(statSync(mine).mode & 0o777).toBe(0o600);
    const { kubeconfig } = await rig.json<{ kubeconfig: string }>('cluster', 'kubeconfig', NAME);
    const copy = join(rig.home, 'copy');
    writeFileSync(copy, kubeconfig, { mode: 0o600 });
    expect(
      (await run(tools.kubectl, ['--kubeconfig', copy, 'get', 'nodes', '-o', 'name'])).stdout.trim(),
    ).toBe(`node/${NAME}-control-plane`);
    expect(readFileSync(theirs, 'utf8')).toBe('apiVersion: v1\nkind: Config\ncurrent-context: their-own\n');
  });

  test('the workload port is published on loopback only', async () => {
    expect(await docker('port', `${NAME}-control-plane`, '30080/tcp')).toBe('127.0.0.1:47390');
  });

  test(
    'stop stays: the restart policy is "no" until the start',
    async () => {
      expect(await rig.json<Cluster>('cluster', 'stop', NAME)).toMatchObject({
        state: 'stopped',
        nodes: [{ ready: false }],
      });
      expect(await containers()).toBe(`${NAME}-control-plane exited`);
      expect(
        await docker('inspect', '-f', '{{.HostConfig.RestartPolicy.Name}}', `${NAME}-control-plane`),
      ).toBe('no');
    },
    2 * MINUTE_MS,
  );

  test(
    'start: running only after the proofs, each a step, and the policy is back',
    async () => {
      const before = Date.now();
      const started = await rig.tandem('cluster', 'start', NAME, '--json');
      expect(JSON.parse(started.stdout)).toMatchObject({ state: 'running' });
      const steps = ((await rig.history()).at(-1)?.evidence['steps'] ?? []) as [string, number][];
      expect(steps.map(([id]) => id).slice(-7)).toEqual([
        'waitApi',
        'proveHeartbeat',
        'proveLeader',
        'proveDns',
        'proveName',
        'uncordonNodes',
        'countNodes',
      ]);
      expect(
        await docker('inspect', '-f', '{{.HostConfig.RestartPolicy.Name}}', `${NAME}-control-plane`),
      ).toBe('on-failure');
      const { kubeconfig } = await rig.json<{ kubeconfig: string }>('cluster', 'kubeconfig', NAME);
      writeFileSync(join(rig.home, 'copy'), kubeconfig);
      const lease = await run(tools.kubectl, [
        '--kubeconfig',
        join(rig.home, 'copy'),
        '-n',
        'kube-system',
        'get',
        'lease',
        'kube-controller-manager',
        '-o',
        'jsonpath={.spec.acquireTime}',
      ]);
      expect(Date.parse(lease.stdout)).toBeGreaterThan(before - 1000);
    },
    5 * MINUTE_MS,
  );

  test(
    'drain: the pods go, the node is closed by us and by nobody else; a start opens it',
    async () => {
      const kubectl = async (...args: string[]): Promise<string> =>
        (await run(tools.kubectl, ['--kubeconfig', join(rig.home, 'copy'), ...args])).stdout.trim();
      const pods = (): Promise<string> => kubectl('get', 'pods', '-o', 'jsonpath={.items[*].spec.nodeName}');
      await kubectl('apply', '-f', fileURLToPath(new URL('rig/hello.yaml', import.meta.url)));
      await kubectl('rollout', 'status', 'deployment/hello', '--timeout=60s');
      expect((await pods()).split(' ')).toHaveLength(2);
      const drained = await rig.tandem('cluster', 'drain', NAME, '--json');
      expect(drained.code, drained.stderr).toBe(0);
      expect(JSON.parse(drained.stdout)).toMatchObject({ state: 'running', why: 'drained' });
      // Their containers have ended; the API forgets them in the next moment.
      await eventually('no pod on the node', async () => (await pods()) === '');
      const node = JSON.parse(
        await kubectl('get', 'node', `${NAME}-control-plane`, '-o', 'json', '--show-managed-fields'),
      ) as { metadata: { managedFields: { manager: string; fieldsV1: object }[] } };
      const ours = node.metadata.managedFields.filter(({ manager }) => manager === 'tandem');
      expect(ours.map(({ fieldsV1 }) => fieldsV1)).toEqual([{ 'f:spec': { 'f:unschedulable': {} } }]);
      expect(await rig.json<Cluster>('cluster', 'start', NAME)).toMatchObject({
        state: 'running',
        why: null,
      });
      await kubectl('rollout', 'status', 'deployment/hello', '--timeout=60s');
    },
    3 * MINUTE_MS,
  );

  test(
    'a second verb meanwhile is refused; kill -9 in the middle of a stop resumes it',
    async () => {
      const stopping = rig.tandem('cluster', 'stop', NAME, '--json');
      await eventually(
        'stop under way',
        async () => (await rig.cluster(NAME))?.operation?.step === 'stopControlPlane',
      );
      const refused = await rig.tandem('cluster', 'delete', NAME, '--yes', '--json');
      expect(refused.stderr).toContain('clusterBusy');
      await rig.kill('SIGKILL');
      await stopping;
      await rig.startEngine();
      await eventually(
        'stopped',
        async () => {
          const seen = await rig.cluster(NAME);
          return seen?.state === 'stopped' && seen.operation === null;
        },
        MINUTE_MS,
      );
      expect((await rig.history()).at(-1)).toMatchObject({
        what: expect.stringContaining('resumed after a crash') as string,
      });
    },
    3 * MINUTE_MS,
  );

  test(
    'delete leaves no container, no file',
    async () => {
      expect(await rig.json<Cluster>('cluster', 'delete', NAME, '--yes')).toMatchObject({ state: 'absent' });
      expect(await containers()).toBe('');
      expect(existsSync(join(rig.home, 'clusters/kind', `${NAME}.kubeconfig`))).toBe(false);
    },
    2 * MINUTE_MS,
  );
});

describe('what is not ours', () => {
  test(
    "somebody's cluster of the same name is refused by name, and stays",
    async () => {
      const env = {
        ...process.env,
        DOCKER_HOST: tools.dockerHost,
        KUBECONFIG: join(rig.home, 'their-kubeconfig'),
      };
      await run(tools.kind, ['create', 'cluster', '--name', NAME, '--image', tools.nodeImage], { env });
      const refused = await rig.tandem(...create, '--json');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('clusterExists');
      expect(await containers()).toBe(`${NAME}-control-plane running`);
      expect((await rig.status()).clusters).toEqual([]);
      await run(tools.kind, ['delete', 'cluster', '--name', NAME], { env });
    },
    3 * MINUTE_MS,
  );
});

describe('cut off', () => {
  test(
    'cancel of a create leaves nothing running',
    async () => {
      const creating = rig.tandem(...create, '--json');
      await eventually(
        'the control plane starting',
        async () => (await rig.cluster(NAME))?.operation?.step === 'startControlPlane',
        MINUTE_MS,
      );
      expect((await rig.tandem('cluster', 'cancel', NAME)).code).toBe(0);
      expect((await creating).code).toBe(1);
      expect(await containers()).toBe('');
      expect((await rig.status()).clusters).toEqual([]);
      expect(processesNaming(NAME).filter((line) => !line.includes('vitest'))).toEqual([]);
    },
    3 * MINUTE_MS,
  );

  test(
    'kill -9 of the engine in the middle of a create: kind and its containers are gone, one line tells it',
    async () => {
      const before = (await rig.history()).length;
      const creating = rig.tandem(...create, '--json');
      await eventually(
        'the control plane starting',
        async () => (await rig.cluster(NAME))?.operation?.step === 'startControlPlane',
        MINUTE_MS,
      );
      await rig.kill('SIGKILL');
      await creating;
      await rig.startEngine();
      await eventually('cleaned up', async () => (await rig.status()).clusters.length === 0, MINUTE_MS);
      expect(await containers()).toBe('');
      expect((await rig.history()).slice(before).map(({ what }) => what)).toEqual([
        expect.stringContaining('cleaned up after a crash'),
      ]);
    },
    3 * MINUTE_MS,
  );

  test(
    'a daemon that is down is unknown, never stopped',
    async () => {
      const blind = openRig({
        PATH: `${tools.binDir}:${process.env['PATH'] ?? ''}`,
        DOCKER_HOST: `unix://${join(rig.home, 'nobody.sock')}`,
      });
      mkdirSync(join(blind.home, 'clusters'), { recursive: true });
      writeFileSync(
        join(blind.home, 'clusters/registry.json'),
        JSON.stringify({
          clusters: [
            {
              name: 'away',
              provider: 'kind',
              createdAt: new Date().toISOString(),
              nodes: 1,
              image: '',
              hostPort: 47391,
              nodePort: 30080,
              config: '',
            },
          ],
        }),
      );
      await blind.startEngine();
      await eventually('seen', async () => (await blind.cluster('away'))?.why === 'dockerDown');
      expect((await blind.cluster('away'))?.state).toBe('unknown');
      const refused = await blind.tandem('cluster', 'start', 'away', '--json');
      expect(refused.stderr).toContain('dockerDown');
      await blind.close();
    },
    MINUTE_MS,
  );
});
