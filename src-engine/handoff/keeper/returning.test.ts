import { describe, expect, test } from 'vitest';
import * as b from '../../../test/doubles/keeper-bench.ts';
import { ok } from '../../../src-shared/errors/result.ts';
import type { KeeperState } from './keeper-types.ts';

const ask = { type: 'ASK_RETURN', person: true, clusterReady: true } as const;
const inPhase = (phase: KeeperState['phase']) => (state: KeeperState) => state.phase === phase;
const pairs = (edgeOk: number, edgeP95Ms = 12) => ({
  do: 'pairs' as const,
  result: ok({
    core: { sent: 20, ok: 20, wrong: 0, p50Ms: 8, p95Ms: 12 },
    edge: { sent: 20, ok: edgeOk, wrong: 0, p50Ms: 8, p95Ms: edgeP95Ms },
  }),
});

/** Every share of the edge that was written, in order. */
const written = (t: b.Bench) =>
  b.acts(t.effects).flatMap((act) => (act.do === 'write' ? [act.target.edge] : []));

/** Away, and asked to come back by a person. */
function asked(t = b.departed('OFFLINE')): b.Bench {
  t.effects.length = 0;
  b.hear(t, ask);
  return t;
}

describe('who may come back', () => {
  test('20 of 20 probes of the edge, then revive, ADMIT(10), its gate, and only then 10 %', () => {
    const t = b.departed('OFFLINE');
    b.send(t, { type: 'edge', alive: false, notReady: null });
    asked(t);
    expect(b.act(t)).toEqual({ do: 'checkEdge' });
    b.answer(t);
    expect(t.state).toMatchObject({ state: 'RETURNING', epoch: 2 });
    expect(b.act(t)).toEqual({ do: 'revive' });
    expect(b.said(b.answer(t), 'ADMIT')).toEqual([{ type: 'ADMIT', share: 10 }]);
    b.tick(t, 1_000);
    expect(written(t)).toEqual([]);
    b.send(t, { type: 'edge', alive: true, notReady: null });
    b.tick(t, 250);
    expect(b.act(t)).toMatchObject({ do: 'write', target: { edge: 10 }, mayRaise: true });
  });

  test('19 of 20: refused, nothing moved, nothing counted', () => {
    const t = asked();
    expect(
      b.said(
        b.answer(t, { do: 'checkEdge', result: ok({ sent: 20, ok: 19, wrong: 0, p50Ms: 8, p95Ms: 12 }) }),
        'REJECT',
      ),
    ).toMatchObject([{ why: { code: 'edgeUnfit' } }]);
    expect(t.state).toMatchObject({ state: 'OFFLINE', failedReturns: 0, epoch: 1 });
  });

  test('in its cool-down the edge hears how long; a person skips it', () => {
    const t = b.departed('OFFLINE');
    const [refused] = b.said(b.hear(t, { ...ask, person: false }), 'REJECT');
    expect(refused?.why).toMatchObject({ code: 'coolingDown', params: { seconds: expect.any(Number) } });
    b.hear(t, ask);
    expect(b.act(t)).toEqual({ do: 'checkEdge' });
  });

  test('after the cool-down it comes by itself, unless automation is paused', () => {
    const t = b.departed('OFFLINE');
    b.pass(t, 301_000);
    t.now = { ...t.now, mayAct: false };
    expect(b.acts(b.hear(t, { ...ask, person: false }))).toEqual([]);
    t.now = { ...t.now, mayAct: true };
    expect(b.acts(b.hear(t, { ...ask, person: false }))).toEqual([{ do: 'checkEdge' }]);
  });

  test('a cluster that is not ready, and a gate that the front does not take', () => {
    const t = b.departed('OFFLINE');
    expect(b.said(b.hear(t, { ...ask, clusterReady: false }), 'REJECT')).toMatchObject([
      { why: { code: 'edgeUnfit' } },
    ]);
    t.state = { ...t.state, live: { ...t.state.live, gateUsed: false } };
    expect(b.said(b.hear(t, ask), 'REJECT')).toMatchObject([{ why: { code: 'edgeUnfit' } }]);
  });

  test('a gate that does not get ready within 15 s: away again', () => {
    const t = b.departed('OFFLINE');
    b.send(t, { type: 'edge', alive: false, notReady: null });
    asked(t);
    b.until(t, inPhase('admitted'));
    b.until(t, b.inState('OFFLINE'), 15_500);
    expect(b.said(t.effects, 'ADMIT').length).toBeGreaterThan(1);
    expect(written(t)).toEqual([]);
    expect(t.state.failedReturns).toBe(1);
  });
});

