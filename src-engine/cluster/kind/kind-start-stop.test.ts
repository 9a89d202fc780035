import { describe, expect, test } from 'vitest';
import { allProven, kindBench, nodeNames, NAME } from '../../../test/doubles/kind-bench.ts';
import type { KindHands } from './kind-hands.ts';
import { observeKind } from './kind-observe.ts';
import type { ClusterRecord } from '../provider.ts';

const record = { name: NAME, provider: 'kind', nodes: 3, config: '' } as ClusterRecord;
const [CONTROL_PLANE = '', WORKER = '', WORKER2 = ''] = nodeNames(3);

/** A cluster of three that runs, with its kubeconfig. */
async function three(hands: Partial<KindHands> = {}) {
  const bench = await kindBench({ record: { nodes: 3 }, hands });
  bench.cluster(3);
  await bench.hands.files.saveKubeconfig(NAME, 'kind: Config\n');
  const { daemon } = bench;
  const states = (): string[] => nodeNames(3).map((name) => daemon.containers.get(name)?.state ?? 'gone');
  const order = (verb: 'start' | 'stop'): string[] =>
    daemon.requests.flatMap((line) => new RegExp(`^POST /containers/(.*)/${verb}`).exec(line)?.[1] ?? []);
  return Object.assign(bench, { states, order, observe: () => observeKind(bench.hands, record) });
}

describe('stop', () => {
  test('is sticky before the first node ends, workers before the control plane', async () => {
    const { run, daemon, states, order } = await three();
    expect((await run('stop')).error).toBeNull();
    expect(states()).toEqual(['exited', 'exited', 'exited']);
    const stops = order('stop');
    expect(stops.at(-1)).toBe(CONTROL_PLANE);
    expect(stops.slice(0, 2).sort()).toEqual([WORKER, WORKER2]);
    const lastUpdate = daemon.requests.findLastIndex((line) => line.endsWith('/update'));
    expect(lastUpdate).toBeLessThan(daemon.requests.findIndex((line) => line.includes('/stop')));
    await daemon.goDown();
    await daemon.comeUp();
    expect(states()).toEqual(['exited', 'exited', 'exited']);
  });

  test('what a hand stops comes up with the daemon: the double does as the recording shows', async () => {
    const { daemon, states } = await three();
    nodeNames(3).forEach((name) => daemon.set(name, 'exited'));
    await daemon.goDown();
    await daemon.comeUp();
    expect(states()).toEqual(['running', 'running', 'running']);
  });

  test.each([
    [1400, 9],
    [60_000, 5],
  ])(
    'workers that take %i ms leave the control plane %i s of ten, never too few for etcd',
    async (tookMs, left) => {
      const clock = {
        wall: () => new Date(),
        monotonicMs: (): number => (bench.daemon.containers.get(WORKER2)?.state === 'exited' ? tookMs : 0),
      };
      const bench = await three({ clock });
      expect((await bench.run('stop')).error).toBeNull();
      const graceOf = (name: string): string | undefined =>
        bench.daemon.requests.flatMap(
          (line) => new RegExp(`/${name}/stop\\?t=(\\d+)`).exec(line)?.[1] ?? [],
        )[0];
      expect([graceOf(WORKER), graceOf(CONTROL_PLANE)]).toEqual(['10', `${left}`]);
    },
  );

  test('of a paused cluster wakes it first: a paused process hears no signal', async () => {
    const { run, daemon, states } = await three();
    nodeNames(3).forEach((name) => daemon.set(name, 'paused'));
    expect((await run('stop')).error).toBeNull();
    expect(states()).toEqual(['exited', 'exited', 'exited']);
  });
});

