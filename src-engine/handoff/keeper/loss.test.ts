import { describe, expect, test } from 'vitest';
import * as b from '../../../test/doubles/keeper-bench.ts';
import { ok } from '../../../src-shared/errors/result.ts';
import { viewOf } from './view.ts';

const leaveNow = { type: 'LEAVE_NOW', reason: b.reason('lid', 'forced') } as const;

describe('the link decides, the gate tells', () => {
  test('suspect: probes hurry, weights stay; up again: as before', () => {
    const t = b.serving();
    expect(b.link(t, 'suspect')).toContainEqual({ type: 'hurry', on: true });
    expect(t.state.state).toBe('SUSPECT');
    b.answer(t);
    expect(b.link(t, 'up')).toContainEqual({ type: 'hurry', on: false });
    expect(t.state.state).toBe('SERVING');
    expect(t.live.edge).toBe(80);
  });

  test('a dead gate while the link is only suspect is not yet a loss; at the decision it is, at once', () => {
    const t = b.serving();
    b.link(t, 'suspect');
    b.send(t, { type: 'edge', alive: false, notReady: null });
    expect(t.state.state).toBe('SUSPECT');
    const effects = b.link(t, 'down');
    expect(t.state).toMatchObject({ state: 'LOST', unplanned: true, epoch: 1 });
    expect(b.acts(effects)).toEqual([{ do: 'dead' }]);
  });

  test('the decision first, the probes a moment later', () => {
    const t = b.serving();
    b.link(t, 'suspect');
    b.link(t, 'down');
    expect(t.state.state).toBe('SUSPECT');
    b.send(t, { type: 'edge', alive: false, notReady: null });
    expect(t.state.state).toBe('LOST');
  });

  test('gate or workload dead with the link up: two failed probes are enough', () => {
    const t = b.serving();
    expect(b.acts(b.send(t, { type: 'edge', alive: false, notReady: null }))).toEqual([{ do: 'dead' }]);
    expect(t.state.state).toBe('LOST');
  });

  test('traffic answers, the agent is silent: HOLD after 30 s, weights as they are; heard again: on', () => {
    const t = b.serving();
    b.link(t, 'suspect');
    b.link(t, 'down');
    b.until(t, b.inState('HOLD'), 30_000);
    expect(t.state.hold).toMatchObject({ code: 'agentSilent' });
    expect(t.live.edge).toBe(80);
    b.link(t, 'up');
    b.rejoin(t);
    expect(t.state.state).toBe('SERVING');
  });

  test('an engine alone that quit, or crashed and stays away, is no loss while its gate serves', () => {
    const t = b.serving();
    b.link(t, 'left', 'quit');
    b.tick(t, 5_000);
    expect(t.state.state).toBe('SUSPECT');
    expect(t.live.edge).toBe(80);
  });

  test('nothing is known of the gate, the link is down: nobody is declared lost', () => {
    const t = b.bench();
    b.tick(t);
    b.answer(t);
    b.link(t, 'down');
    b.tick(t, 60_000);
    expect(t.state.state).toBe('SUSPECT');
  });

  test('held, and then its gate dies: weight 0 waits for no person', () => {
    const t = b.serving();
    b.link(t, 'down');
    b.until(t, b.inState('HOLD'), 40_000);
    b.send(t, { type: 'edge', alive: false, notReady: null });
    expect(t.state.state).toBe('LOST');
  });

  test.each(['PREPARING', 'SHIFTING', 'VERIFYING'] as const)('in %s it replaces what ran', (state) => {
    const t = b.departed(state);
    const late = t.state.live.running;
    b.send(t, { type: 'edge', alive: false, notReady: null });
    expect(t.state.state).toBe('LOST');
    expect(b.act(t)).toEqual({ do: 'dead' });
    const effects = b.send(t, {
      type: 'did',
      id: late?.id ?? 0,
      did: { do: 'verify', result: ok({ probes: 20, rounds: 2, onEdge: 0, newOnEdge: 0, elapsedMs: 1 }) },
    });
    expect(effects).toEqual([]);
    expect(t.state.state).toBe('LOST');
    expect(b.act(t)).toEqual({ do: 'dead' });
  });
});

