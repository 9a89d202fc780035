import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { onTheWire, sleep } from '../net/tiers.ts';
import { lossesOf, openScene, tellWorkload, type Scene } from './scene.ts';

/** Why an edge goes and comes back (research/handoff.md section 8), at a tenth of the dwell times. */

const LONG = 400_000;
const DEADLINE_MS = 120_000;
const RETURN_MS = 120_000;

onTheWire('hand-off and its reasons', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene({ front: 'haproxy' });
    await scene.settled();
  }, LONG);
  afterAll(() => scene?.close());
  // Each starts from SERVING at 80 %, whatever became of the one before.
  beforeEach(() => scene.restore(), LONG);
  const sensors = () => scene.edge.rig.vitals;

  test(
    'hand-off 3: a low battery for 2 s on mains, and a sensor that goes away, move nothing',
    async () => {
      sensors().battery(3, { onAC: true });
      await sleep(200);
      sensors().battery(80, { onAC: true });
      await sleep(5000);
      const { handoff, traffic } = await scene.core.rig.status();
      expect(handoff?.state).toBe('SERVING');
      expect(traffic?.weights).toEqual({ core: 20, edge: 80 });
    },
    LONG,
  );

  test(
    'hand-off 4: AC returns while it is warned: nothing moves',
    async () => {
      sensors().battery(33, { onAC: false });
      await scene.state(30_000, 'WARNED');
      sensors().battery(33, { onAC: true });
      await scene.settled(30_000);
      sensors().battery(80, { onAC: true });
    },
    LONG,
  );

  test(
    'hand-off 2: a battery from 40 to 24 % leaves by itself, and returns by itself on AC; 0 lost',
    async () => {
      const load = scene.load();
      for (const percent of [40, 36, 33]) {
        sensors().battery(percent, { onAC: false });
        await sleep(2500);
      }
      await scene.state(30_000, 'WARNED');
      for (const percent of [29, 26, 24]) {
        sensors().battery(percent, { onAC: false });
        await sleep(2500);
      }
      const gone = await scene.state(DEADLINE_MS, 'OFFLINE');
      expect(gone.reasons.map(({ name }) => name)).toEqual(['battery']);
      sensors().battery(40, { onAC: true });
      // AC for a minute, a cool-down of five: both at a tenth.
      await scene.settled(RETURN_MS);
      await load.end();
      expect(lossesOf(scene.verdict())).toEqual([]);
      expect(scene.verdict().duplicates).toEqual([]);
      sensors().battery(80, { onAC: true });
    },
    LONG,
  );

  test.each(['PREPARING', 'SHIFTING', 'DRAINING'] as const)(
    'hand-off 4: a cancel in %s loses nothing and comes back',
    async (when) => {
      const load = scene.load();
      const leaving = scene.edge.rig.tandem('leave', '--now', '--no-wait', '--json');
      await scene.state(
        DEADLINE_MS,
        ...(when === 'PREPARING' ? (['PREPARING', 'SHIFTING'] as const) : [when]),
      );
      const cancelled = await scene.edge.rig.tandem('cancel', '--json');
      expect(cancelled.code, cancelled.stderr).toBe(0);
      await leaving;
      await scene.settled(RETURN_MS);
      await load.end();
      expect(lossesOf(scene.verdict())).toEqual([]);
    },
    LONG,
  );

  test(
    'hand-off 8: a request of 30 s and an open stream at the departure end, or are cut at the limit, counted and named',
    async () => {
      const load = scene.load({ perSecond: 20, slowMs: 30_000, streams: 4 });
      await sleep(5000);
      const left = await scene.edge.rig.tandem('leave', '--now', '--json');
      expect(left.code, left.stderr).toBe(0);
      const record = (await scene.core.rig.history()).findLast(({ kind }) => kind === 'handoff.departure');
      const report = record?.evidence['report'] as { cut: unknown[]; cutCount: number };
      const { cut, lost } = scene.verdict();
      // Streams on the edge cannot end by themselves: each was cut, and each is in the report.
      expect(report.cutCount).toBe(cut.length + lost.length);
      expect(report.cut.length).toBe(Math.min(20, report.cutCount));
      await load.end();
    },
    LONG,
  );

  test(
    'hand-off 18: errors at 50 % take the edge off again within two windows, and the second time it holds',
    async () => {
      const { edge } = scene;
      await edge.rig.tandem('leave', '--now', '--json');
      const load = scene.load();
      for (const expected of ['OFFLINE', 'HOLD'] as const) {
        const returning = edge.rig.tandem('return', '--no-wait', '--json');
        await scene.reach(scene.core, '50 %', RETURN_MS, ({ traffic }) => traffic?.weights.edge === 50);
        await tellWorkload(edge, { errorPercent: 2 });
        await scene.reach(scene.core, 'weight 0', RETURN_MS, ({ traffic }) => traffic?.weights.edge === 0);
        await returning;
        await scene.state(30_000, expected, 'LOST');
        await tellWorkload(edge, { errorPercent: 0 });
      }
      const held = await scene.state(10_000, 'HOLD');
      expect(held.hold?.code).toBe('returnFailed');
      await load.end();
    },
    LONG,
  );
});
