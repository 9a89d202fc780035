import { describe, expect, test } from 'vitest';
import * as b from '../../../test/doubles/keeper-bench.ts';
import type { HandoffWords } from '../../../src-shared/handoff-messages.ts';
import { personProblem } from './view.ts';

const cancel: HandoffWords = { type: 'CANCEL', reasons: [] };
const written = (t: b.Bench) =>
  b.acts(t.effects).flatMap((act) => (act.do === 'write' ? [act.target.edge] : []));

describe('cancel in each state', () => {
  test('SERVING: nothing to do but to say how it is', () => {
    const t = b.serving();
    expect(b.hear(t, cancel)).toEqual([{ type: 'tell' }]);
  });

  test('WARNED: no reason is left', () => {
    const t = b.serving();
    b.hear(t, { type: 'INTENT', reasons: [b.reason('battery', 'warn')], leave: false, remainingMs: null });
    expect(t.state.state).toBe('WARNED');
    b.hear(t, cancel);
    expect(t.state.state).toBe('SERVING');
  });

  test('PREPARING: free, reported, the weights were never touched', () => {
    const t = b.departed('PREPARING');
    b.hear(t, cancel);
    expect(t.state.state).toBe('SERVING');
    b.until(t, (state) => state.ending === null);
    expect(b.reports(t.effects)).toMatchObject([{ kind: 'departure', outcome: 'cancelled' }]);
    expect(written(t)).toEqual([]);
  });

  test('PREPARING, with another reason left: WARNED', () => {
    const t = b.departed('PREPARING');
    b.hear(t, { ...cancel, reasons: [b.reason('thermal', 'warn')] });
    expect(t.state.state).toBe('WARNED');
  });

  test.each(['SHIFTING', 'VERIFYING', 'DRAINING'] as const)(
    '%s: a report, then back from 0 with steps of 10 s and 20 s',
    (state) => {
      const t = b.departed(state);
      if (state === 'SHIFTING') b.answer(t);
      t.effects.length = 0;
      b.hear(t, cancel);
      expect(t.state).toMatchObject({ state: 'RETURNING', epoch: 2 });
      expect(b.reports(t.effects)).toMatchObject([{ kind: 'departure', outcome: 'cancelled' }]);
      const beganMs = t.now.ms;
      b.until(t, b.inState('SERVING'));
      expect(written(t)).toEqual(state === 'SHIFTING' ? [0, 10, 50, 80] : [10, 50, 80]);
      expect(t.now.ms - beganMs).toBeGreaterThanOrEqual(30_000);
      expect(t.now.ms - beganMs).toBeLessThan(40_000);
    },
  );

  test('the last reason cleared itself while it drained: the same', () => {
    const t = b.departed('DRAINING');
    b.hear(t, { type: 'INTENT', reasons: [], leave: false, remainingMs: null });
    expect(t.state.state).toBe('RETURNING');
  });

  test.each(['RELEASED', 'OFFLINE'] as const)('%s: too late, it finishes', (state) => {
    const t = b.departed(state);
    expect(b.said(b.hear(t, cancel), 'REJECT')).toMatchObject([{ why: { code: 'tooLateToCancel' } }]);
    expect(t.state.state).toBe(state);
  });

  test('LOST: too late', () => {
    const t = b.lost();
    expect(b.said(b.hear(t, cancel), 'REJECT')).toHaveLength(1);
  });

  test('a departure that began without a share ends where it was: OFFLINE', () => {
    const t = b.departed('OFFLINE');
    b.leave(t);
    expect(t.state.state).toBe('SHIFTING');
    b.hear(t, cancel);
    expect(t.state.state).toBe('OFFLINE');
  });

  test('said twice: the second changes nothing', () => {
    const t = b.departed('DRAINING');
    b.hear(t, cancel);
    const { epoch } = t.state;
    b.hear(t, cancel);
    expect(t.state).toMatchObject({ state: 'RETURNING', epoch });
  });
});