describe('the report of a loss', () => {
  test('unplanned, with what was sent again and what was cut, and safe only after that', () => {
    const t = b.serving();
    b.send(t, { type: 'edge', alive: false, notReady: null });
    expect(viewOf(t.state, t.now).safeToCloseLid).toBe(false);
    const cut = [{ method: 'POST', path: '/', ageMs: 900 }];
    b.answer(t, { do: 'dead', result: ok({ resent: 7, cut, cutCount: 1, elapsedMs: 380 }) });
    expect(viewOf(t.state, t.now).safeToCloseLid).toBe(true);
    b.until(t, (state) => state.ending === null);
    expect(b.reports(t.effects)).toMatchObject([
      {
        kind: 'loss',
        outcome: 'lost',
        planned: false,
        resent: 7,
        cut,
        cutCount: 1,
        sharesBefore: { edge: 80 },
      },
    ]);
  });

  test('a front that cannot be asked is asked until the edge is out', () => {
    const t = b.serving();
    b.send(t, { type: 'edge', alive: false, notReady: null });
    b.away(t);
    b.tick(t, 1_000);
    expect(b.act(t)).toEqual({ do: 'dead' });
    b.until(t, (state) => state.out);
    expect(t.live.edge).toBe(0);
  });
});

describe('it said that it goes now', () => {
  test('LEAVE_NOW: written and said, then dead and said; OFFLINE, unplanned', () => {
    const t = b.serving();
    const first = b.hear(t, leaveNow);
    expect(b.acts(first)).toMatchObject([{ do: 'write', target: { edge: 0 }, force: true }]);
    expect(b.said(b.answer(t), 'ACK')).toEqual([{ type: 'ACK', of: 'LEAVE_NOW', stage: 'written' }]);
    expect(b.act(t)).toEqual({ do: 'dead' });
    expect(b.said(b.answer(t), 'ACK')).toEqual([{ type: 'ACK', of: 'LEAVE_NOW', stage: 'live' }]);
    b.until(t, (state) => state.ending === null);
    expect(t.state).toMatchObject({ state: 'OFFLINE', unplanned: true });
    expect(b.reports(t.effects)).toMatchObject([{ kind: 'departure', outcome: 'offline', planned: false }]);
  });

  test('a write that fails keeps nobody: dead comes at once', () => {
    const t = b.serving();
    b.hear(t, leaveNow);
    b.away(t);
    expect(b.act(t)).toEqual({ do: 'dead' });
  });

  test('by datagram and by TLS: once', () => {
    const t = b.serving();
    b.hear(t, leaveNow, { seq: 900 });
    expect(b.hear(t, leaveNow, { seq: 900 })).toEqual([]);
    expect(t.state.epoch).toBe(1);
  });

  test('with no share it is live already', () => {
    const t = b.departed('OFFLINE');
    expect(b.said(b.hear(t, leaveNow), 'ACK')).toEqual([{ type: 'ACK', of: 'LEAVE_NOW', stage: 'live' }]);
    expect(t.state.epoch).toBe(1);
  });

  test.each(['sleep', 'shutdown', 'lowBattery'] as const)('a good-bye before %s does the same', (why) => {
    const t = b.serving();
    b.link(t, 'left', why);
    b.until(t, b.inState('OFFLINE'));
    expect(t.live.edge).toBe(0);
  });

  test('in the middle of a departure it is one report, with the steps of both', () => {
    const t = b.departed('SHIFTING');
    b.hear(t, leaveNow);
    b.until(t, (state) => state.state === 'OFFLINE' && state.ending === null);
    const [report, ...more] = b.reports(t.effects);
    expect(more).toEqual([]);
    expect(report?.steps.map(({ step }) => step)).toEqual(['PREPARING', 'SHIFTING', 'SHIFTING', 'OFFLINE']);
  });
});
