import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { kindBench, NAME } from '../../../test/doubles/kind-bench.ts';
import { recording, type Replay } from '../../../test/doubles/replayed-tool.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { isAlive, refOf } from '../../platform/processes.ts';

const IMAGE = 'example/node:1';
const removed = recording('delete-ok', 'delete');
/** kind's output as a slow pipe gives it: its signs are three and four bytes long. */
const inPieces = { pieceBytes: 7 };
const verbs = (calls: readonly { readonly args: readonly string[] }[]): string[] =>
  calls.map(({ args }) => args[0] ?? '');

describe('a create that ends well', () => {
  test('three nodes: the steps are those that kind tells, and then the proofs', async () => {
    const bench = await kindBench({
      kind: [recording('create-3node-ok', 'create', inPieces)],
      record: { nodes: 3 },
    });
    bench.daemon.images.add(IMAGE);
    const { error, steps } = await bench.run('create');
    expect(error).toBeNull();
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
      'joinWorkers',
      'waitApi',
      'proveHeartbeat',
      'proveLeader',
      'proveDns',
      'proveName',
      'saveOrder',
    ]);
    const [call] = bench.kind.calls();
    const own = bench.hands.files.kubeconfig(NAME);
    expect(call?.args).toEqual(
      expect.arrayContaining(['--config', '-', '--image', IMAGE, '--name', NAME, '--kubeconfig', own]),
    );
    expect(call?.kubeconfig).toBe(own);
    expect(JSON.parse(call?.input ?? '')).toMatchObject({
      nodes: [{ role: 'control-plane' }, { role: 'worker' }, { role: 'worker' }],
    });
    expect((await bench.hands.files.kept(NAME)).order).toEqual([
      'core-control-plane',
      'core-worker',
      'core-worker2',
    ]);
    expect(bench.docker.calls()).toEqual([]);
  });

  test('an image that is not there is fetched by docker, layer by layer', async () => {
    const said = [
      '1: Pulling from example/node',
      'aaaaaaaaaaaa: Pulling fs layer',
      'bbbbbbbbbbbb: Pulling fs layer',
      'aaaaaaaaaaaa: Pull complete',
      'bbbbbbbbbbbb: Download complete',
      'bbbbbbbbbbbb: Pull complete',
    ];
    const bench = await kindBench({
      kind: [recording('create-single-ok', 'create')],
      docker: [{ when: 'pull', stdout: `${said.join('\n')}\n`, pieceBytes: 20, pauseMs: 1 }],
    });
    const { error, details } = await bench.run('create');
    expect(error).toBeNull();
    expect(bench.docker.calls().map(({ args }) => args)).toEqual([['pull', IMAGE]]);
    expect(details).toEqual(expect.arrayContaining(['0/1', '0/2', '1/2', '2/2']));
  });
});

describe('a create that fails', () => {
  test.each([
    ['kubeadm-init-fails', 'kubeadmFailed', 'error execution phase wait-control-plane'],
    ['kubeadm-join-fails', 'kubeadmJoinFailed', 'error execution phase kubelet-start'],
  ])('%s: one line of cause, and the whole log in a file that is named', async (name, code, cause) => {
    const failing = recording(name, 'create', inPieces);
    const bench = await kindBench({ kind: [failing, removed] });
    bench.daemon.images.add(IMAGE);
    const { error } = await bench.run('create');
    expect(error).toMatchObject({ code, params: { detail: expect.stringContaining(cause) as string } });
    expect(String(error?.params['detail'])).not.toContain('\n');
    const log = readFileSync(String(error?.params['log']), 'utf8');
    expect(log.trimEnd().split('\n')).toEqual((failing.stderr ?? '').trimEnd().split('\n'));
    expect(verbs(bench.kind.calls())).toEqual(['create', 'delete']);
    // The log outlives what never came to be; a delete takes it along.
    await bench.run('delete');
    expect(existsSync(String(error?.params['log']))).toBe(false);
  });

  test.each([
    ['SIGTERM to kind', { signal: 'SIGTERM' }, 'create-killed-SIGTERM', 'toolKilled'],
    ['SIGKILL to kind', { signal: 'SIGKILL' }, 'create-killed-SIGTERM', 'toolKilled'],
    ['a port that was taken meanwhile', {}, 'port-taken-by-process', 'portTaken'],
    ['a daemon that went away meanwhile', {}, 'docker-down-create', 'dockerDown'],
  ] as const)('%s: named, and no node is left', async (_, change: Partial<Replay>, name, code) => {
    const bench = await kindBench({ kind: [recording(name, 'create', change), removed] });
    bench.daemon.images.add(IMAGE);
    const { error } = await bench.run('create');
    expect(error?.code).toBe(code);
    expect(verbs(bench.kind.calls())).toEqual(['create', 'delete']);
    expect([...bench.daemon.containers.keys()]).toEqual([]);
  });

  test('a name that somebody took meanwhile is theirs, and stays', async () => {
    const bench = await kindBench({ kind: [removed] });
    bench.daemon.images.add(IMAGE);
    const { containers } = bench.hands.docker;
    let asked = 0;
    Object.assign(bench.hands.docker, {
      async containers(label: string) {
        asked += 1;
        if (asked === 2) bench.cluster(1);
        return containers(label);
      },
    });
    const { error } = await bench.run('create');
    expect(error?.code).toBe('clusterExists');
    expect(bench.kind.calls()).toEqual([]);
    expect([...bench.daemon.containers.keys()]).toEqual(['core-control-plane']);
  });

  test('cancelled in the middle: kind is gone, and so are the nodes in which kubeadm would go on', async () => {
    const pids: number[] = [];
    const bench = await kindBench({
      kind: [recording('create-killed-SIGINT', 'create', { stays: true }), removed],
    });
    bench.daemon.images.add(IMAGE);
    const { tools } = bench.hands;
    Object.assign(bench.hands, {
      tools: {
        ...tools,
        run: (tool: string, args: readonly string[], options: Parameters<typeof tools.run>[2]) =>
          tools.run(tool, args, { ...options, onSpawn: (pid) => pids.push(pid) }),
      },
    });
    const cancel = new AbortController();
    const running = bench.run('create', cancel.signal);
    await vi.waitFor(() => expect(pids).toHaveLength(1), 5000);
    const child = await refOf(pids[0] ?? 0);
    await vi.waitFor(() => expect(bench.kind.calls()).toHaveLength(1), 5000);
    cancel.abort({ code: 'cancelled', params: { name: NAME, verb: 'create' } });
    expect((await running).error?.code).toBe('cancelled');
    expect(child !== null && (await isAlive(child))).toBe(false);
    expect([...bench.daemon.containers.keys()]).toEqual([]);
  });

  test('a registry that is not reached is named before kind is run', async () => {
    const said = /Command Output: (.*)/.exec(recording('image-missing', '').stderr ?? '')?.[1] ?? '';
    const bench = await kindBench({ docker: [{ when: 'pull', stderr: `${said}\n`, exit: 1 }] });
    const { error } = await bench.run('create');
    expect(error).toMatchObject({ code: 'pullFailed', params: { image: IMAGE } });
    expect(bench.kind.calls()).toEqual([]);
  });
});

