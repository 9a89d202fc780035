import { describe, expect, test } from 'vitest';
import * as b from '../../../test/doubles/keeper-bench.ts';
import { sharesOf } from './limits.ts';
import { safeToCloseLid } from './view.ts';

/** Somebody else writes, and the regular look at the front shows it. */
function foreign(t: b.Bench, edge: number): void {
  t.live = sharesOf(edge);
  t.now = { ...t.now, shown: sharesOf(edge) };
}

/** It looks as it should from here on. */
function looked(t: b.Bench): b.Bench {
  t.now = { ...t.now, shown: t.live };
  t.effects.length = 0;
  return t;
}

const writes = (t: b.Bench) =>
  b.acts(t.effects).flatMap((act) => (act.do === 'write' ? [act.target.edge] : []));

/** Serving at 80, and somebody else wrote `edge`. */
function heldAt(edge: number): b.Bench {
  const t = looked(b.serving());
  foreign(t, edge);
  b.until(t, b.inState('HOLD'), 1_000);
  return t;
}

/** Coming back, in its first window, and somebody else wrote 33. */
function heldInWindow(): b.Bench {
  const t = b.departed('OFFLINE');
  b.hear(t, { type: 'ASK_RETURN', person: true, clusterReady: true });
  b.until(t, ({ state, phase }) => state === 'RETURNING' && phase === 'window');
  looked(t);
  foreign(t, 33);
  b.until(t, b.inState('HOLD'), 3_000);
  return t;
}

describe('while the edge has its share', () => {
  test('a look that shows what was written asks nobody', () => {
    const t = looked(b.serving());
    for (let second = 0; second < 60; second += 1) b.tick(t, 1_000);
    expect(b.acts(t.effects)).toEqual([]);
  });

  test('a look that differs: the front is asked, then it holds, says which weights, and overwrites nothing', () => {
    const t = looked(b.serving());
    foreign(t, 61);
    expect(b.acts(b.tick(t, 1_000))).toEqual([{ do: 'read' }]);
    b.answer(t);
    expect(t.state).toMatchObject({
      state: 'HOLD',
      hold: { code: 'weightConflict', params: { core: 39, edge: 61, kept: 80 } },
    });
    for (let minute = 0; minute < 10; minute += 1) {
      b.tick(t, 60_000);
      b.answer(t);
    }
    expect(writes(t)).toEqual([]);
    expect(t.live.edge).toBe(61);
  });

  test('who else writes is named where the front knows it, and is no part of the shares that go on from there', () => {
    const t = looked(b.serving());
    foreign(t, 61);
    b.tick(t, 1_000);
    b.answer(t, { do: 'read', result: { ok: true, value: { ...sharesOf(61), who: 'kubectl' } } });
    expect(t.state.hold?.params).toEqual({ core: 39, edge: 61, kept: 80, who: 'kubectl', why: 'named' });
    expect(t.state.seen).toEqual(sharesOf(61));
  });

  test('a look that was wrong, or a front that cannot be asked, decides nothing', () => {
    const t = looked(b.serving());
    t.now = { ...t.now, shown: sharesOf(61) };
    b.tick(t, 1_000);
    b.away(t);
    b.tick(t, 1_000);
    b.answer(t);
    expect(t.state.state).toBe('SERVING');
  });

  test('no look (a front that is down) is no difference', () => {
    const t = looked(b.serving());
    t.now = { ...t.now, shown: null };
    b.tick(t, 1_000);
    expect(b.acts(t.effects)).toEqual([]);
  });

  test('in the window of a return as well: held and reported', () => {
    const t = heldInWindow();
    b.until(t, ({ ending }) => ending === null, 20_000);
    expect(b.reports(t.effects)).toMatchObject([
      { kind: 'return', outcome: 'held', problem: { code: 'weightConflict' } },
    ]);
    expect([writes(t), t.live.edge]).toEqual([[], 33]);
  });
});

