import { describe, expect, test } from 'vitest';
import * as b from '../../../test/doubles/keeper-bench.ts';
import type { HandoffWords } from '../../../src-shared/handoff-messages.ts';

const prepared: HandoffWords = { type: 'PREPARED', inFlight: 0, fit: true, why: null };
const drained: HandoffWords = { type: 'DRAINED', newRequests: 0, cut: [], cutCount: 0 };
const gone: HandoffWords = { type: 'GONE', stoppedMs: 1, forced: false };

describe('an older epoch is refused, and answered by STATE', () => {
  test.each([
    ['PREPARING', prepared],
    ['DRAINING', drained],
    ['RELEASED', gone],
  ] as const)('%s', (state, word) => {
    const t = b.departed(state);
    const before = t.state;
    expect(b.hear(t, word, { epoch: 0 })).toEqual([{ type: 'tell' }]);
    const { live: _live, ...kept } = t.state;
    expect(before).toMatchObject(kept);
  });

  test('what crossed our first word of an epoch is not old, until the edge was heard in it', () => {
    const t = b.departed('PREPARING');
    b.hear(t, { type: 'CANCEL', reasons: [] }, { epoch: 0 });
    expect(t.state.state).toBe('SERVING');
    const other = b.departed('DRAINING');
    expect(b.hear(other, { type: 'CANCEL', reasons: [] }, { epoch: 0 })).toEqual([{ type: 'tell' }]);
    expect(other.state.state).toBe('DRAINING');
  });

  test('two epochs behind is old, whoever says it', () => {
    const t = b.lost();
    t.state = { ...t.state, epoch: 5 };
    b.leave(t);
    expect(b.hear(t, { type: 'CANCEL', reasons: [] }, { epoch: 4 })).toEqual([{ type: 'tell' }]);
  });

  test('an edge that knows a newer epoch than a core that lost its record: counted on from there', () => {
    const t = b.serving();
    b.rejoin(t, { wakeId: 'wake-2' });
    b.hear(t, { type: 'INTENT', reasons: [], leave: false, remainingMs: null }, { epoch: 41 });
    b.leave(t);
    expect(t.state.epoch).toBe(42);
  });
});

describe('a seq that was heard is no news', () => {
  test.each([
    ['PREPARING', prepared],
    ['DRAINING', drained],
  ] as const)('%s', (state, word) => {
    const t = b.departed(state);
    b.hear(t, word, { seq: 7_000 });
    const after = t.state;
    expect(b.hear(t, word, { seq: 7_000 })).toEqual([]);
    expect(t.state).toBe(after);
  });

  test('a new engine of the edge counts from the beginning', () => {
    const t = b.serving();
    const reasons = [b.reason('thermal', 'warn')];
    const intent = { type: 'INTENT', leave: false, remainingMs: null } as const;
    b.hear(t, { ...intent, reasons }, { seq: 500_000 });
    b.hear(t, { ...intent, reasons: [] }, { seq: 500_000 });
    expect(t.state.state).toBe('WARNED');
    b.rejoin(t, { wakeId: 'wake-2', reasons });
    b.hear(t, { ...intent, reasons: [] }, { seq: 500_000 });
    expect(t.state.state).toBe('SERVING');
  });

  test('INTENT again with nothing new begins no second departure', () => {
    const t = b.departed('PREPARING');
    b.leave(t);
    expect(t.state).toMatchObject({ state: 'PREPARING', epoch: 1 });
  });

  test('a deadline only ever comes nearer, and forced stays forced', () => {
    const t = b.departed('DRAINING');
    const { deadlineAtMs } = t.state;
    b.leave(t, 'drain', 500_000);
    expect(t.state.deadlineAtMs).toBe(deadlineAtMs);
    b.leave(t, 'forced', 20_000);
    b.leave(t, 'drain', null);
    expect(t.state).toMatchObject({ forced: true, deadlineAtMs: t.now.ms + 20_000 });
  });
});

