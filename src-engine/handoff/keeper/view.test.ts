import { expect, test } from 'vitest';
import * as b from '../../../test/doubles/keeper-bench.ts';
import { handoffSchema } from '../../../src-shared/world/handoff.ts';
import { handoffReportSchema } from '../report/report.ts';
import { viewOf } from './view.ts';

const view = (t: b.Bench) => viewOf(t.state, t.now);

test('in each state it is what the World allows', () => {
  const states = ['PREPARING', 'SHIFTING', 'VERIFYING', 'DRAINING', 'RELEASED', 'OFFLINE'] as const;
  for (const t of [b.serving(), b.serving(0), b.lost(), ...states.map((state) => b.departed(state))])
    expect(handoffSchema.strict().safeParse(view(t)).error).toBeUndefined();
});

test('reports are what history allows', () => {
  for (const t of [b.departed('OFFLINE'), b.lost()])
    for (const report of b.reports(t.effects))
      expect(handoffReportSchema.strict().safeParse(report).error).toBeUndefined();
});

test('a deadline is shown while a departure runs, on the wall clock, and not after it', () => {
  const t = b.departed('PREPARING');
  expect(view(t).deadlineAt).toBe('2026-01-01T12:02:00.000Z');
  expect(view(b.departed('RELEASED')).deadlineAt).not.toBeNull();
  expect(view(b.departed('OFFLINE')).deadlineAt).toBeNull();
});

test('the cool-down is shown until it is over', () => {
  const t = b.departed('OFFLINE');
  expect(view(t).coolDownUntil).not.toBeNull();
  b.pass(t, 300_001);
  expect(view(t).coolDownUntil).toBeNull();
});

test('on its way back: the share that is tried, and what its window has and needs', () => {
  const t = b.departed('OFFLINE');
  b.hear(t, { type: 'ASK_RETURN', person: true, clusterReady: null });
  b.until(t, (state) => state.phase === 'admitted');
  expect(view(t)).toMatchObject({ returning: { share: 0, target: 80 }, safeToCloseLid: true });
  b.until(t, (state) => state.phase === 'raising');
  expect(view(t).safeToCloseLid).toBe(false);
  b.until(t, (state) => state.phase === 'window' && state.returning?.from !== null);
  b.until(t, () => (view(t).returning?.requests ?? 0) > 50);
  expect(view(t).returning).toMatchObject({ share: 10, requestsNeeded: 100 });
  expect(Date.parse(view(t).returning?.untilAt ?? '')).toBe(
    t.now.wallMs - t.now.ms + (t.state.returning?.windowMs ?? 0) + 60_000,
  );
});