describe('how the hold ends', () => {
  test('one of a return by itself: what goes on has the full windows of before', () => {
    const t = heldInWindow();
    foreign(t, 10);
    b.until(t, b.inState('RETURNING'), 5_000);
    expect(t.state.returning).toMatchObject({ short: false });
  });

  test("one that the keeper's own write found ends by itself as well", () => {
    const t = looked(b.serving());
    b.send(t, { type: 'settings' });
    t.now = { ...t.now, target: sharesOf(60) };
    foreign(t, 70);
    b.send(t, { type: 'settings' });
    b.answer(t);
    expect(t.state).toMatchObject({ state: 'HOLD', hold: { params: { kept: 80 } } });
    foreign(t, 80);
    b.until(t, () => t.live.edge === 60, 5_000);
    expect(t.state.state).toBe('SERVING');
  });

  test('by itself when the weights are as they were', () => {
    const t = heldAt(61);
    looked(t);
    foreign(t, 50);
    b.until(t, ({ seen }) => seen?.edge === 50, 5_000);
    expect(t.state.state).toBe('HOLD');
    foreign(t, 80);
    b.until(t, b.inState('SERVING'), 5_000);
    expect(writes(t)).toEqual([]);
  });

  test('by a person who cancels it: a share above the target falls, and nothing else is written', () => {
    const t = looked(heldAt(95));
    b.send(t, { type: 'person', verb: 'cancel' });
    b.until(t, () => t.live.edge === 80, 1_000);
    expect([t.state.state, writes(t)]).toEqual(['SERVING', [80]]);
  });

  test('by a person who cancels it: a share below the target stands until a window was passed at it', () => {
    const t = looked(heldAt(33));
    b.send(t, { type: 'person', verb: 'cancel' });
    expect([t.state.state, writes(t), t.live.edge]).toEqual(['RETURNING', [], 33]);
    t.now = { ...t.now, shown: null };
    b.until(t, b.inState('SERVING'));
    expect(writes(t)).toEqual([50, 80]);
  });

  test('by a person who cancels it at 0: the edge is off', () => {
    const t = looked(heldAt(0));
    b.send(t, { type: 'person', verb: 'cancel' });
    expect(t.state.state).toBe('OFFLINE');
    b.until(t, ({ out }) => out, 2_000);
    expect([writes(t), t.live.edge]).toEqual([[], 0]);
  });
});

describe('while the edge leaves, or is gone', () => {
  test.each(['DRAINING', 'RELEASED'] as const)(
    '%s: a share that somebody gives it falls again at once, and the proof of before is none',
    (state) => {
      const t = looked(b.departed(state));
      foreign(t, 50);
      b.tick(t, 250);
      expect(b.act(t)).toMatchObject({ do: 'write', target: { edge: 0 }, force: true });
      // Once, not with each tick until the front has answered.
      b.tick(t, 250);
      expect(writes(t)).toEqual([0]);
      b.answer(t);
      expect([t.live.edge, safeToCloseLid(t.state)]).toEqual([0, false]);
    },
  );

  test('DRAINING: it is proven again, and the edge is told to drain again before it is released', () => {
    const t = b.departed('DRAINING');
    b.hear(t, { type: 'DRAINED', newRequests: 0, cut: [], cutCount: 0 });
    looked(t);
    foreign(t, 50);
    b.tick(t, 250);
    t.now = { ...t.now, shown: sharesOf(0) };
    b.answer(t);
    expect(b.act(t)).toMatchObject({ do: 'verify', oldShares: { edge: 50 } });
    b.until(t, b.inState('DRAINING'), 5_000);
    const since = t.now.ms;
    b.until(t, () => t.now.ms - since > 3_000, 4_000);
    expect([t.state.state, t.state.drained]).toEqual(['DRAINING', false]);
    b.hear(t, { type: 'DRAINED', newRequests: 1, cut: [], cutCount: 0 });
    b.until(t, b.inState('RELEASED'), 5_000);
    expect(safeToCloseLid(t.state)).toBe(true);
  });

  test('RELEASED: a second share falls too, and it is safe once the edge is taken out of the pool', () => {
    const t = looked(b.departed('RELEASED'));
    for (const edge of [50, 61]) {
      foreign(t, edge);
      b.until(t, () => t.live.edge === 0, 1_000);
    }
    expect(safeToCloseLid(t.state)).toBe(false);
    b.hear(t, { type: 'GONE', stoppedMs: 10, forced: false });
    b.until(t, ({ out }) => out, 2_000);
    expect(safeToCloseLid(t.state)).toBe(true);
  });

  test('held for its failed returns: every share that somebody gives it falls again, not only the first', () => {
    const t = looked(b.departed('OFFLINE'));
    t.state = { ...t.state, failedReturns: 3, coolDownAtMs: null };
    b.hear(t, { type: 'ASK_RETURN', person: false, clusterReady: true });
    b.until(t, b.inState('HOLD'), 5_000);
    for (const edge of [50, 61]) {
      foreign(t, edge);
      b.until(t, () => t.live.edge === 0, 2_000);
      t.now = { ...t.now, shown: sharesOf(0) };
      b.until(t, ({ out, live }) => out && live.running === null, 2_000);
    }
    expect([t.state.state, writes(t)]).toEqual(['HOLD', [0, 0]]);
  });

  test('a forced edge that drains because somebody else writes is left to it', () => {
    const t = b.departed('SHIFTING', 'forced');
    b.answer(t, { do: 'write', result: { ok: false, error: { code: 'weightConflict', params: {} } } });
    expect(t.state).toMatchObject({ state: 'DRAINING', zeroLive: false });
    looked(t);
    foreign(t, 61);
    b.tick(t, 250);
    expect(writes(t)).toEqual([]);
  });

  test('OFFLINE: it does not take the ten seconds until the next look of its own', () => {
    const t = b.departed('OFFLINE');
    b.tick(t, 10_000);
    b.answer(t);
    looked(t);
    foreign(t, 50);
    b.tick(t, 1_000);
    b.until(t, () => t.live.edge === 0, 1_000);
    expect(b.acts(t.effects).map((act) => act.do)).toEqual(['read', 'write']);
  });
});
