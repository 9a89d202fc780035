import { describe, expect, test } from 'vitest';
import * as b from '../../../test/doubles/keeper-bench.ts';
import { fail, ok } from '../../../src-shared/errors/result.ts';

const prepared = { type: 'PREPARED', inFlight: 2, fit: true, why: null } as const;
const badProbes = { sent: 20, ok: 17, wrong: 0, p50Ms: 5, p95Ms: 9 };

describe('PREPARING', () => {
  test('a new epoch, one absolute deadline, PREPARE, and the core proves itself', () => {
    const t = b.serving();
    const effects = b.leave(t);
    expect(t.state).toMatchObject({ state: 'PREPARING', epoch: 1, deadlineAtMs: t.now.ms + 120_000 });
    expect(b.said(effects, 'PREPARE')).toEqual([{ type: 'PREPARE', remainingMs: 120_000 }]);
    expect(b.act(t)).toEqual({ do: 'counters', once: true });
    b.answer(t);
    expect(b.act(t)).toEqual({ do: 'check' });
  });

  test("the edge's own time is the deadline when it is shorter, and a limit shrinks with it", () => {
    const t = b.serving();
    b.leave(t, 'drain', 56_500);
    expect(t.state).toMatchObject({ deadlineAtMs: t.now.ms + 56_500, deadlineWasMs: 56_500 });
    expect(t.state.steps.at(-1)).toMatchObject({ step: 'PREPARING', limitMs: 10_000 });
  });

  test('both must be ready: the core alone, or the edge alone, moves no weight', () => {
    const t = b.serving();
    b.leave(t);
    b.answer(t);
    b.answer(t);
    expect(t.state.state).toBe('PREPARING');
    const other = b.serving();
    b.leave(other);
    b.hear(other, prepared);
    expect(other.state.state).toBe('PREPARING');
    b.hear(t, prepared);
    expect(t.state.state).toBe('SHIFTING');
  });

  test('one bad batch is probed again; the second is an unfit core: back, with a word', () => {
    const t = b.serving();
    b.leave(t);
    b.answer(t);
    b.answer(t, { do: 'check', result: ok(badProbes) });
    expect(t.state.state).toBe('PREPARING');
    const effects = b.answer(t, { do: 'check', result: ok(badProbes) });
    expect(t.state.state).toBe('WARNED');
    expect(b.said(effects, 'REJECT')).toMatchObject([{ why: { code: 'coreUnfit' } }]);
    b.until(t, (state) => state.ending === null);
    expect(b.reports(t.effects)).toMatchObject([{ kind: 'departure', outcome: 'failed' }]);
    expect(t.live.edge).toBe(80);
  });

  test('an unfit core does not keep an edge that must go: on, without a peer', () => {
    const t = b.serving();
    t.now = { ...t.now, fitness: { fit: false, why: { code: 'coreUnfit', params: {} } } };
    b.leave(t, 'forced');
    b.hear(t, prepared);
    b.until(t, b.inState('SHIFTING'));
    expect(t.state.noPeer).toBe(true);
  });

  test('nobody can tell whether the core is fit: that is no reason to stay', () => {
    const t = b.serving();
    t.now = { ...t.now, fitness: { fit: null, why: null } };
    b.leave(t);
    b.hear(t, prepared);
    b.until(t, b.inState('SHIFTING'));
    expect(t.state.noPeer).toBe(false);
  });

  test('an edge that is not fit says why; its departure ends there', () => {
    const t = b.serving();
    b.leave(t);
    const why = { code: 'stopFailed', params: {} } as const;
    expect(b.said(b.hear(t, { ...prepared, fit: false, why }), 'REJECT')).toEqual([{ type: 'REJECT', why }]);
    expect(t.state.state).toBe('WARNED');
  });

  test('no PREPARED within the limit: unforced it stays, forced it goes on', () => {
    const t = b.serving();
    b.leave(t);
    b.until(t, b.inState('WARNED'), 21_000);
    const forced = b.serving();
    b.leave(forced, 'forced');
    b.until(forced, b.inState('SHIFTING'), 21_000);
    expect(forced.state.steps.find(({ step }) => step === 'PREPARING')).toMatchObject({ outcome: 'cut' });
  });

  test('a deadline already past: refused, or at once when forced', () => {
    const t = b.serving();
    expect(b.said(b.leave(t, 'drain', 0), 'REJECT')).toMatchObject([{ why: { code: 'deadlinePassed' } }]);
    expect(t.state).toMatchObject({ state: 'SERVING', epoch: 0 });
    b.leave(t, 'forced', -1);
    expect(t.state.state).toBe('SHIFTING');
    expect(b.act(t)).toMatchObject({ do: 'write', target: { core: 100, edge: 0 } });
  });
});