describe('windows', () => {
  test('10, 50, 80, with 60 s and 120 s between; then SERVING with a report', () => {
    const t = asked();
    b.until(t, inPhase('window'));
    const beganMs = t.now.ms;
    b.until(t, () => t.live.edge === 50);
    expect(t.now.ms - beganMs).toBeGreaterThanOrEqual(60_000);
    b.until(t, b.inState('SERVING'));
    expect(t.now.ms - beganMs).toBeGreaterThanOrEqual(180_000);
    expect(t.now.ms - beganMs).toBeLessThan(185_000);
    expect(written(t)).toEqual([10, 50, 80]);
    b.until(t, (state) => state.ending === null);
    const [report] = b.reports(t.effects);
    expect(report).toMatchObject({ kind: 'return', outcome: 'serving', sharesAfter: { edge: 80 } });
    expect(report?.steps.map(({ step }) => step)).toEqual(['RETURN_10', 'RETURN_50', 'RETURN_FULL']);
  });

  test('each window has its batches of pairs', () => {
    const t = asked();
    b.until(t, () => t.live.edge === 50);
    expect(b.acts(t.effects).filter((act) => act.do === 'pairs')).toHaveLength(3);
  });

  test("a pair's first admission takes 10 s and 20 s", () => {
    const t = b.serving(0);
    expect(t.state).toMatchObject({ state: 'OFFLINE', first: true });
    b.until(t, (state) => state.out);
    b.hear(t, { ...ask, person: false });
    b.until(t, inPhase('window'));
    const beganMs = t.now.ms;
    b.until(t, b.inState('SERVING'));
    expect(t.now.ms - beganMs).toBeLessThan(35_000);
  });

  test('no requests: it tops up, and says so; without any answer it waits for ever', () => {
    const t = asked();
    t.perSecond = 0;
    b.until(t, (state) => state.live.toppingUp);
    const topUp = t.effects.find((effect) => effect.type === 'topUp');
    expect(topUp).toMatchObject({ count: 100 });
    b.until(t, () => t.now.ms > b.START_MS + 400_000);
    expect(t.live.edge).toBe(10);
    t.counters.core.requests += 90;
    t.counters.edge.requests += 10;
    b.send(t, { type: 'toppedUp', window: t.state.returning?.windowMs ?? 0, count: 100 });
    b.until(t, () => t.live.edge === 50, 10_000);
    expect(t.state.steps.find(({ step }) => step === 'RETURN_10')?.facts).toMatchObject({ toppedUp: 100 });
  });

  test('one bad window is repeated at the same share; a good one then goes on', () => {
    const t = asked();
    b.until(t, (state) => state.phase === 'window' && state.returning?.from !== null);
    t.counters.edge.failures += 1;
    b.until(t, (state) => (state.returning?.bad ?? 0) === 1);
    expect(t.live.edge).toBe(10);
    b.until(t, () => t.live.edge === 50);
    expect(t.state.returning?.bad).toBe(0);
  });

  test('the second bad window in a row: weight 0, away, twice the cool-down; the second time HOLD', () => {
    const t = asked();
    const spoil = () =>
      b.until(t, (state) => ((t.counters.edge.failures += 0.01), state.state !== 'RETURNING'));
    b.until(t, b.inState('RETURNING'));
    spoil();
    expect(t.state).toMatchObject({ state: 'OFFLINE', failedReturns: 1 });
    expect(t.live.edge).toBe(0);
    expect((t.state.coolDownAtMs ?? 0) - t.now.ms).toBe(600_000);
    expect(b.said(t.effects, 'REJECT')).toMatchObject([{ why: { code: 'returnFailed' } }]);
    b.until(t, (state) => state.ending === null && state.out);
    b.pass(t, 600_000);
    // Also when a person asks: only the hold itself is ended by one.
    b.hear(t, ask);
    b.until(t, b.inState('RETURNING'));
    spoil();
    b.until(t, b.inState('HOLD'));
    expect(t.state.hold).toMatchObject({ code: 'returnFailed' });
    expect(b.reports(t.effects).map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
    b.hear(t, ask);
    b.until(t, b.inState('RETURNING'));
  });

  test('a burst of connection errors: weight 0 at once', () => {
    const t = asked();
    b.until(t, (state) => state.phase === 'window' && state.returning?.from !== null);
    b.until(t, (state) => state.live.running?.act.do === 'counters');
    t.counters.edge.requests += 6;
    t.counters.edge.failures += 200;
    b.answer(t);
    expect(t.state.state).toBe('OFFLINE');
    expect(b.act(t)).toEqual({ do: 'dead' });
  });

  test('probes of a window of which none arrives: weight 0 at once', () => {
    const t = asked();
    b.until(t, (state) => state.phase === 'window' && state.live.running?.act.do === 'pairs');
    b.answer(t, pairs(0));
    expect(t.state.state).toBe('OFFLINE');
  });

  test('while the edge is not heard, or has a reason, a good window raises nothing', () => {
    const t = asked();
    b.until(t, inPhase('window'));
    b.hear(t, { type: 'INTENT', reasons: [b.reason('battery', 'warn')], leave: false, remainingMs: null });
    b.until(t, () => t.now.ms > b.START_MS + 300_000);
    expect(t.live.edge).toBe(10);
    b.hear(t, { type: 'INTENT', reasons: [], leave: false, remainingMs: null });
    b.until(t, () => t.live.edge === 50, 5_000);
  });
});

describe('what comes between', () => {
  test('a new reason: the return is reported, the weight goes down by the planned path', () => {
    const t = asked();
    b.until(t, () => t.live.edge === 50);
    b.hear(t, { type: 'INTENT', reasons: [b.reason('thermal', 'drain')], leave: false, remainingMs: null });
    expect(t.state.state).toBe('SHIFTING');
    expect(b.reports(t.effects)).toMatchObject([{ kind: 'return', outcome: 'cancelled' }]);
    b.until(t, b.inState('DRAINING'));
    expect(t.live.edge).toBe(0);
  });

  test('its gate dies: LOST', () => {
    const t = asked();
    b.until(t, inPhase('window'));
    b.send(t, { type: 'edge', alive: false, notReady: null });
    expect(t.state.state).toBe('LOST');
  });

  test('somebody else writes weights: held where it is', () => {
    const t = asked();
    b.until(t, (state) => state.phase === 'raising' && state.seen?.edge === 10);
    t.live = { core: 70, edge: 30 };
    b.answer(t);
    expect(t.state.state).toBe('HOLD');
    expect(t.state.hold).toMatchObject({ code: 'weightConflict' });
    expect(t.live.edge).toBe(30);
  });

  test('three automatic departures within an hour: reported, then held; a person ends it', () => {
    const t = b.departed('OFFLINE');
    for (const time of [2, 3]) {
      b.hear(t, { ...ask, person: true });
      t.state = { ...t.state, departures: Array.from({ length: time - 1 }, () => t.now.ms) };
      b.until(t, inPhase('window'));
      b.send(t, { type: 'edge', alive: false, notReady: null });
      b.until(t, (state) => state.ending === null && state.out);
      b.send(t, { type: 'edge', alive: true, notReady: null });
    }
    expect(t.state).toMatchObject({ state: 'HOLD', hold: { code: 'flapping' } });
    expect((t.state.coolDownAtMs ?? 0) - t.now.ms).toBeGreaterThan(590_000);
    expect(b.said(b.hear(t, { ...ask, person: false }), 'REJECT')).toMatchObject([
      { why: { code: 'flapping' } },
    ]);
    b.hear(t, ask);
    b.until(t, b.inState('RETURNING'));
  });
});
