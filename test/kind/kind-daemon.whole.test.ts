import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { eventually } from '../engine/tandem.ts';
import {
  containers,
  daemonDown,
  daemonUp,
  errorOf,
  MINUTE_MS,
  openKindLab,
  settled,
  type KindLab,
} from './kind-lab.ts';

// The daemon goes and comes back, as it does with every update of Docker Desktop. Only the rig's own may be sent away.
const NAME = `daemon-${process.pid}`;
const NODE = `${NAME}-control-plane`;

let lab: KindLab;
let isOurs = false;
beforeAll(async () => {
  isOurs = await daemonDown();
  await daemonUp();
  lab = await openKindLab(NAME);
  await lab.rig.json(...lab.create(NAME));
  await lab.hello(NAME);
}, 8 * MINUTE_MS);
afterAll(async () => {
  // Whatever a test left behind: what follows needs it.
  await daemonUp();
  await lab.close();
});

const NOT_OURS = "the Docker here is not the rig's, and is not to be restarted";

test(
  'under a running cluster: unknown while it is away, never stopped; back, it is running once that is true',
  async ({ skip }) => {
    skip(!isOurs, NOT_OURS);
    await daemonDown();
    expect(await settled(lab.rig, NAME, 'unknown')).toBe('dockerDown');
    const refused = await lab.rig.tandem('cluster', 'stop', NAME, '--json');
    expect(errorOf(refused).code).toBe('dockerDown');
    expect((await lab.rig.cluster(NAME))?.state).toBe('unknown');
    await daemonUp();
    await settled(lab.rig, NAME, 'running');
    expect(await lab.answersByName()).toBe(true);
  },
  8 * MINUTE_MS,
);

test(
  'under a stopped cluster: it stays stopped, with an engine that saw it and with one that did not',
  async ({ skip }) => {
    skip(!isOurs, NOT_OURS);
    await lab.rig.json('cluster', 'stop', NAME);
    await daemonDown();
    await settled(lab.rig, NAME, 'unknown');
    await daemonUp();
    await settled(lab.rig, NAME, 'stopped');
    expect(await containers(NAME)).toEqual([`${NODE} exited`]);
    await lab.rig.kill('SIGKILL');
    await daemonDown();
    await daemonUp();
    await lab.rig.startEngine();
    await settled(lab.rig, NAME, 'stopped');
    expect(await lab.rig.json<Cluster>('cluster', 'start', NAME)).toMatchObject({ state: 'running' });
    expect(await lab.answersByName()).toBe(true);
  },
  10 * MINUTE_MS,
);

test(
  'in the middle of a create: said to be half made, and removed when the daemon is back',
  async ({ skip }) => {
    skip(!isOurs, NOT_OURS);
    await lab.rig.json('cluster', 'delete', NAME, '--yes');
    const watch = await lab.watch();
    const creating = lab.rig.tandem(...lab.create(NAME), '--json');
    await watch.reach('the control plane starting', 5 * MINUTE_MS, ({ world }) =>
      world.clusters.some(({ operation }) => operation?.step === 'startControlPlane'),
    );
    await daemonDown();
    expect((await creating).code).toBe(1);
    expect(await settled(lab.rig, NAME, 'unknown')).toBe('halfMade');
    await daemonUp();
    await eventually('removed', async () => (await lab.rig.status()).clusters.length === 0, 3 * MINUTE_MS);
    expect(await containers(NAME)).toEqual([]);
  },
  10 * MINUTE_MS,
);