describe('start', () => {
  test('gives every node its old address, whatever order Docker lists them in, and the policy is back', async () => {
    const bench = await three();
    // Addresses in another order than the names: the second worker has the lowest.
    const addresses = { [WORKER2]: '172.18.0.2', [CONTROL_PLANE]: '172.18.0.3', [WORKER]: '172.18.0.4' };
    for (const [name, address] of Object.entries(addresses))
      Object.assign(bench.daemon.containers.get(name) ?? {}, { address });
    await bench.run('stop');
    const { error, steps } = await bench.run('start');
    expect(error).toBeNull();
    expect(bench.order('start')).toEqual([WORKER2, CONTROL_PLANE, WORKER]);
    const now = nodeNames(3).map((name) => [name, bench.daemon.containers.get(name)?.address]);
    expect(Object.fromEntries(now)).toEqual(addresses);
    expect([...bench.daemon.containers.values()].map(({ policy }) => policy)).toEqual(
      Array<string>(3).fill('on-failure'),
    );
    expect(steps).toEqual([
      'checkDocker',
      'checkPorts',
      'allowRestart',
      'startNodes',
      'fetchKubeconfig',
      'waitApi',
      'proveHeartbeat',
      'proveLeader',
      'proveDns',
      'proveName',
      'uncordonNodes',
      'countNodes',
    ]);
  });

  test('its port taken meanwhile: seen before anything is begun, or by Docker; then all of it is stopped for good', async () => {
    const before = await three();
    await before.run('stop');
    Object.assign(before.hands, {
      probePort: async ({ port }: { port: number }) => (port === 28_080 ? 'taken' : null),
    });
    const seen = await before.run('start');
    expect(seen.error).toEqual({ code: 'portTaken', params: { port: '28080' } });
    expect(before.order('start')).toEqual([]);

    const raced = await three();
    await raced.run('stop');
    raced.daemon.takenPorts.add(28_080);
    expect((await raced.run('start')).error).toEqual({ code: 'portTaken', params: { port: '28080' } });
    expect(raced.states()).toEqual(['exited', 'exited', 'exited']);
    expect(raced.daemon.containers.get(WORKER)?.policy).toBe('no');
  });

  test('a node that ends again is named with its last words, and nobody waits five minutes for it', async () => {
    const bench = await three();
    await bench.run('stop');
    bench.daemon.doomed.set(WORKER, 'booting\r\n\u001b[31mFailed to allocate manager object\u001b[0m\r\n');
    bench.api = () => null;
    expect((await bench.run('start')).error).toEqual({
      code: 'nodeExited',
      params: { node: WORKER, detail: 'exit 1: Failed to allocate manager object' },
    });
    expect(bench.states()).toEqual(['exited', 'exited', 'exited']);
  });

  test('without a worker the others run, and it is named; without the control plane nothing is begun', async () => {
    const bench = await three();
    await bench.run('stop');
    bench.daemon.remove(WORKER2);
    // The API believes in it for a while.
    const hourAgo = new Date(Date.now() - 3_600_000);
    bench.api = (running) => {
      const seen = allProven([...running, WORKER2]);
      return { ...seen, dns: [...seen.dns, { startedAt: hourAgo, ready: true, node: WORKER2 }] };
    };
    expect(await bench.observe()).toMatchObject({ state: 'stopped', why: 'nodeGone' });
    expect((await bench.run('start')).error).toEqual({ code: 'nodeGone', params: { node: WORKER2 } });
    expect(bench.states()).toEqual(['running', 'running', 'gone']);
    expect(await bench.observe()).toMatchObject({ state: 'degraded', why: 'nodeGone' });

    const headless = await three();
    await headless.run('stop');
    headless.daemon.remove(CONTROL_PLANE);
    expect((await headless.run('start')).error).toEqual({
      code: 'nodeGone',
      params: { node: CONTROL_PLANE },
    });
    expect(headless.order('start')).toEqual([]);
  });

  test('wakes what is paused, and asks anew whether a Service answers by name', async () => {
    const bench = await three();
    const hourAgo = new Date(Date.now() - 3_600_000);
    for (const kept of bench.daemon.containers.values()) kept.startedAt = hourAgo;
    expect(await bench.observe()).toMatchObject({ state: 'running' });
    nodeNames(3).forEach((name) => bench.daemon.set(name, 'paused'));
    expect(await bench.observe()).toMatchObject({ state: 'paused', why: 'nodePaused' });
    const asked = (): number => bench.daemon.requests.filter((line) => line.endsWith('/exec')).length;
    const before = asked();
    expect((await bench.run('start')).error).toBeNull();
    expect(asked()).toBe(before + 3);
    expect(bench.states()).toEqual(['running', 'running', 'running']);
    expect(bench.order('start')).toEqual([]);
  });
});

describe('what is seen', () => {
  test('running is not said before a Service answers by name on every node', async () => {
    let onMs = 0;
    const clock = { wall: () => new Date(Date.now() + onMs), monotonicMs: () => performance.now() + onMs };
    const bench = await three({ clock });
    bench.daemon.inside = (node) => (node === WORKER ? 'silent\n' : 'answered\n');
    expect(await bench.observe()).toMatchObject({ state: 'starting', why: 'provingName' });
    onMs = 2000;
    expect(await bench.observe()).toMatchObject({ state: 'starting', why: 'provingName' });
    bench.daemon.inside = () => 'answered\n';
    expect(await bench.observe()).toMatchObject({ state: 'running', why: null });
    // It has been proven of this run: nothing is run inside its nodes any more.
    const asked = bench.daemon.requests.filter((line) => line.endsWith('/exec')).length;
    await bench.observe();
    expect(bench.daemon.requests.filter((line) => line.endsWith('/exec')).length).toBe(asked);
  });

  test('a node that was started later than the others has to tell of itself since then', async () => {
    const bench = await three();
    const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1000);
    for (const kept of bench.daemon.containers.values()) kept.startedAt = ago(3600);
    bench.api = (running) => ({
      ...allProven(running),
      nodes: running.map((name) => ({
        name,
        ready: true,
        heartbeatAt: ago(name === WORKER ? 30 : 0),
        pods: 1,
      })),
    });
    expect(await bench.observe()).toMatchObject({ state: 'running' });
    // As `docker restart` does it: for 40 s the API has it Ready.
    Object.assign(bench.daemon.containers.get(WORKER) ?? {}, { startedAt: ago(5) });
    expect(await bench.observe()).toMatchObject({ state: 'starting', why: 'provingHeartbeat' });
  });

  test('in another Docker it is not to be seen, and not called absent', async () => {
    const bench = await three();
    await bench.run('stop');
    nodeNames(3).forEach((name) => bench.daemon.remove(name));
    bench.daemon.id = 'another-daemon';
    expect(await bench.observe()).toMatchObject({ state: 'unknown', why: 'otherDocker' });
    bench.daemon.id = 'the-daemon';
    expect(await bench.observe()).toMatchObject({ state: 'absent' });
  });

  test('partial, degraded and unknown each have their own name', async () => {
    const bench = await three();
    bench.daemon.set(WORKER, 'exited');
    expect(await bench.observe()).toMatchObject({
      state: 'partial',
      why: 'nodeStopped',
      nodes: expect.arrayContaining([
        { name: WORKER, role: 'worker', ready: false, pods: null },
      ]) as unknown[],
    });
    bench.daemon.remove(WORKER);
    bench.api = (running) => allProven([...running, WORKER]);
    expect(await bench.observe()).toMatchObject({ state: 'degraded', why: 'nodeGone' });
    await bench.daemon.goDown();
    expect(await bench.observe()).toMatchObject({ state: 'unknown', why: 'dockerDown' });
  });
});