describe('what is seen before kind is run', () => {
  async function refused(hands: object, prepare?: (bench: Awaited<ReturnType<typeof kindBench>>) => void) {
    const bench = await kindBench({ hands });
    bench.daemon.images.add(IMAGE);
    prepare?.(bench);
    const { error } = await bench.run('create');
    expect(bench.kind.calls()).toEqual([]);
    return error;
  }

  test('the port: which container has it, that a process has it, or that the address is not of this Mac', async () => {
    const params = { port: '28080' };
    expect(await refused({}, ({ daemon }) => daemon.put('web', { ports: { '80/tcp': 28_080 } }))).toEqual({
      code: 'portTaken',
      params: { ...params, why: 'holder', holder: 'web' },
    });
    expect(await refused({ probePort: async () => 'taken' })).toEqual({ code: 'portTaken', params });
    expect(await refused({ probePort: async () => 'foreign' })).toEqual({
      code: 'addressNotHere',
      params: { address: '127.0.0.1' },
    });
  });

  test('the name, and that Docker does not answer', async () => {
    const taken = await refused({}, (bench) => bench.cluster(1));
    expect(taken).toEqual({ code: 'clusterExists', params: { name: NAME } });
    const bench = await kindBench();
    await bench.daemon.goDown();
    expect((await bench.run('create')).error?.code).toBe('dockerDown');
  });

  test('the disk, where the daemon is of this very machine', async () => {
    const bench = await kindBench({ hands: { freeBytes: async () => 100 * 1024 * 1024 } });
    bench.daemon.images.add(IMAGE);
    Object.assign(bench.hands, {
      docker: { ...bench.hands.docker, info: async () => ({ rootFolder: '/data', isLocal: true }) },
    });
    expect((await bench.run('create')).error).toEqual({
      code: 'runtimeDiskShort',
      params: { freeGb: '0.1', needGb: '0.5' },
    });
  });

  test('a configuration file: its ports, and how many nodes it makes', async () => {
    const file = join(temporaryFolder('kind-config'), 'kind.yaml');
    const given = async (config: object | string, code: string, params: object) => {
      writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config));
      const bench = await kindBench({
        record: { config: file },
        hands: { probePort: async ({ port }) => (port === 6443 ? 'taken' : null) },
      });
      bench.daemon.images.add(IMAGE);
      expect((await bench.run('create')).error).toEqual({ code, params });
      expect(bench.kind.calls()).toEqual([]);
    };
    await given({ networking: { apiServerPort: 6443 } }, 'portTaken', { port: '6443' });
    const two = { nodes: [{ role: 'control-plane' }, { role: 'control-plane' }] };
    await given(two, 'configNodes', { controlPlanes: 2, workers: 0 });
    await given({ nodes: [{ role: 'worker' }] }, 'configNodes', { controlPlanes: 0, workers: 1 });
    await given({ nodes: 'many' }, 'configUnreadable', { path: file });
  });
});
