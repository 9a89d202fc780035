import type { DryRun } from '../../src-shared/commands/handoff.ts';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import type { Handoff, HandoffStep, LeaveReason } from '../../src-shared/world/handoff.ts';
import type { Traffic } from '../../src-shared/world/traffic.ts';
import { WORLD_AT } from './worlds.ts';

/** Parts of Worlds in which an edge leaves and returns. */
export const before = (seconds: number): string =>
  new Date(Date.parse(WORLD_AT) - seconds * 1000).toISOString();
export const after = (seconds: number): string => before(-seconds);

export const leaveReason = (change: Partial<LeaveReason> = {}): LeaveReason => ({
  name: 'battery',
  level: 'drain',
  since: before(80),
  detail: '24 %',
  ...change,
});

export const handoff = (change: Partial<Handoff> = {}): Handoff => ({
  state: 'SERVING',
  since: before(7200),
  reasons: [],
  deadlineAt: null,
  safeToCloseLid: false,
  handoffId: null,
  epoch: 3,
  countdownEndsAt: null,
  delayedUntil: null,
  hold: null,
  unplanned: false,
  steps: [],
  returning: null,
  coolDownUntil: null,
  lastReport: null,
  toldAt: null,
  ...change,
});

export const step = (name: HandoffStep['step'], change: Partial<HandoffStep> = {}): HandoffStep => ({
  step: name,
  startedAt: before(20),
  elapsedMs: 3100,
  limitMs: 20_000,
  outcome: 'done',
  facts: {},
  ...change,
});

export const traffic = (change: Partial<Traffic> = {}): Traffic => ({
  source: 'double',
  sampledAt: before(1),
  front: 'haproxy',
  why: 'haproxyFound',
  state: 'up',
  problem: null,
  listen: '127.0.0.1:47380',
  weights: { core: 20, edge: 80 },
  seen: { core: 21, edge: 79 },
  requestsPerSecond: 118,
  perSecond: { core: 25, edge: 93 },
  inFlight: { core: 1, edge: 7 },
  backends: {
    core: { address: '127.0.0.1:47390', healthy: true, probeMs: 2 },
    edge: { address: '192.0.2.7:47381', healthy: true, probeMs: 4 },
  },
  gate: { listen: '192.0.2.7:47381', ready: true, notReady: null, inFlight: 7 },
  ...change,
});

/** Everything on the core. */
export const coreOnly = (change: Partial<Traffic> = {}): Traffic =>
  traffic({
    weights: { core: 100, edge: 0 },
    seen: { core: 100, edge: 0 },
    requestsPerSecond: 121,
    perSecond: { core: 121, edge: 0 },
    inFlight: { core: 8, edge: 0 },
    ...change,
  });

/** On its way to 0, and on its way back. */
export const half = traffic({
  weights: { core: 60, edge: 40 },
  seen: { core: 48, edge: 52 },
  perSecond: { core: 57, edge: 61 },
});
export const trial = traffic({
  weights: { core: 50, edge: 50 },
  seen: { core: 52, edge: 48 },
  perSecond: { core: 61, edge: 57 },
});

export const shifted: readonly HandoffStep[] = [
  step('PREPARING', {
    startedAt: before(24),
    elapsedMs: 2900,
    facts: { inFlightEdge: 7, edgeFit: true },
  }),
  step('SHIFTING', {
    startedAt: before(21),
    elapsedMs: 4100,
    limitMs: 8000,
    facts: { from: 80, steps: 2, lookRequests: 341, lookFailures: 0 },
  }),
  step('VERIFYING', {
    startedAt: before(17),
    elapsedMs: 900,
    limitMs: 10_000,
    facts: { probes: 40, rounds: 2, onEdge: 0, newOnEdge: 0, elapsedMs: 870 },
  }),
];

export const departed: readonly HandoffStep[] = [
  ...shifted,
  step('DRAINING', {
    startedAt: before(16),
    elapsedMs: 10_400,
    limitMs: 45_000,
    facts: { inFlightCore: 0, inFlightEdge: 0, newRequestsEdge: 0, cut: 0, moved: 3214 },
  }),
  step('RELEASED', {
    startedAt: before(6),
    elapsedMs: 8300,
    limitMs: 30_000,
    facts: { stoppedMs: 8200, forced: false },
  }),
];

export const dryRun = (change: Partial<DryRun> = {}): DryRun => ({
  problems: [],
  coreFit: true,
  coreProbes: { sent: 20, ok: 20, p95Ms: 14 },
  perSecond: 93,
  inFlight: 7,
  expectedMs: 28_000,
  departures: 4,
  cluster: 'tandem',
  stuckPods: [],
  ...change,
});

/** A record of history with a report, as the core keeps it. */
export function departureRecord(id: string, at: string): HistoryRecord {
  return {
    id,
    at,
    kind: 'handoff.departure',
    what: 'MacBook left: battery 24 %',
    why: null,
    evidence: {
      report: {
        handoffId: 'h-12',
        epoch: 3,
        kind: 'departure',
        outcome: 'offline',
        planned: true,
        noPeer: false,
        reasons: [leaveReason()],
        startedAt: at,
        elapsedMs: 28_400,
        deadlineMs: 120_000,
        sharesBefore: { core: 20, edge: 80 },
        sharesAfter: { core: 100, edge: 0 },
        steps: departed,
        requests: { total: 3321, core: 3260, edge: 61, failed: 0, retried: 0, probes: 60 },
        moved: 3214,
        cut: [],
        cutCount: 0,
        resent: 0,
        evidence: [
          { at, what: 'the core answered 20 of 20 probes', facts: { p95Ms: 12 } },
          { at, what: 'weight 0 proven live in 40 probes', facts: { onEdge: 0 } },
        ],
        problem: null,
      },
    },
  };
}

/** A loss that cost something. */
export function lossRecord(id: string, at: string): HistoryRecord {
  const departure = departureRecord(id, at);
  const report = departure.evidence['report'] as object;
  return {
    ...departure,
    kind: 'handoff.loss',
    what: 'MacBook was lost',
    evidence: {
      report: {
        ...report,
        kind: 'loss',
        outcome: 'lost',
        planned: false,
        reasons: [],
        elapsedMs: 2840,
        deadlineMs: null,
        steps: [
          step('SUSPECT', { elapsedMs: 1250, limitMs: null, facts: { probes: 4, failed: 4 } }),
          step('LOST', { elapsedMs: 360, limitMs: null, facts: { resent: 9, cut: 2 } }),
        ],
        requests: { total: 410, core: 372, edge: 38, failed: 2, retried: 9, probes: 4 },
        moved: 340,
        cut: [
          { method: 'POST', path: '/orders', ageMs: 1430 },
          { method: 'POST', path: '/orders', ageMs: 220 },
        ],
        cutCount: 2,
        resent: 9,
        evidence: [{ at, what: 'two probes of the gate failed', facts: { lastMs: 300 } }],
      },
    },
  };
}
