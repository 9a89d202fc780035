import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { eventually } from '../engine/tandem.ts';
import { errorOf, MINUTE_MS, openKindLab, settled, type KindLab } from './kind-lab.ts';
import { docker } from './tools.ts';

// Three nodes: what one node does not show. Each test leaves the cluster as the next one needs it.
const NAME = `three-${process.pid}`;
const CONTROL_PLANE = `${NAME}-control-plane`;
const [WORKER, WORKER2] = [`${NAME}-worker`, `${NAME}-worker2`];
const NODES = [CONTROL_PLANE, WORKER, WORKER2];

let lab: KindLab;
let volumesBefore: string[];
beforeAll(async () => {
  volumesBefore = await volumes();
  lab = await openKindLab(NAME);
});
afterAll(() => lab.close());

const address = (node: string): Promise<string> =>
  docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', node);
const addresses = (): Promise<string[]> => Promise.all(NODES.map(address));
const volumes = async (): Promise<string[]> => (await docker('volume', 'ls', '-q')).split('\n').sort();
const startedAt = (node: string): Promise<string> => docker('inspect', '-f', '{{.State.StartedAt}}', node);

test(
  'create: all three are ready, the workers joined, and a Service answers by name',
  async () => {
    const created = await lab.rig.tandem(...lab.create(NAME, '--nodes', '3'), '--json');
    expect(created.code, created.stderr).toBe(0);
    const { state, nodes } = JSON.parse(created.stdout) as Cluster;
    expect(state).toBe('running');
    expect(nodes.map(({ name, ready }) => `${name} ${ready}`).sort()).toEqual(
      NODES.map((name) => `${name} true`),
    );
    const last = (await lab.rig.history()).at(-1);
    const steps = ((last?.evidence['steps'] ?? []) as [string, number][]).map(([id]) => id);
    expect(steps).toEqual(expect.arrayContaining(['checkPorts', 'checkDisk', 'joinWorkers', 'proveName']));
    await lab.hello(NAME);
    await eventually('hello by name', lab.answersByName, MINUTE_MS);
  },
  8 * MINUTE_MS,
);

test(
  'stop: workers before the control plane, and none may come back by itself',
  async () => {
    expect(await lab.rig.json<Cluster>('cluster', 'stop', NAME)).toMatchObject({ state: 'stopped' });
    expect(await lab.containers(NAME)).toEqual(NODES.map((node) => `${node} exited`));
    const ended = await Promise.all(
      NODES.map(async (node) => Date.parse(await docker('inspect', '-f', '{{.State.FinishedAt}}', node))),
    );
    expect(Math.max(...ended.slice(1))).toBeLessThanOrEqual(ended[0] ?? 0);
    for (const node of NODES)
      expect(await docker('inspect', '-f', '{{.HostConfig.RestartPolicy.Name}}', node)).toBe('no');
  },
  2 * MINUTE_MS,
);