describe('HOLD', () => {
  function heldAt(edge: number): b.Bench {
    const t = b.departed('SHIFTING');
    t.live = { core: 100 - edge, edge };
    b.answer(t, { do: 'write', result: { ok: false, error: { code: 'weightConflict', params: { edge } } } });
    expect(t.state.state).toBe('HOLD');
    b.until(t, (state) => state.ending === null);
    return t;
  }

  test('it does nothing by itself, however long', () => {
    const t = heldAt(80);
    t.effects.length = 0;
    for (let hour = 0; hour < 4; hour += 1) {
      b.tick(t, 3_600_000);
      if (b.act(t) !== null) b.answer(t);
    }
    expect(t.state.state).toBe('HOLD');
    // It looks at what somebody else wrote, and leaves it.
    expect(b.acts(t.effects).filter((act) => act.do !== 'read')).toEqual([]);
    expect(t.live).toEqual({ core: 20, edge: 80 });
  });

  test("after somebody else's weights, a person's return starts from what stands there by then", () => {
    const t = heldAt(40);
    t.live = { core: 43, edge: 57 };
    b.until(t, (state) => state.seen?.edge === 57);
    t.effects.length = 0;
    b.hear(t, { type: 'ASK_RETURN', person: true, clusterReady: true });
    b.until(t, b.inState('SERVING'));
    expect(t.live).toEqual({ core: 20, edge: 80 });
  });

  test("a person's leave ends it", () => {
    const t = heldAt(80);
    b.hear(t, { type: 'INTENT', reasons: [b.reason('user', 'drain')], leave: true, remainingMs: null });
    expect(t.state).toMatchObject({ state: 'PREPARING', hold: null });
  });

  test("a person's return ends it, from the share that stands, after a window", () => {
    const t = b.departed('SHIFTING');
    b.answer(t);
    b.answer(t);
    t.counters.core.failures += 50;
    b.until(t, (state) => state.state === 'HOLD' && state.ending === null);
    t.effects.length = 0;
    b.hear(t, { type: 'ASK_RETURN', person: true, clusterReady: true });
    b.until(t, b.inState('SERVING'));
    expect(written(t)).toEqual([50, 80]);
  });

  test('an edge that asks by itself is told what holds it', () => {
    const t = heldAt(80);
    const effects = b.hear(t, { type: 'ASK_RETURN', person: false, clusterReady: true });
    expect(b.said(effects, 'REJECT')).toMatchObject([{ why: { code: 'weightConflict' } }]);
  });

  test('a person on the core clears it: it is where the weight says', () => {
    const t = heldAt(80);
    expect(personProblem(t.state, 'cancel')).toBeNull();
    b.send(t, { type: 'person', verb: 'cancel' });
    // The edge's reason is still there.
    expect(t.state.state).toBe('WARNED');
  });
});

describe('a person on the core', () => {
  test.each([
    ['SERVING', 'cancel', 'nothingToCancel'],
    ['SERVING', 'return', 'alreadyServing'],
    ['DRAINING', 'return', 'departureRuns'],
    ['DRAINING', 'cancel', undefined],
    ['RELEASED', 'cancel', 'tooLateToCancel'],
    ['OFFLINE', 'return', undefined],
    ['OFFLINE', 'cancel', 'nothingToCancel'],
  ] as const)('%s, %s: %s', (state, verb, code) => {
    const t = state === 'SERVING' ? b.serving() : b.departed(state);
    t.state = { ...t.state, reasons: [b.reason('user', 'drain')] };
    expect(personProblem(t.state, verb)?.code).toBe(code);
  });

  test('return while the edge is away, or has a reason of its own', () => {
    const t = b.departed('OFFLINE');
    expect(personProblem(t.state, 'return')).toMatchObject({ code: 'reasonsLeft' });
    b.link(t, 'down');
    expect(personProblem(t.state, 'return')).toMatchObject({ code: 'peerSilent' });
  });

  test('return skips the cool-down and clears the reason of the person', () => {
    const t = b.departed('OFFLINE');
    t.state = { ...t.state, reasons: [b.reason('user', 'drain')] };
    b.send(t, { type: 'person', verb: 'return' });
    b.until(t, b.inState('SERVING'));
  });
});

describe('the settings change', () => {
  test('a lower share of the edge is written at once', () => {
    const t = b.serving();
    t.now = { ...t.now, target: { core: 50, edge: 50 } };
    b.send(t, { type: 'settings' });
    b.until(t, () => t.live.edge === 50, 0);
    expect(t.state.state).toBe('SERVING');
  });

  test('a higher one goes through a window at the share that stands', () => {
    const t = b.serving();
    t.now = { ...t.now, target: { core: 10, edge: 90 } };
    b.send(t, { type: 'settings' });
    expect(t.state.state).toBe('RETURNING');
    t.effects.length = 0;
    b.until(t, b.inState('SERVING'));
    expect(written(t)).toEqual([90]);
  });
});
