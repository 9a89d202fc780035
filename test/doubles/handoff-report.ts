import type { HandoffReport } from '../../src-engine/handoff/report/report.ts';
import type { HandoffStep } from '../../src-shared/world/handoff.ts';

/** Hand-offs and their reports, as a keeper or a leaver would write them. */
export const BEGAN_AT = '2026-03-02T09:30:00.000Z';
const BEGAN_MS = Date.parse(BEGAN_AT);

export const afterMs = (ms: number): string => new Date(BEGAN_MS + ms).toISOString();

export const step = (change: Partial<HandoffStep> = {}): HandoffStep => ({
  step: 'SHIFTING',
  startedAt: BEGAN_AT,
  elapsedMs: 3100,
  limitMs: 8000,
  outcome: 'done',
  facts: {},
  ...change,
});

export const handoffReport = (change: Partial<HandoffReport> = {}): HandoffReport => ({
  handoffId: 'h-1',
  epoch: 3,
  kind: 'departure',
  outcome: 'offline',
  planned: true,
  noPeer: false,
  reasons: [{ name: 'battery', level: 'drain', since: BEGAN_AT, detail: '24 %' }],
  startedAt: BEGAN_AT,
  elapsedMs: 20_000,
  deadlineMs: 120_000,
  sharesBefore: { core: 20, edge: 80 },
  sharesAfter: { core: 100, edge: 0 },
  steps: [
    step({ step: 'PREPARING', elapsedMs: 1000, limitMs: 20_000 }),
    step({ step: 'SHIFTING', startedAt: afterMs(1000), elapsedMs: 4000 }),
    step({
      step: 'DRAINING',
      startedAt: afterMs(5000),
      elapsedMs: 10_000,
      limitMs: 45_000,
      facts: { inFlight: 0 },
    }),
    step({ step: 'RELEASED', startedAt: afterMs(15_000), elapsedMs: 5000, limitMs: 30_000 }),
  ],
  requests: { total: 900, core: 700, edge: 200, failed: 0, retried: 1, probes: 60 },
  moved: 560,
  cut: [],
  cutCount: 0,
  resent: 0,
  evidence: [{ at: afterMs(5000), what: 'weight 0 is live', facts: { probes: 40, onEdge: 0 } }],
  problem: null,
  ...change,
});