describe('REJOIN', () => {
  test('the gate is remembered and given to the front once; a refusal is tried again', () => {
    const t = b.bench();
    b.tick(t);
    b.answer(t);
    expect(b.rejoin(t)).toContainEqual({ type: 'useGate', gate: b.gate });
    const result = { ok: false, error: { code: 'frontDown', params: {} } } as const;
    b.send(t, { type: 'gateUsed', gate: b.gate, result });
    expect(b.tick(t, 1_000)).toContainEqual({ type: 'useGate', gate: b.gate });
    b.send(t, { type: 'gateUsed', gate: b.gate, result: { ok: true, value: undefined } });
    expect(b.rejoin(t)).not.toContainEqual({ type: 'useGate', gate: b.gate });
  });

  test.each([
    ['PREPARING', 'PREPARE'],
    ['DRAINING', 'DRAIN'],
    ['RELEASED', 'RELEASE'],
  ] as const)('in %s it says %s again, after STATE', (state, type) => {
    const t = b.departed(state);
    const effects = b.rejoin(t, { doing: 'draining' });
    expect(b.said(effects, type)).toHaveLength(1);
    expect(effects[0]).toEqual({ type: 'tell' });
    if (state !== 'PREPARING') expect(b.said(effects, 'ACK')).toMatchObject([{ stage: 'live' }]);
  });

  test('what was answered is not said again', () => {
    const t = b.departed('DRAINING');
    t.counters.edge.inFlight = 1;
    b.hear(t, drained);
    expect(b.said(b.rejoin(t, { doing: 'draining' }), 'DRAIN')).toEqual([]);
  });

  test('an edge that was switched off meanwhile, and is back, is not waited for', () => {
    const t = b.departed('RELEASED');
    b.rejoin(t, { bootId: 'boot-2', wakeId: 'wake-2' });
    expect(t.state.state).toBe('OFFLINE');
  });

  test('it left alone while this core was away: weight 0 at once, no peer', () => {
    const t = b.serving();
    b.rejoin(t, { doing: 'stopping', reasons: [b.reason('battery', 'forced')] });
    expect(b.act(t)).toMatchObject({ do: 'write', target: { edge: 0 }, force: true });
    expect(t.state.noPeer).toBe(true);
  });

  test('a gate that shut itself for a moment, nothing died: it may open at the weight that stands', () => {
    const t = b.serving();
    const effects = b.rejoin(t, { gateReady: false, gatePaused: true });
    expect(b.said(effects, 'ADMIT')).toEqual([{ type: 'ADMIT', share: 80 }]);
    expect(b.acts(effects)).toEqual([]);
  });

  test('a gate that was declared dead gets no such word: it asks', () => {
    const t = b.lost();
    b.link(t, 'up');
    expect(b.said(b.rejoin(t, { gateReady: false, gatePaused: true }), 'ADMIT')).toEqual([]);
  });

  test('in a return the window begins anew, and ADMIT is said again', () => {
    const t = b.departed('OFFLINE');
    b.hear(t, { type: 'ASK_RETURN', person: true, clusterReady: null });
    b.until(t, (state) => state.phase === 'window');
    b.until(t, () => t.now.ms > (t.state.returning?.windowMs ?? 0) + 30_000);
    const effects = b.rejoin(t, { wakeId: 'wake-9' });
    expect(b.said(effects, 'ADMIT')).toEqual([{ type: 'ADMIT', share: 10 }]);
    expect(t.state.returning?.windowMs).toBe(t.now.ms);
  });
});

test('STATE is told every 10 s, every 5 s while requests come, and not while the link is down', () => {
  const t = b.serving();
  const toldIn20 = (): number => {
    t.effects.length = 0;
    for (let second = 0; second < 20; second += 1) b.tick(t, 1_000);
    return t.effects.filter(({ type }) => type === 'tell').length;
  };
  b.tick(t, 10_000);
  expect(toldIn20()).toBe(2);
  t.now = { ...t.now, flows: true };
  expect(toldIn20()).toBe(4);
  b.link(t, 'down');
  t.effects.length = 0;
  for (let second = 0; second < 10; second += 1) b.tick(t, 1_000);
  expect(t.effects.filter(({ type }) => type === 'tell')).toEqual([]);
});

test('WARNED probes its own side once', () => {
  const t = b.serving();
  b.hear(t, { type: 'INTENT', reasons: [b.reason('battery', 'warn')], leave: false, remainingMs: null });
  b.until(t, () => t.now.ms > b.START_MS + 5_000);
  expect(b.acts(t.effects)).toEqual([{ do: 'check' }]);
});
