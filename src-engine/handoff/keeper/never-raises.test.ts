import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import * as b from '../../../test/doubles/keeper-bench.ts';
import type { HandoffWords } from '../../../src-shared/handoff-messages.ts';
import { fail, ok } from '../../../src-shared/errors/result.ts';
import { isDeparting } from './hold.ts';
import type { KeeperState } from './keeper-types.ts';
import { keeperRecordSchema } from './record.ts';
import { viewOf } from './view.ts';

/** Whatever happens, in whatever order: weights fall by themselves, and rise only in a return that passed. */

type Happening = (t: b.Bench) => void;
const quiet: HandoffWords = { type: 'INTENT', reasons: [], leave: false, remainingMs: null };
const drained: HandoffWords = { type: 'DRAINED', newRequests: 0, cut: [], cutCount: 0 };

const happenings: Record<string, Happening> = {
  warn: (t) => void b.hear(t, { ...quiet, reasons: [b.reason('battery', 'warn')] }),
  drain: (t) => void b.hear(t, { ...quiet, reasons: [b.reason('battery', 'drain')] }),
  leave: (t) => void b.leave(t, 'drain'),
  leaveForced: (t) => void b.leave(t, 'forced'),
  leaveShort: (t) => void b.leave(t, 'forced', 30_000),
  leaveLate: (t) => void b.leave(t, 'forced', 0),
  cleared: (t) => void b.hear(t, quiet),
  cancel: (t) => void b.hear(t, { type: 'CANCEL', reasons: [] }),
  prepared: (t) => void b.hear(t, { type: 'PREPARED', inFlight: 1, fit: true, why: null }),
  unfit: (t) => void b.hear(t, { type: 'PREPARED', inFlight: 1, fit: false, why: null }),
  drained: (t) => void b.hear(t, drained),
  drainedOld: (t) => void b.hear(t, drained, { epoch: 0 }),
  gone: (t) => void b.hear(t, { type: 'GONE', stoppedMs: 1, forced: true }),
  leaveNow: (t) => void b.hear(t, { type: 'LEAVE_NOW', reason: b.reason('suspend', 'forced') }),
  ask: (t) => void b.hear(t, { type: 'ASK_RETURN', person: false, clusterReady: true }),
  askPerson: (t) => void b.hear(t, { type: 'ASK_RETURN', person: true, clusterReady: null }),
  rejoin: (t) => void b.rejoin(t),
  rejoinOut: (t) => void b.rejoin(t, { wakeId: 'wake-2', gateReady: false, gatePaused: true }),
  rejoinGone: (t) => void b.rejoin(t, { bootId: 'boot-2', wakeId: 'wake-3', doing: 'gone' }),
  rejoinDraining: (t) => void b.rejoin(t, { wakeId: 'wake-4', doing: 'draining' }),
  up: (t) => void b.link(t, 'up'),
  suspect: (t) => void b.link(t, 'suspect'),
  down: (t) => void b.link(t, 'down'),
  asleep: (t) => void b.link(t, 'left', 'sleep'),
  quit: (t) => void b.link(t, 'left', 'quit'),
  alive: (t) => void b.send(t, { type: 'edge', alive: true, notReady: null }),
  dead: (t) => void b.send(t, { type: 'edge', alive: false, notReady: null }),
  personCancel: (t) => void b.send(t, { type: 'person', verb: 'cancel' }),
  personReturn: (t) => void b.send(t, { type: 'person', verb: 'return' }),
  shares: (t) => {
    t.now = { ...t.now, target: { core: 40, edge: 60 } };
    b.send(t, { type: 'settings' });
  },
  tick: (t) => void b.tick(t, 250),
  later: (t) => void b.tick(t, 12_000),
  muchLater: (t) => void b.tick(t, 400_000),
  answer: (t) => answerIfAny(t),
  fails: (t) => void (isRunning(t) && b.away(t)),
  conflict: (t) =>
    void (b.act(t)?.do === 'write' && b.answer(t, { do: 'write', result: fail('weightConflict') })),
  notLive: (t) =>
    void (b.act(t)?.do === 'verify' && b.answer(t, { do: 'verify', result: fail('weightNotLive') })),
  badPairs: (t) => {
    const bad = { sent: 20, ok: 0, wrong: 0, p50Ms: null, p95Ms: null };
    if (!isRunning(t)) return;
    if (b.act(t)?.do === 'checkEdge') b.answer(t, { do: 'checkEdge', result: ok(bad) });
    if (b.act(t)?.do === 'pairs') b.answer(t, { do: 'pairs', result: ok({ core: bad, edge: bad }) });
  },
  unhealthy: (t) => void (t.counters.edge.failures += 50),
  crash: (t) => {
    const { live: _live, ...kept } = t.state;
    // Through the schema: what is not in the record is lost.
    const record = keeperRecordSchema.parse(JSON.parse(JSON.stringify(kept)));
    const next = b.bench({ edge: t.live.edge, read: { kind: 'found', record }, now: t.now });
    Object.assign(t, { state: next.state });
    b.tick(t);
  },
};
const names = Object.keys(happenings);

