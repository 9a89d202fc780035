import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { onTheWire, sleep } from '../net/tiers.ts';
import { openScene, type Scene } from './scene.ts';

/** Research/handoff.md, test 21 (design decision 21): what a client was told had failed must not be executed afterwards. */

const LONG = 300_000;
/** A POST takes so long at the workload: many are in flight at any moment. */
const POST_MS = 300;

onTheWire('hand-off and zombies', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene({ front: 'haproxy' });
    await scene.settled();
  }, LONG);
  afterAll(() => scene?.close());
  // Each starts from SERVING at 80 %, whatever became of the one before.
  beforeEach(() => scene.restore(), LONG);

  test(
    'hand-off 21: an edge that was stopped and goes on executes nothing that its clients were told had failed',
    async () => {
      const { edge } = scene;
      const load = scene.load({ postMs: POST_MS });
      await sleep(3000);
      const frozen = [...scene.edgePids(), edge.pid];
      for (const pid of frozen) process.kill(pid, 'SIGSTOP');
      await scene.state(15_000, 'LOST');
      await sleep(2000);
      for (const pid of frozen) process.kill(pid, 'SIGCONT');
      await sleep(3000);
      await load.end();
      const told = new Map(scene.verdict().lost.map(({ id, endedMs }) => [id, endedMs]));
      const runs = scene.ledger
        .serverRecords()
        .filter(({ id, backend }) => backend === 'edge' && told.has(id));
      const late = runs.filter(({ id, beganMs }) => beganMs > (told.get(id) ?? Infinity));
      process.stdout.write(
        `hand-off 21: ${told.size} told as failed, ${runs.length} of them ran before, ${late.length} after\n`,
      );
      expect(late.map(({ id }) => id)).toEqual([]);
    },
    LONG,
  );
});
