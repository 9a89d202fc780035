import { describe, expect, test } from 'vitest';
import * as b from '../../../test/doubles/keeper-bench.ts';
import type { LinkFact } from '../ports.ts';
import type { KeeperState } from './keeper-types.ts';
import { sharesOf } from './limits.ts';
import { viewOf } from './view.ts';

const never: LinkFact = { state: 'never', class: null, byeReason: null, silenceMs: null };

/** The engine was killed: only the record and the front are left. */
function crashed(t: b.Bench, edge = t.live.edge): b.Bench {
  const { live: _live, ...record } = t.state;
  const next = b.bench({ edge, read: { kind: 'found', record }, link: never, now: { ms: t.now.ms + 4_000 } });
  next.counters = t.counters;
  b.tick(next);
  return next;
}

function resumed(t: b.Bench, edge?: number): b.Bench {
  const next = crashed(t, edge);
  b.answer(next);
  return next;
}

function back(t: b.Bench, doing: 'nothing' | 'draining' | 'stopping' | 'gone' = 'nothing'): b.Bench {
  b.link(t, 'up');
  b.rejoin(t, { doing });
  b.send(t, { type: 'gateUsed', gate: b.gate, result: { ok: true, value: undefined } });
  return t;
}

describe('until the front was read nothing is decided', () => {
  test('a front that is away is asked each second; nobody is lost, held or admitted meanwhile', () => {
    const t = crashed(b.serving());
    for (let second = 0; second < 60; second += 1) {
      b.away(t);
      b.send(t, { type: 'edge', alive: false, notReady: null });
      b.tick(t, 1_000);
    }
    expect(t.state.state).toBe('SERVING');
    expect(b.acts(t.effects).every((act) => act.do === 'read')).toBe(true);
    expect(viewOf(t.state, t.now).safeToCloseLid).toBeNull();
    b.answer(t);
    expect(t.state.state).toBe('LOST');
  });

  test('what the edge says meanwhile is heard afterwards', () => {
    const t = crashed(b.serving());
    b.link(t, 'up');
    b.rejoin(t);
    b.leave(t);
    expect(t.state.epoch).toBe(0);
    b.answer(t);
    expect(t.state).toMatchObject({ state: 'PREPARING', epoch: 1 });
  });
});

describe('at each state boundary', () => {
  test.each(['SERVING', 'WARNED', 'SUSPECT'] as const)(
    '%s, the weight as recorded: SERVING or WARNED',
    (state) => {
      const t = b.serving();
      if (state === 'SUSPECT') b.link(t, 'suspect');
      if (state === 'WARNED')
        b.hear(t, {
          type: 'INTENT',
          reasons: [b.reason('battery', 'warn')],
          leave: false,
          remainingMs: null,
        });
      expect(resumed(t).state.state).toBe(state === 'WARNED' ? 'WARNED' : 'SERVING');
    },
  );

  test("SERVING, somebody else's weight: held; weight 0: it has no share", () => {
    expect(resumed(b.serving(), 33).state).toMatchObject({ state: 'HOLD', hold: { code: 'weightConflict' } });
    expect(resumed(b.serving(), 0).state.state).toBe('OFFLINE');
  });

  test('PREPARING: prepared anew, with the deadline that it had', () => {
    const before = b.departed('PREPARING');
    const t = resumed(before);
    expect(t.state).toMatchObject({ state: 'PREPARING', deadlineAtMs: before.state.deadlineAtMs, epoch: 1 });
    expect(b.said(b.rejoin(t), 'PREPARE')).toMatchObject([{ remainingMs: 116_000 }]);
    b.hear(t, { type: 'PREPARED', inFlight: 0, fit: true, why: null });
    b.until(t, b.inState('SHIFTING'));
  });

  test.each([80, 40, 0])('SHIFTING, the front at %i: on with 0, and verified', (edge) => {
    const before = b.departed('SHIFTING');
    b.answer(before);
    b.answer(before);
    const t = resumed(
      { ...before, state: { ...before.state, ours: [sharesOf(80), sharesOf(40), sharesOf(0)] } },
      edge,
    );
    b.until(t, b.inState('DRAINING'));
    expect(t.live.edge).toBe(0);
  });

  test('an intent whose write was never heard of is ours all the same', () => {
    const t = resumed(b.departed('SHIFTING'), 40);
    expect(t.state.state).toBe('SHIFTING');
    b.until(t, b.inState('VERIFYING'));
  });

  test('VERIFYING: written and verified anew', () => {
    const t = resumed(b.departed('VERIFYING'));
    b.until(t, b.inState('DRAINING'));
  });

  test('DRAINING: repeats its word after REJOIN and goes on', () => {
    const t = resumed(b.departed('DRAINING'));
    back(t, 'draining');
    expect(b.said(t.effects, 'DRAIN')).toHaveLength(1);
    b.hear(t, { type: 'DRAINED', newRequests: 0, cut: [], cutCount: 0 });
    b.until(t, b.inState('RELEASED'));
  });

  test('DRAINING, but the front has a weight again: down and verified before anything stops', () => {
    const t = resumed(b.departed('DRAINING'), 80);
    expect(t.state.state).not.toBe('DRAINING');
    expect(b.said(t.effects, 'RELEASE')).toEqual([]);
  });

  test('RELEASED: repeats its word, then OFFLINE with one report', () => {
    const t = resumed(b.departed('RELEASED'));
    back(t, 'stopping');
    expect(b.said(t.effects, 'RELEASE')).toHaveLength(1);
    b.hear(t, { type: 'GONE', stoppedMs: 1, forced: false });
    b.until(t, (state) => state.state === 'OFFLINE' && state.ending === null);
    expect(b.reports(t.effects)).toHaveLength(1);
  });

  test('OFFLINE, its report not made yet: taken out of the pool, reported once', () => {
    const before = b.departed('RELEASED');
    b.hear(before, { type: 'GONE', stoppedMs: 1, forced: false });
    const t = resumed(before);
    b.until(t, (state) => state.ending === null && state.out);
    expect(b.reports(t.effects)).toHaveLength(1);
  });

  test('OFFLINE, the front came back with a weight: 0', () => {
    const t = resumed(b.departed('OFFLINE'), 80);
    b.until(t, () => t.live.edge === 0, 1_000);
    expect(t.state.state).toBe('OFFLINE');
  });

  test('the cool-down goes on where it was', () => {
    const before = b.departed('OFFLINE');
    const t = back(resumed(before));
    expect(t.state.coolDownAtMs).toBe(before.state.coolDownAtMs);
    const [no] = b.said(b.hear(t, { type: 'ASK_RETURN', person: false, clusterReady: null }), 'REJECT');
    expect(no?.why.code).toBe('coolingDown');
  });

  test('it said that it goes now, and the engine died before the weight fell: dead', () => {
    const before = b.serving();
    b.hear(before, { type: 'LEAVE_NOW', reason: b.reason('lid', 'forced') });
    const t = resumed(before);
    expect(b.act(t)).toEqual({ do: 'dead' });
  });
});

