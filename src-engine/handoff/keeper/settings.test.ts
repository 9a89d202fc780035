import { expect, test } from 'vitest';
import * as b from '../../../test/doubles/keeper-bench.ts';
import { defaultLimits } from '../handoff-limits.ts';

/** What a person set of `handoff.*`, as the reducer is told with every moment. */
function withLimits(t: b.Bench, change: Partial<typeof defaultLimits>): b.Bench {
  t.now = { ...t.now, limits: { ...defaultLimits, ...change } };
  return t;
}

test('an edge whose agent is silent is held after the time of the settings', () => {
  const t = withLimits(b.serving(), { silentSeconds: 90 });
  b.link(t, 'suspect');
  b.link(t, 'down');
  b.until(t, ({ state }) => state === 'HOLD' || t.now.ms - b.START_MS > 80_000, 85_000);
  expect(t.state.state).not.toBe('HOLD');
  b.until(t, b.inState('HOLD'), 15_000);
});

test('a drain and a release take no longer than the settings say', () => {
  const t = withLimits(b.departed('VERIFYING'), { drainMaxSeconds: 12, releaseSeconds: 7 });
  b.until(t, b.inState('DRAINING'), 15_000);
  expect(t.state.steps.at(-1)?.limitMs).toBe(12_000);
  b.hear(t, { type: 'DRAINED', newRequests: 0, cut: [], cutCount: 0 });
  b.until(t, b.inState('RELEASED'), 5_000);
  expect(t.state.steps.at(-1)?.limitMs).toBe(7_000);
  b.until(t, b.inState('OFFLINE'), 13_000);
});

test('the cool-down after it, and the shares and lengths of the return', () => {
  const t = withLimits(b.departed('RELEASED'), {
    coolDownSeconds: 40,
    return: {
      ...defaultLimits.return,
      firstPercent: 20,
      secondPercent: 60,
      firstSeconds: 30,
      firstRequests: 40,
    },
  });
  b.hear(t, { type: 'GONE', stoppedMs: 1, forced: false });
  b.until(t, ({ ending, out }) => ending === null && out, 20_000);
  expect(t.state.coolDownAtMs).toBeLessThanOrEqual(t.now.ms + 40_000);
  b.pass(t, 41_000);
  b.hear(t, { type: 'ASK_RETURN', person: false, clusterReady: true });
  b.until(t, ({ seen, phase }) => seen?.edge === 20 && phase === 'window', 30_000);
  const sinceMs = t.now.ms;
  b.until(t, ({ seen }) => seen?.edge === 60, 45_000);
  expect(t.now.ms - sinceMs).toBeGreaterThanOrEqual(29_000);
  b.until(t, ({ seen }) => seen?.edge === 80, 150_000);
});