describe('SHIFTING', () => {
  test('80 -> 40, a look of 3 s, -> 0', () => {
    const t = b.departed('SHIFTING');
    expect(b.act(t)).toMatchObject({ do: 'write', target: { edge: 40 }, mayRaise: false });
    b.answer(t);
    b.answer(t);
    const beganMs = t.now.ms;
    b.until(t, () => t.live.edge === 0, 8_000);
    expect(t.now.ms - beganMs).toBeGreaterThanOrEqual(3_000);
    expect(t.now.ms - beganMs).toBeLessThan(4_000);
  });

  test('a front that reads otherwise than it was told is told again', () => {
    const t = b.departed('SHIFTING');
    b.until(t, (state) => state.phase === 'zero');
    b.answer(t, { do: 'write', result: ok({ core: 95, edge: 5 }) });
    expect(t.state.state).toBe('SHIFTING');
    expect(b.act(t)).toMatchObject({ do: 'write', target: { edge: 0 }, mayRaise: false });
  });

  test('with less than 60 s left in one step', () => {
    const t = b.serving();
    b.leave(t, 'drain', 59_000);
    b.hear(t, prepared);
    b.until(t, b.inState('SHIFTING'));
    expect(b.act(t)).toMatchObject({ target: { edge: 0 } });
  });

  test.each(['drain', 'forced'] as const)('a core that fails at the half (%s)', (level) => {
    const t = b.departed('SHIFTING', level);
    b.answer(t);
    b.answer(t);
    t.counters.core.failures += 30;
    b.until(t, b.inState('HOLD', 'VERIFYING'));
    expect(t.state.state).toBe(level === 'forced' ? 'VERIFYING' : 'HOLD');
    expect(t.live.edge).toBe(level === 'forced' ? 0 : 40);
    if (level === 'drain') expect(t.state.hold).toMatchObject({ code: 'coreUnfit' });
  });

  test("somebody else's weights: HOLD that names them; forced: the edge drains itself", () => {
    const t = b.departed('SHIFTING');
    t.live = { core: 67, edge: 33 };
    b.answer(t);
    expect(t.state).toMatchObject({ state: 'HOLD', hold: { code: 'weightConflict', params: { edge: 33 } } });
    b.until(t, (state) => state.ending === null);
    expect(b.reports(t.effects)).toMatchObject([{ outcome: 'held', problem: { code: 'weightConflict' } }]);
    const forced = b.departed('SHIFTING', 'forced');
    forced.live = { core: 67, edge: 33 };
    const effects = b.answer(forced);
    expect(forced.state).toMatchObject({ state: 'DRAINING', noPeer: true, zeroLive: false });
    expect(b.said(effects, 'DRAIN')).toHaveLength(1);
    expect(b.said(effects, 'ACK')).toEqual([]);
  });

  test('a front that cannot be asked is asked again each second, and decides nothing before the limit', () => {
    const t = b.departed('SHIFTING');
    b.away(t);
    expect(t.state.state).toBe('SHIFTING');
    expect(b.acts(b.tick(t, 750))).toEqual([]);
    expect(b.acts(b.tick(t, 250))).toHaveLength(1);
    b.away(t);
    b.tick(t, 8_000);
    expect(t.state).toMatchObject({ state: 'HOLD', hold: { code: 'frontDown' } });
  });
});

describe('VERIFYING', () => {
  const notLive = { do: 'verify', result: fail('weightNotLive') } as const;

  test('proven by the share that stood last; live is said before DRAIN', () => {
    const t = b.departed('VERIFYING');
    expect(b.act(t)).toMatchObject({ do: 'verify', oldShares: { edge: 40 }, limitMs: 10_000 });
    const words = b.answer(t).flatMap((effect) => (effect.type === 'say' ? [effect.words] : []));
    expect(words).toMatchObject([
      { type: 'ACK', stage: 'live' },
      { type: 'DRAIN', remainingMs: expect.any(Number) },
    ]);
    expect(t.state).toMatchObject({ state: 'DRAINING', zeroLive: true });
  });

  test('not live: written once again, proven once again, then held', () => {
    const t = b.departed('VERIFYING');
    b.answer(t, notLive);
    expect(b.act(t)).toMatchObject({ do: 'write', target: { edge: 0 }, again: true });
    b.answer(t);
    b.answer(t, notLive);
    expect(t.state).toMatchObject({ state: 'HOLD', hold: { code: 'weightNotLive' } });
    expect(b.said(t.effects, 'DRAIN')).toEqual([]);
  });

  test('forced it is never held: the edge fails its own readiness', () => {
    const t = b.departed('VERIFYING', 'forced');
    b.answer(t, notLive);
    b.answer(t);
    b.answer(t, notLive);
    expect(t.state).toMatchObject({ state: 'DRAINING', noPeer: true });
  });

  test('a front that never answers ends like a proof that failed', () => {
    const t = b.departed('VERIFYING');
    b.away(t);
    for (let count = 0; count < 30 && t.state.state === 'VERIFYING'; count += 1) {
      b.tick(t, 1_000);
      if (t.state.live.running?.retryMs === null && t.state.state === 'VERIFYING') b.away(t);
    }
    expect(t.state).toMatchObject({ state: 'HOLD', hold: { code: 'weightNotLive' } });
  });
});
