import { afterAll, beforeAll, expect, test } from 'vitest';
import { onTheWire, sleep } from '../net/tiers.ts';
import type { Seen } from '../net/watch.ts';
import { nowMs } from '../net/wire.ts';
import { anySpeed, lossesOf, openScene, type Scene } from './scene.ts';
import { reportsOf } from './told.ts';

/** A power supply that cannot make up its mind (research/handoff.md section 8, test 19). */

const TIME_SCALE = 10;
const scaled = (seconds: number): number => (seconds * 1000) / TIME_SCALE;
const HOUR_MS = scaled(3600);
const TURN_MS = scaled(90);
const COOL_DOWN_MS = scaled(300);
const LONG = 600_000;

/**
 * Steps of a departure are not scaled: with a drain of 10 s it would be turned round by each AC. As short as settings
 * allow, and after half the countdown, it ends before AC has lasted long enough, as it does in an hour that is whole.
 */
const handoff = { drainQuietSeconds: 1, drainMinSeconds: 1, countdownSeconds: 30, return: anySpeed };

onTheWire('hand-off and flaps', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene({ front: 'haproxy', timeScale: TIME_SCALE, handoff });
    await scene.settled();
  }, LONG);
  afterAll(() => scene?.close());

  test(
    'hand-off 19: AC that comes and goes each 90 s for an hour: three departures, a cool-down that doubles, a person who is told',
    async () => {
      const { core, edge } = scene;
      const load = scene.load({ streams: 0, perSecond: 50 });
      const fromMs = nowMs();
      let course = '';
      for (let turn = 0; turn * TURN_MS < HOUR_MS; turn += 1) {
        const onAC = turn % 2 === 1;
        // On the limits themselves, so that no jump has to be believed first.
        edge.rig.vitals.battery(onAC ? 35 : 25, { onAC });
        await sleep(Math.max(0, fromMs + (turn + 1) * TURN_MS - nowMs()));
        course += `${onAC ? 'on' : 'off'}:${(await core.rig.status()).handoff?.state} `;
      }
      process.stdout.write(`hand-off 19: ${course}\n`);
      await load.end();
      const ended = (await reportsOf(core, 'departure', 'loss')).filter(
        ({ report }) => report.outcome === 'offline' || report.outcome === 'lost',
      );
      expect(ended.map(({ report }) => report.reasons.map(({ name }) => name))).toEqual([
        ['battery'],
        ['battery'],
        ['battery'],
      ]);
      const lengths = coolDowns(core.watch.seen);
      const [first = 0, , third = 0] = ended.map(({ report }) => lengths.get(report.handoffId));
      expect(first).toBe(COOL_DOWN_MS);
      // At least: returns that failed in between double it, too.
      expect(third).toBeGreaterThanOrEqual(2 * COOL_DOWN_MS);
      const { handoff: held, traffic } = await core.rig.status();
      expect(held).toMatchObject({ state: 'HOLD', hold: { code: 'flapping' } });
      expect(traffic?.weights).toEqual({ core: 100, edge: 0 });
      for (const mac of [core, edge]) {
        const { notices } = await mac.rig.status();
        const told = notices.find(({ kind, open }) => kind === 'handoffHeld' && open);
        expect(told?.params['code']).toBe('flapping');
      }
      expect(lossesOf(scene.verdict())).toEqual([]);
      expect(scene.verdict().duplicates).toEqual([]);
    },
    LONG,
  );
});

/** By departure that ended: milliseconds from its end to the earliest return; seconds are as fine as it is said. */
function coolDowns(seen: readonly Seen[]): Map<string, number> {
  const lengths = new Map<string, number>();
  for (const { world } of seen) {
    const { state, handoffId, since, coolDownUntil } = world.handoff ?? {};
    if (state !== 'OFFLINE' || handoffId == null || since === undefined || coolDownUntil == null) continue;
    const lengthMs = Date.parse(coolDownUntil) - Date.parse(since);
    if (!lengths.has(handoffId)) lengths.set(handoffId, Math.round(lengthMs / 1000) * 1000);
  }
  return lengths;
}
