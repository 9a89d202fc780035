import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { eventually, processesNaming } from '../engine/tandem.ts';
import { containers, errorOf, MINUTE_MS, openKindLab, settled, type KindLab } from './kind-lab.ts';
import { docker } from './tools.ts';

// A create that is cut off, wherever it is: nothing of it stays, kubeadm in its container least of all.
const NAME = `killed-${process.pid}`;
const NODE = `${NAME}-control-plane`;

/** Each point costs a create: one of each kind of end, or all with TANDEM_RIG=all. */
const isAll = process.env['TANDEM_RIG'] === 'all';

let lab: KindLab;
beforeAll(async () => {
  lab = await openKindLab(NAME);
});
afterAll(() => lab.close());

/** Steps of a create of one node, in their order. */
const STEPS = [
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
];

/** A create that has come to that step, or past it when it was a short one; its end is not awaited. */
async function begunAt(step: string): Promise<{ ended: ReturnType<KindLab['rig']['tandem']> }> {
  const watch = await lab.watch();
  const ended = lab.rig.tandem(...lab.create(NAME), '--json');
  await watch.reach(step, 5 * MINUTE_MS, ({ world }) =>
    world.clusters.some(
      ({ name, operation }) => name === NAME && STEPS.indexOf(operation?.step ?? '') >= STEPS.indexOf(step),
    ),
  );
  watch.close();
  return { ended };
}

async function expectNothingLeft(): Promise<void> {
  expect(await containers(NAME)).toEqual([]);
  expect((await lab.rig.status()).clusters).toEqual([]);
  // What kind had begun inside its node ends with the node, a moment later.
  await eventually(
    'no process of it',
    async () => processesNaming(NAME).filter((line) => !line.includes('vitest')).length === 0,
  );
}

test.each(
  isAll ? ['prepareNodes', 'startControlPlane', 'installCni', 'waitApi', 'proveDns'] : ['startControlPlane'],
)(
  'kill -9 of the engine at %s: the next one removes it and tells it in one line',
  async (step) => {
    const lines = (await lab.rig.history()).length;
    const { ended } = await begunAt(step);
    await lab.rig.kill('SIGKILL');
    await ended;
    await lab.rig.startEngine();
    await eventually('forgotten', async () => (await lab.rig.status()).clusters.length === 0, 2 * MINUTE_MS);
    await expectNothingLeft();
    const told = (await lab.rig.history()).slice(lines).map(({ what }) => what);
    expect(told).toEqual([expect.stringContaining('cleaned up after a crash')]);
  },
  8 * MINUTE_MS,
);

test.each(isAll ? (['SIGTERM', 'SIGKILL', 'SIGINT'] as const) : (['SIGTERM'] as const))(
  '%s to kind itself: named, and kubeadm does not go on in the container that kind leaves',
  async (signal) => {
    const { ended } = await begunAt('startControlPlane');
    const [line] = processesNaming(`--name ${NAME}`).filter((each) => each.includes('create cluster'));
    process.kill(Number(line?.split(' ')[0]), signal);
    const ran = await ended;
    expect(ran.code).toBe(1);
    const error = errorOf(ran);
    expect(error.code).toBe('toolKilled');
    expect(error.message).toContain(signal);
    await expectNothingLeft();
  },
  5 * MINUTE_MS,
);

test.each(isAll ? ['prepareNodes', 'installCni', 'proveLeader'] : ['proveLeader'])(
  'cancelled at %s: nothing is left, and the name is free at once',
  async (step) => {
    const { ended } = await begunAt(step);
    expect((await lab.rig.tandem('cluster', 'cancel', NAME)).code).toBe(0);
    const ran = await ended;
    expect(errorOf(ran).code).toBe('cancelled');
    await expectNothingLeft();
  },
  5 * MINUTE_MS,
);

test(
  'a cluster whose control plane is killed after its start: said by itself, and a start brings it back',
  async () => {
    expect(await lab.rig.json<Cluster>(...lab.create(NAME))).toMatchObject({ state: 'running' });
    await docker('kill', NODE);
    await settled(lab.rig, NAME, 'stopped');
    const last = (await lab.rig.history()).findLast(({ kind }) => kind === 'cluster.changed');
    expect(last?.what).toContain('by itself');
    expect(await lab.rig.json<Cluster>('cluster', 'start', NAME)).toMatchObject({ state: 'running' });
  },
  8 * MINUTE_MS,
);

test(
  'kill -9 of the engine in a start: the next one goes on with it; in a delete: it ends it',
  async () => {
    await lab.rig.json('cluster', 'stop', NAME);
    await cutOff('start', ['cluster', 'start', NAME]);
    expect(await settled(lab.rig, NAME, 'running')).toBeNull();
    const resumed = (await lab.rig.history()).at(-1);
    expect(resumed?.what).toContain('resumed after a crash: done');
    await cutOff('delete', ['cluster', 'delete', NAME, '--yes']);
    await eventually('forgotten', async () => (await lab.rig.status()).clusters.length === 0, 2 * MINUTE_MS);
    await expectNothingLeft();
  },
  8 * MINUTE_MS,
);

/** The engine dies as soon as it is at that verb; another one comes. */
async function cutOff(verb: string, words: string[]): Promise<void> {
  const watch = await lab.watch();
  const ended = lab.rig.tandem(...words, '--json');
  await watch.reach(verb, MINUTE_MS, ({ world }) =>
    world.clusters.some(({ operation }) => operation?.verb === verb && operation.step !== 'checkDocker'),
  );
  watch.close();
  await lab.rig.kill('SIGKILL');
  await ended;
  await lab.rig.startEngine();
}
