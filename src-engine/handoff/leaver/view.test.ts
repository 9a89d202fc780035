import { expect, test } from 'vitest';
import { machine, stateWords } from '../../../test/doubles/fake-edge.ts';
import { handoffSchema } from '../../../src-shared/world/handoff.ts';
import { problemsOf, viewOf } from './view.ts';

test("the core's last word, with this edge's own reasons and the time at which it was told", () => {
  const m = machine().serving();
  m.hear(stateWords('RETURNING', { coolDownUntil: null, lastReport: 'r1', reasons: [] }));
  const toldAt = m.moment().at;
  m.stage(['memory', 'warn']).later(3_000);
  const view = handoffSchema.parse(viewOf(m.state, m.moment()));
  expect(view).toMatchObject({ state: 'RETURNING', toldAt, lastReport: 'r1', safeToCloseLid: false });
  expect(view.reasons.map(({ name }) => name)).toEqual(['memory']);
});

test('what the core has not heard yet is shown at once', () => {
  const m = machine().serving().stage(['battery', 'drain']);
  expect(viewOf(m.state, m.moment()).state).toBe('WARNED');
  m.later(60_000);
  expect(viewOf(m.state, m.moment()).state).toBe('PREPARING');
});

test('without a word of the core it is this edge alone that speaks', () => {
  const m = machine();
  expect(handoffSchema.parse(viewOf(m.state, m.moment()))).toMatchObject({
    state: 'OFFLINE',
    safeToCloseLid: null,
    toldAt: null,
    handoffId: null,
  });
});

test('safe to close from RELEASE on, and as long as no share came back', () => {
  const m = machine().serving().draining().later(10_000);
  expect(viewOf(m.state, m.moment()).safeToCloseLid).toBe(false);
  m.hear({ type: 'RELEASE', remainingMs: 60_000 });
  expect(viewOf(m.state, m.moment()).safeToCloseLid).toBe(true);
  m.stopped().link('down');
  expect(viewOf(m.state, m.moment())).toMatchObject({ state: 'OFFLINE', safeToCloseLid: true });
});

test('the deadline is counted by this Mac', () => {
  const m = machine().serving().draining();
  m.hear(stateWords('DRAINING', { deadlineAt: '2040-01-01T00:00:00.000Z' }));
  const left = Date.parse(viewOf(m.state, m.moment()).deadlineAt ?? '') - Date.parse(m.moment().at);
  expect(left).toBe(95_000);
});

test('why it would not leave now', () => {
  const codes = (m: ReturnType<typeof machine>) => problemsOf(m.state).map(({ code }) => code);
  expect(codes(machine())).toEqual(['coreAway']);
  expect(codes(machine().serving())).toEqual([]);
  const m = machine().serving().draining();
  m.gate.away = true;
  expect(codes(m.later(1_000))).toEqual(['gateDown', 'departureRuns']);
});
