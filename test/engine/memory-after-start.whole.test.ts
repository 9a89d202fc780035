import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLab } from './embedded-lab.ts';
import { eventually, openRig, type Rig } from './tandem.ts';

// A start that ended well is not over: what it runs takes its memory in the minutes that follow.
let rig: Rig;
beforeEach(async () => {
  rig = openRig();
  await rig.startEngine();
});
afterEach(() => rig.close());

test('of a core nothing stops by itself, and a start that somebody forced is theirs', async () => {
  await rig.json(...createLab);
  await rig.json('settings', 'set', 'role', 'core');
  rig.vitals.memoryAvailable(2);
  const stays = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 20_000));
    expect(await rig.cluster('lab')).toMatchObject({ state: 'running', lastFailure: null });
  };
  await stays();
  await rig.json('settings', 'set', 'role', 'single');
  await rig.json('cluster', 'stop', 'lab');
  await rig.json('cluster', 'start', 'lab', '--force');
  await stays();
}, 90_000);

test('critical for 15 s after a start: the cluster stops, and the start is told as rolled back', async () => {
  await rig.json(...createLab);
  rig.vitals.memoryAvailable(2);
  const seen = await eventually(
    'rolled back',
    async () => {
      const lab = await rig.cluster('lab');
      return lab?.lastFailure?.code === 'memoryRolledBack' && lab;
    },
    40_000,
  );
  expect(seen).toMatchObject({ state: 'stopped', operation: null, lastFailure: { verb: 'start' } });
  const last = (await rig.history()).slice(-2);
  expect(last).toMatchObject([
    { kind: 'cluster.stop', evidence: { outcome: 'done' } },
    { kind: 'cluster.start', evidence: { outcome: 'failed', error: { code: 'memoryRolledBack' } } },
  ]);
});
