import { describe, expect, test } from 'vitest';
import * as b from '../../../test/doubles/keeper-bench.ts';
import type { HandoffWords } from '../../../src-shared/handoff-messages.ts';
import { fail } from '../../../src-shared/errors/result.ts';
import { viewOf } from './view.ts';

const drained: HandoffWords = { type: 'DRAINED', newRequests: 0, cut: [], cutCount: 0 };
const safe = (t: b.Bench) => viewOf(t.state, t.now).safeToCloseLid;

describe('DRAINING', () => {
  test('the evidence of both sides: the word of the edge, and nothing in flight at the front', () => {
    const t = b.departed('DRAINING');
    t.counters.edge.inFlight = 2;
    b.hear(t, drained);
    b.answer(t);
    expect(t.state.state).toBe('DRAINING');
    t.counters.edge.inFlight = 0;
    b.until(t, b.inState('RELEASED'), 1_000);
    expect(b.said(t.effects, 'RELEASE')).toHaveLength(1);
  });

  test('an empty front alone releases nobody', () => {
    const t = b.departed('DRAINING');
    b.tick(t, 10_000);
    b.answer(t);
    expect(t.state.state).toBe('DRAINING');
    expect(safe(t)).toBe(false);
  });

  test('what the edge cut is counted and named', () => {
    const t = b.departed('DRAINING');
    const cut = [{ method: 'GET', path: '/stream', ageMs: 50_000 }];
    b.hear(t, { ...drained, cut, cutCount: 1 });
    b.until(t, b.inState('RELEASED'));
    b.hear(t, { type: 'GONE', stoppedMs: 1, forced: false });
    b.until(t, (state) => state.ending === null);
    expect(b.reports(t.effects)).toMatchObject([{ cut, cutCount: 1, outcome: 'offline' }]);
  });

  test.each(['drain', 'forced'] as const)('no DRAINED within the limit (%s)', (level) => {
    const t = b.departed('DRAINING', level);
    b.until(t, b.inState('HOLD', 'RELEASED'), 60_000);
    expect(t.state.state).toBe(level === 'forced' ? 'RELEASED' : 'HOLD');
    if (level === 'drain') expect(t.state.hold).toMatchObject({ code: 'drainIncomplete' });
  });

  test('silence is no loss any more: the weight is 0', () => {
    const t = b.departed('DRAINING');
    b.link(t, 'suspect');
    expect(t.state.state).toBe('DRAINING');
    b.link(t, 'down');
    expect(t.state).toMatchObject({ state: 'OFFLINE', unplanned: false });
    expect(b.act(t)).toEqual({ do: 'dead' });
  });

  test('its gate is unready by intention: no loss either', () => {
    const t = b.departed('DRAINING');
    b.send(t, { type: 'edge', alive: false, notReady: null });
    expect(t.state.state).toBe('DRAINING');
  });
});

describe('RELEASED and OFFLINE', () => {
  test('safe to close from RELEASED on, never before, also not under a weight that is not proven', () => {
    for (const state of ['PREPARING', 'SHIFTING', 'VERIFYING', 'DRAINING'] as const)
      expect([state, safe(b.departed(state))]).toEqual([state, false]);
    expect(safe(b.departed('RELEASED'))).toBe(true);
    expect(safe(b.departed('OFFLINE'))).toBe(true);
    const alone = b.departed('SHIFTING', 'forced');
    alone.live = { core: 67, edge: 33 };
    b.answer(alone);
    b.hear(alone, drained);
    b.until(alone, b.inState('RELEASED'));
    expect(safe(alone)).toBe(false);
    const notLive = b.departed('VERIFYING', 'forced');
    for (const count of [1, 2, 3])
      b.answer(notLive, count === 2 ? undefined : { do: 'verify', result: fail('weightNotLive') });
    b.hear(notLive, drained);
    b.until(notLive, b.inState('RELEASED'));
    expect([notLive.live.edge, safe(notLive)]).toEqual([0, false]);
  });

  test('GONE: out of the pool, one report with every step, a cool-down of 5 min', () => {
    const t = b.departed('OFFLINE');
    const [report, ...more] = b.reports(t.effects);
    expect(more).toEqual([]);
    expect(report).toMatchObject({
      kind: 'departure',
      outcome: 'offline',
      planned: true,
      noPeer: false,
      cutCount: 0,
      sharesBefore: { core: 20, edge: 80 },
      sharesAfter: { core: 100, edge: 0 },
    });
    expect(report?.steps.map(({ step }) => step)).toEqual([
      'PREPARING',
      'SHIFTING',
      'VERIFYING',
      'DRAINING',
      'RELEASED',
      'OFFLINE',
    ]);
    expect(report?.steps.every(({ outcome }) => outcome === 'done')).toBe(true);
    expect(report?.requests?.total).toBeGreaterThan(0);
    expect(report?.moved).toBeGreaterThan(0);
    expect((t.state.coolDownAtMs ?? 0) - t.now.ms).toBeGreaterThan(290_000);
  });

  test('no GONE: OFFLINE by silence, or after the limit', () => {
    const silent = b.departed('RELEASED');
    b.link(silent, 'left', 'sleep');
    expect(silent.state.state).toBe('OFFLINE');
    const mute = b.departed('RELEASED');
    b.until(mute, b.inState('OFFLINE'), 36_000);
    expect(mute.state.steps.find(({ step }) => step === 'RELEASED')).toMatchObject({ outcome: 'cut' });
  });

  test('weight 0 is asserted every 10 s, written again and noted when somebody raised it', () => {
    const t = b.departed('OFFLINE');
    t.effects.length = 0;
    b.until(t, () => b.acts(t.effects).some((act) => act.do === 'read'), 10_500);
    expect(b.acts(t.effects).filter((act) => act.do === 'write')).toEqual([]);
    t.live = { core: 20, edge: 80 };
    b.until(t, () => t.live.edge === 0, 11_000);
    expect(t.effects).toContainEqual(expect.objectContaining({ type: 'note', kind: 'handoff.reasserted' }));
    expect(t.state.state).toBe('OFFLINE');
  });

  test('a report does not wait for ever for a front that is away', () => {
    const t = b.departed('RELEASED');
    b.hear(t, { type: 'GONE', stoppedMs: 1, forced: false });
    for (let count = 0; count < 12; count += 1) {
      if (t.state.live.running?.retryMs === null) b.away(t);
      b.tick(t, 1_000);
    }
    expect(b.reports(t.effects)).toHaveLength(1);
    // And the edge is still to be taken out of the pool.
    expect(t.state.out).toBe(false);
    b.until(t, (state) => state.out);
  });
});