describe('RETURNING', () => {
  function returning(isSo: (state: KeeperState) => boolean): b.Bench {
    const t = b.departed('OFFLINE');
    b.hear(t, { type: 'ASK_RETURN', person: true, clusterReady: null });
    b.until(t, isSo);
    return t;
  }

  test('the weight stays, its window begins anew', () => {
    const before = returning((state) => state.phase === 'window');
    b.until(before, () => before.now.ms > (before.state.returning?.windowMs ?? 0) + 40_000);
    const t = resumed(before);
    expect(t.state).toMatchObject({ state: 'RETURNING', phase: 'window', seen: { edge: 10 } });
    expect(t.state.returning?.windowMs).toBe(t.now.ms);
    back(t);
    b.until(t, () => t.live.edge === 50);
    expect(t.now.ms - (t.state.steps.at(-1)?.startedMs ?? 0)).toBeLessThan(1_000);
  });

  test.each([
    [10, 10],
    [0, 0],
  ])('the step to 10 was meant: the front at %i stays there until it is asked', (edge, stays) => {
    const t = resumed(
      returning((state) => state.phase === 'raising'),
      edge,
    );
    expect(t.live.edge).toBe(stays);
    expect(t.state.phase).toBe(edge === 10 ? 'window' : 'reviving');
  });

  test('more than was ever meant: held, not raised and not believed', () => {
    const t = resumed(
      returning((state) => state.phase === 'window'),
      80,
    );
    expect(t.state).toMatchObject({ state: 'HOLD', hold: { code: 'weightConflict' } });
  });
});

describe('a record that cannot be read', () => {
  const unreadable = { kind: 'unreadable', setAside: '/x' } as const;

  test.each([
    [80, 'SERVING'],
    [0, 'OFFLINE'],
  ] as const)('the live weight is the truth: %i is %s, held until the edge is heard', (edge, state) => {
    const t = b.bench({ edge, read: unreadable, link: never });
    b.tick(t);
    b.answer(t);
    expect(t.state).toMatchObject({ state: 'HOLD', hold: { code: 'recordUnreadable' } });
    expect(t.live.edge).toBe(edge);
    expect(viewOf(t.state, t.now).safeToCloseLid).toBe(edge === 0 ? null : false);
    back(t);
    expect(t.state.state).toBe(state);
  });

  test('or until a person says so', () => {
    const t = b.bench({ edge: 80, read: unreadable, link: never });
    b.tick(t);
    b.answer(t);
    b.send(t, { type: 'person', verb: 'cancel' });
    expect(t.state.state).toBe('SERVING');
  });
});

test.each([0, 80])('a record of another pair, the front at %i: this pair begins without a share', (edge) => {
  const t = b.bench({ edge, read: { kind: 'other', setAside: '/x' }, link: never });
  b.tick(t);
  b.answer(t);
  expect(t.state).toMatchObject({ state: 'OFFLINE', epoch: 0, first: true, gate: null, departures: [] });
  b.until(t, ({ out }) => out, 2_000);
  expect([t.live.edge, viewOf(t.state, t.now).safeToCloseLid]).toEqual([0, true]);
  expect(b.reports(t.effects)).toEqual([]);
});
