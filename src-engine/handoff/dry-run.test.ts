import { expect, test } from 'vitest';
import { handoff, traffic } from '../../test/doubles/handoff-parts.ts';
import { handoffReport } from '../../test/doubles/handoff-report.ts';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import { dryRunOf, lastDepartures, median, type DryFacts } from './dry-run.ts';
import type { HandoffReport } from './report/report.ts';

const good = { sent: 20, ok: 20, wrong: 0, p50Ms: 3, p95Ms: 9 };
const facts = (change: Partial<DryFacts> = {}): DryFacts => ({
  handoff: handoff(),
  ownProblems: [],
  link: 'up',
  fitness: { fit: true, why: null },
  probes: good,
  traffic: traffic({ perSecond: { core: 20, edge: 80 }, inFlight: { core: 1, edge: 4 } }),
  departuresMs: [30_000, 20_000, 26_000],
  cluster: 'tandem',
  stuckPods: null,
  ...change,
});
const codes = (change: Partial<DryFacts>) => dryRunOf(facts(change)).problems.map(({ code }) => code);

test('all is well: what would move, how long it took before, nothing in the way', () => {
  expect(dryRunOf(facts())).toEqual({
    problems: [],
    coreFit: true,
    coreProbes: { sent: 20, ok: 20, p95Ms: 9 },
    perSecond: 80,
    inFlight: 4,
    expectedMs: 26_000,
    departures: 3,
    cluster: 'tandem',
    stuckPods: null,
  });
});

test('what was not measured is null, never a guess', () => {
  const dry = dryRunOf(facts({ probes: null, traffic: null, departuresMs: [], cluster: null }));
  expect(dry).toMatchObject({
    coreFit: null,
    coreProbes: null,
    perSecond: null,
    inFlight: null,
    expectedMs: null,
    departures: 0,
  });
});

test('a core is fit by its probes and its vitals; either alone can say no', () => {
  const unfit = { fit: false, why: { code: 'coreUnfit', params: { why: 'memory' } } } as const;
  const fit = (change: Partial<DryFacts>) => dryRunOf(facts(change)).coreFit;
  expect(fit({ fitness: unfit })).toBe(false);
  expect(fit({ fitness: unfit, probes: null })).toBe(false);
  expect(fit({ probes: { ...good, ok: 19 } })).toBe(false);
  expect(fit({ probes: { ...good, sent: 0, ok: 0 } })).toBe(false);
  expect(fit({ fitness: { fit: null, why: null } })).toBeNull();
  expect(codes({ fitness: unfit, probes: { ...good, ok: 19 } })).toEqual(['coreUnfit', 'coreUnfit']);
});

test('what holds it is named once, whoever says it', () => {
  const hold = { code: 'weightConflict', params: { who: 'x' } } as const;
  expect(codes({ handoff: handoff({ hold }), ownProblems: [hold] })).toEqual(['weightConflict']);
  expect(codes({ link: 'down' })).toEqual(['peerAway']);
});

test('the median of an even number lies between two', () => {
  expect(median([4, 1])).toBe(2.5);
  expect(median([3])).toBe(3);
  expect(median([])).toBeNull();
});

test('planned departures that ended OFFLINE count, the last ten', async () => {
  const record = (change: Partial<HandoffReport>, kind = 'handoff.departure'): HistoryRecord => ({
    id: 'r',
    at: '2026-03-02T09:30:00.000Z',
    kind,
    what: '',
    why: null,
    evidence: { report: handoffReport(change) },
  });
  const records = [
    record({ elapsedMs: 1 }),
    record({ elapsedMs: 2, planned: false }),
    record({ elapsedMs: 3, outcome: 'cancelled' }),
    record({ elapsedMs: 4, kind: 'return', outcome: 'serving' }, 'handoff.return'),
    record({ elapsedMs: 5 }, 'cluster.stop'),
    { ...record({}), evidence: { report: { elapsedMs: 6 } } },
    ...Array.from({ length: 20 }, (_, at) => record({ elapsedMs: 100 + at })),
  ];
  async function* newestFirst() {
    yield* records;
  }
  expect(await lastDepartures(newestFirst())).toEqual([1, 100, 101, 102, 103, 104, 105, 106, 107, 108]);
});
