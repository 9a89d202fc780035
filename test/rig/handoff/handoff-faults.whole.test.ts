import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { onTheWire, sleep } from '../net/tiers.ts';
import { nowMs } from '../net/wire.ts';
import { LINK_PORT } from '../net/pair.ts';
import { lossesOf, openScene, tellWorkload, type Scene } from './scene.ts';

/** Faults in the middle of a hand-off (research/handoff.md section 8), each from SERVING at 80 %. */

const LOSS_MS = 3000;
const LONG = 300_000;
const DEADLINE_MS = 120_000;

onTheWire('hand-off and faults', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene({ front: 'haproxy' });
    await scene.settled();
  }, LONG);
  afterAll(() => scene?.close());
  // Each starts from SERVING at 80 %, whatever became of the one before.
  beforeEach(() => scene.restore(), LONG);

  test(
    'hand-off 10: kill -9 of the edge engine in its departure: the gate goes on, the next engine ends what was begun',
    async () => {
      const { edge, core } = scene;
      const load = scene.load();
      await sleep(1000);
      const leaving = edge.rig.tandem('leave', '--now', '--no-wait', '--json');
      await scene.state(DEADLINE_MS, 'DRAINING');
      await leaving;
      await edge.stop('SIGKILL');
      await sleep(1000);
      await edge.start();
      await scene.state(DEADLINE_MS, 'OFFLINE');
      await load.end();
      expect(lossesOf(scene.verdict())).toEqual([]);
      expect((await core.rig.status()).traffic?.weights.edge).toBe(0);
    },
    LONG,
  );

  test(
    'hand-off 11: a black hole: weight 0 is live within 3 s of the last sign of life',
    async () => {
      const { core, edge } = scene;
      const load = scene.load({ postMs: 1 });
      await sleep(2000);
      const atMs = nowMs();
      edge.space.linkDown();
      const seen = await core.watch.see(
        'weight 0',
        atMs,
        LOSS_MS + 500,
        ({ world }) => world.traffic?.weights.edge === 0,
      );
      // The last sign of life is up to a beat older than the fault.
      expect(seen.atMs - atMs).toBeLessThanOrEqual(LOSS_MS);
      await scene.state(10_000, 'LOST');
      await sleep(1000);
      await load.end();
      const verdict = scene.verdict();
      expect(lossesOf(verdict).filter(({ kind }) => kind !== 'post')).toEqual([]);
      expect(verdict.duplicates).toEqual([]);
      const last = Math.max(0, ...verdict.lost.map(({ endedMs }) => endedMs));
      if (verdict.lost.length > 0) expect(last - atMs).toBeLessThanOrEqual(LOSS_MS);
    },
    LONG,
  );

  test(
    'hand-off 16: the agents cannot hear each other and the traffic lives: weights freeze, and it heals by itself',
    async () => {
      const { core, edge, pair } = scene;
      const load = scene.load();
      edge.space.block(LINK_PORT, 'DROP');
      await core.watch.reach('link down', 10_000, ({ peer }) => peer?.link === 'down');
      await sleep(5000);
      expect((await core.rig.status()).traffic?.weights).toEqual({ core: 20, edge: 80 });
      const held = await scene.state(60_000, 'HOLD');
      expect(held.hold?.code).toBe('agentSilent');
      await pair.settle();
      await scene.settled();
      await load.end();
      expect(lossesOf(scene.verdict())).toEqual([]);
    },
    LONG,
  );

  test(
    'hand-off 15: a core whose workload is ill refuses a leave; a forced one goes and says "no peer"',
    async () => {
      const { core, edge } = scene;
      await tellWorkload(core, { healthy: false });
      const refused = await edge.rig.tandem('leave', '--now', '--json');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('coreUnfit');
      expect((await core.rig.status()).traffic?.weights.edge).toBe(80);
      await tellWorkload(core, { healthy: true });
      await scene.settled();
    },
    LONG,
  );

  test(
    'hand-off 14: somebody else writes a weight in the middle: HOLD, and it is not overwritten',
    async () => {
      const { edge, core } = scene;
      const leaving = edge.rig.tandem('leave', '--now', '--no-wait', '--json');
      await scene.state(DEADLINE_MS, 'PREPARING', 'SHIFTING');
      scene.haproxy('set weight be/edge 61; set weight bp/edge 61');
      await leaving;
      const held = await scene.state(30_000, 'HOLD');
      expect(held.hold?.code).toBe('weightConflict');
      expect(scene.haproxy('get weight be/edge')).toContain('61');
      expect((await core.rig.status()).handoff?.state).toBe('HOLD');
      scene.haproxy('set weight be/edge 80; set weight bp/edge 80');
    },
    LONG,
  );

  test(
    'hand-off 20: a clock that jumps by ten minutes, either way, moves nothing',
    async () => {
      const { core, edge } = scene;
      const load = scene.load();
      for (const wallJumpMs of [600_000, -600_000])
        for (const mac of [core, edge]) {
          mac.bend({ wallJumpMs });
          await sleep(3000);
          expect((await core.rig.status()).handoff?.state).toBe('SERVING');
        }
      await load.end();
      expect(lossesOf(scene.verdict())).toEqual([]);
      expect((await core.rig.status()).traffic?.weights).toEqual({ core: 20, edge: 80 });
    },
    LONG,
  );
});