test(
  'start: no node changes its address, and "running" is never said before a Service answers by name from a pod',
  async () => {
    // A stopped container has no address: those of before are the saved order.
    const before = JSON.parse(await orderFile()) as { order: string[] };
    const watch = await lab.watch();
    const began = watch.seen.length;
    const starting = lab.rig.tandem('cluster', 'start', NAME, '--json');
    await eventually(
      'start under way',
      async () => (await lab.rig.cluster(NAME))?.operation?.verb === 'start',
    );
    const early: string[] = [];
    const over = new AbortController();
    const polling = (async () => {
      while (!over.signal.aborted) {
        const seen = await lab.rig.cluster(NAME);
        // Asked afterwards: what answers now may have begun to in between, what does not was not there then.
        if (seen?.state === 'running' && !(await lab.answersByName())) early.push(JSON.stringify(seen));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    const started = await starting;
    // At this very moment, from outside.
    const isAnswering = await lab.answersByName();
    over.abort();
    await polling;
    expect(started.code, started.stderr).toBe(0);
    expect(isAnswering).toBe(true);
    expect(early).toEqual([]);
    // Every change that the engine told, polled or not.
    const states = watch.seen
      .slice(began)
      .flatMap(({ world }) => world.clusters.flatMap(({ name, state }) => (name === NAME ? [state] : [])));
    expect(new Set(states.slice(states.indexOf('starting'), states.indexOf('running')))).toEqual(
      new Set(['starting']),
    );
    expect(await byAddress()).toEqual(before.order);
  },
  6 * MINUTE_MS,
);

test(
  'a worker that a hand stopped: partial and which one it is, heard and not polled; a start brings it back alone',
  async () => {
    const others = await Promise.all([CONTROL_PLANE, WORKER2].map(startedAt));
    const watch = await lab.watch();
    await docker('stop', '-t', '10', WORKER);
    await watch.reach('partial', 30_000, ({ world }) =>
      world.clusters.some(
        ({ name, state, why }) => name === NAME && state === 'partial' && why === 'nodeStopped',
      ),
    );
    expect((await lab.rig.cluster(NAME))?.nodes.find(({ name }) => name === WORKER)?.ready).toBe(false);
    expect(await lab.rig.json<Cluster>('cluster', 'start', NAME)).toMatchObject({ state: 'running' });
    // The API had it Ready all the time: it has told of itself since.
    const path = '{.status.conditions[?(@.type=="Ready")].lastHeartbeatTime}';
    const heartbeat = await lab.kubectl(NAME, 'get', 'node', WORKER, '-o', `jsonpath=${path}`);
    expect(Date.parse(heartbeat)).toBeGreaterThanOrEqual(Date.parse(await startedAt(WORKER)) - 1000);
    expect(await Promise.all([CONTROL_PLANE, WORKER2].map(startedAt))).toEqual(others);
  },
  6 * MINUTE_MS,
);

test(
  'drained, stopped and started: its nodes were closed, and it comes up all the same and takes pods',
  async () => {
    await lab.rig.json('cluster', 'drain', NAME);
    await lab.rig.json('cluster', 'stop', NAME);
    expect(await lab.rig.json<Cluster>('cluster', 'start', NAME)).toMatchObject({ state: 'running' });
    await eventually('hello by name', lab.answersByName, MINUTE_MS);
  },
  8 * MINUTE_MS,
);

test(
  'paused by a hand: paused, and a start wakes it without restarting anything',
  async () => {
    const before = await Promise.all(NODES.map(startedAt));
    await docker('pause', ...NODES);
    expect(await settled(lab.rig, NAME, 'paused')).toBe('nodePaused');
    expect(await lab.rig.json<Cluster>('cluster', 'start', NAME)).toMatchObject({ state: 'running' });
    expect(await Promise.all(NODES.map(startedAt))).toEqual(before);
    await eventually('hello by name', lab.answersByName, MINUTE_MS);
  },
  6 * MINUTE_MS,
);

test(
  'started by a hand in another order: seen by itself, and running is said only once it is true',
  async () => {
    await lab.rig.json('cluster', 'stop', NAME);
    const { order } = JSON.parse(await orderFile()) as { order: string[] };
    for (const node of [...order].reverse()) await docker('start', node);
    const first = await eventually(
      'running',
      async () => {
        const seen = await lab.rig.cluster(NAME);
        return seen?.state === 'running' ? seen : null;
      },
      4 * MINUTE_MS,
    );
    expect(await lab.answersByName()).toBe(true);
    expect(first.nodes.map(({ ready }) => ready)).toEqual([true, true, true]);
    await lab.rig.json('cluster', 'stop', NAME);
    await lab.rig.json('cluster', 'start', NAME);
    expect(await lab.answersByName()).toBe(true);
  },
  10 * MINUTE_MS,
);

test(
  'a worker that a hand removed: degraded and why; a start names it while the others run',
  async () => {
    await docker('rm', '-f', '-v', WORKER2);
    expect(await settled(lab.rig, NAME, 'degraded')).toBe('nodeGone');
    await lab.rig.json('cluster', 'stop', NAME);
    expect((await lab.rig.cluster(NAME))?.why).toBe('nodeGone');
    const started = await lab.rig.tandem('cluster', 'start', NAME, '--json');
    expect(started.code).toBe(1);
    expect(errorOf(started)).toMatchObject({
      code: 'nodeGone',
      message: expect.stringContaining(WORKER2) as string,
    });
    expect(await lab.containers(NAME)).toEqual([`${CONTROL_PLANE} running`, `${WORKER} running`]);
    // Taken out of the cluster properly, it is missed no more.
    await lab.kubectl(NAME, 'delete', 'node', WORKER2);
    await settled(lab.rig, NAME, 'running');
    expect((await lab.rig.tandem('cluster', 'delete', NAME, '--yes', '--json')).code).toBe(0);
    expect(await lab.containers(NAME)).toEqual([]);
    expect(await volumes()).toEqual(volumesBefore);
  },
  10 * MINUTE_MS,
);

const orderFile = (): Promise<string> => readFile(`${lab.rig.home}/clusters/kind/${NAME}.json`, 'utf8');

/** The nodes by their present addresses, lowest first. */
async function byAddress(): Promise<string[]> {
  const key = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const now = await addresses();
  return NODES.map((node, index) => ({ node, at: key(now[index] ?? '') }))
    .sort((a, b) => a.at - b.at)
    .map(({ node }) => node);
}