function isRunning(t: b.Bench): boolean {
  return t.state.live.running !== null && t.state.live.running.retryMs === null;
}

function answerIfAny(t: b.Bench): void {
  if (isRunning(t)) b.answer(t);
}

/** What must hold across one happening. */
function check(t: b.Bench, name: string): void {
  const before = t.state;
  const share = t.live.edge;
  t.effects.length = 0;
  happenings[name]?.(t);
  const where = `${name} in ${before.state}/${before.phase}`;
  for (const act of b.acts(t.effects)) {
    if (act.do !== 'write') continue;
    if (act.mayRaise) expect([where, t.state.state, t.state.phase]).toEqual([where, 'RETURNING', 'raising']);
    if (act.force) expect([where, act.target.edge]).toEqual([where, 0]);
  }
  if (t.live.edge > share)
    expect([where, before.state, before.phase]).toEqual([where, 'RETURNING', 'raising']);
  if (mayRaise(before)) expect(where).toMatch(/RETURNING|crash/);
  if (name !== 'crash') neverHeld(before, t.state, where);
  if (viewOf(t.state, t.now).safeToCloseLid === true) expect([where, t.live.edge]).toEqual([where, 0]);
  if (b.said(t.effects, 'RELEASE').length > 0)
    expect([where, t.state.zeroLive || t.state.forced]).toEqual([where, true]);
  expect(t.state.epoch).toBeGreaterThanOrEqual(before.epoch);
}

/** What a restart would read is what this is. */
function checkRecord(t: b.Bench): void {
  const { live: _live, ...record } = t.state;
  expect(keeperRecordSchema.strict().safeParse(record).error).toBeUndefined();
}

function mayRaise({ live }: KeeperState): boolean {
  return live.running?.act.do === 'write' && live.running.act.mayRaise;
}

/** A departure that must be is never held. */
function neverHeld(before: KeeperState, after: KeeperState, where: string): void {
  if (!before.forced || !isDeparting(before.state)) return;
  expect([where, after.state === 'HOLD']).toEqual([where, false]);
}

const places: Record<string, () => b.Bench> = {
  SERVING: () => b.serving(),
  WARNED: () => {
    const t = b.serving();
    happenings['warn']?.(t);
    return t;
  },
  SUSPECT: () => {
    const t = b.serving();
    b.link(t, 'suspect');
    return t;
  },
  PREPARING: () => b.departed('PREPARING'),
  SHIFTING: () => b.departed('SHIFTING'),
  VERIFYING: () => b.departed('VERIFYING'),
  DRAINING: () => b.departed('DRAINING'),
  RELEASED: () => b.departed('RELEASED'),
  forced: () => b.departed('SHIFTING', 'forced'),
  OFFLINE: () => b.departed('OFFLINE'),
  LOST: () => b.lost(),
  first: () => b.serving(0),
  reviving: () => returningTo('reviving'),
  raising: () => returningTo('raising'),
  window: () => returningTo('window'),
  HOLD: () => {
    const t = b.departed('VERIFYING');
    happenings['notLive']?.(t);
    b.answer(t);
    happenings['notLive']?.(t);
    return t;
  },
};

function returningTo(phase: KeeperState['phase']): b.Bench {
  const t = b.departed('OFFLINE');
  happenings['askPerson']?.(t);
  b.until(t, (state) => state.phase === phase);
  return t;
}

/** Built once; a bench of its own for each try. */
const built = new Map<string, b.Bench>();
function at(place: string): b.Bench {
  const bench = built.get(place) ?? places[place]?.();
  if (bench === undefined) throw new Error('no such place');
  built.set(place, bench);
  return { ...bench, effects: [], counters: structuredClone(bench.counters) };
}

test.each(Object.keys(places))('%s: whatever comes, then the usual, a crash, and the usual', (place) => {
  for (const name of names) {
    const t = at(place);
    for (const next of [name, 'answer', 'tick', 'crash', 'answer']) check(t, next);
    checkRecord(t);
  }
});

test('any sequence, from anywhere', () => {
  const steps = fc.array(fc.oneof(fc.constantFrom(...names), fc.constantFrom('answer', 'answer', 'tick')), {
    minLength: 5,
    maxLength: 60,
  });
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(places)), steps, (place, run) => {
      const t = at(place);
      for (const name of run) check(t, name);
      checkRecord(t);
    }),
    { numRuns: 200 },
  );
}, 30_000);
