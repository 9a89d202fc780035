import type { Handoff } from '../../src-shared/world/handoff.ts';
import type { Traffic } from '../../src-shared/world/traffic.ts';
import type { Reason } from '../../src-shared/world/vitals.ts';
import type { World } from '../../src-shared/world/world.ts';
import {
  after,
  before,
  coreOnly,
  departed,
  half,
  handoff,
  leaveReason,
  shifted,
  step,
  traffic,
  trial,
} from './handoff-parts.ts';
import { edgePeer, link, peer, silentEvidence } from './pair-worlds.ts';
import { battery, cluster, memory, reason, stopped, vitals, world } from './worlds.ts';

/** Worlds of each state of a hand-off, as both Macs show it. */
const oneNode = cluster().nodes.slice(0, 1);
const low: Reason[] = [reason({ value: 24, since: before(80) })];
const lowVitals = vitals({
  stage: 'drain',
  latched: true,
  battery: battery({ percent: 24, minutesToDrain: 0, minutesToStop: 38 }),
  reasons: low,
});
const warnVitals = vitals({
  stage: 'warn',
  battery: battery({ percent: 33, minutesToDrain: 22, minutesToStop: 48 }),
  reasons: [reason({ stage: 'warn', value: 33, limit: 35 })],
});

/** This Mac is the edge; what it shows of traffic and hand-off is the core's word of a moment ago. */
const edge = (of: Handoff, ways: Traffic, change: Parameters<typeof world>[0] = {}): World =>
  world({
    role: 'edge',
    link: link(),
    peer: peer(),
    clusters: [cluster({ nodes: oneNode })],
    handoff: { ...of, toldAt: before(1) },
    traffic: ways,
    ...change,
  });

/** The same seen from the core. */
const core = (of: Handoff, ways: Traffic, change: Partial<World> = {}): World => {
  const own = world({
    role: 'core',
    link: link(),
    vitals: vitals({
      memory: memory({ usedBytes: 11.2 * 2 ** 30, availableBytes: 4.8 * 2 ** 30, totalBytes: 16 * 2 ** 30 }),
      battery: null,
      lid: null,
    }),
    peer: edgePeer(),
    handoff: of,
    traffic: { ...ways, gate: null },
    ...change,
  });
  return { ...own, host: { ...own.host, name: 'Mac mini' } };
};

const warned = handoff({
  state: 'WARNED',
  since: before(30),
  reasons: [leaveReason({ level: 'warn', detail: '33 %' })],
});
const countdown = handoff({
  state: 'WARNED',
  since: before(15),
  reasons: [leaveReason()],
  countdownEndsAt: after(45),
});
const leavingNow = { reasons: [leaveReason()], handoffId: 'h-12', deadlineAt: after(92) };
const preparing = handoff({
  ...leavingNow,
  state: 'PREPARING',
  since: before(2),
  steps: [
    step('PREPARING', {
      startedAt: before(2),
      elapsedMs: null,
      outcome: 'running',
      facts: { inFlightEdge: 9 },
    }),
  ],
});
const shifting = handoff({
  ...leavingNow,
  state: 'SHIFTING',
  since: before(3),
  steps: [
    ...shifted.slice(0, 1),
    step('SHIFTING', {
      startedAt: before(3),
      elapsedMs: null,
      limitMs: 8000,
      outcome: 'running',
      facts: { from: 80 },
    }),
  ],
});
const draining = handoff({
  ...leavingNow,
  state: 'DRAINING',
  since: before(9),
  steps: [
    ...shifted,
    step('DRAINING', {
      startedAt: before(9),
      elapsedMs: null,
      limitMs: 45_000,
      outcome: 'running',
      facts: { inFlightEdge: 7 },
    }),
  ],
});
const released = handoff({
  ...leavingNow,
  state: 'RELEASED',
  since: before(4),
  safeToCloseLid: true,
  steps: [
    ...departed.slice(0, -1),
    step('RELEASED', { startedAt: before(4), elapsedMs: null, limitMs: 30_000, outcome: 'running' }),
  ],
});
const offline = handoff({
  state: 'OFFLINE',
  since: before(600),
  reasons: [leaveReason()],
  safeToCloseLid: true,
  handoffId: 'h-12',
  steps: [...departed],
  coolDownUntil: after(120),
  lastReport: 'report-1',
});
const offlineByPerson = {
  ...offline,
  reasons: [leaveReason({ name: 'user', detail: null })],
  coolDownUntil: null,
};
const lost = handoff({
  state: 'LOST',
  since: before(39),
  safeToCloseLid: null,
  handoffId: 'h-13',
  unplanned: true,
  steps: [
    step('SUSPECT', { startedAt: before(42), elapsedMs: 1250, limitMs: null, facts: { probes: 4 } }),
    step('LOST', {
      startedAt: before(40),
      elapsedMs: 360,
      limitMs: null,
      facts: { resent: 9, cut: 2, deadMs: 352 },
    }),
  ],
  coolDownUntil: after(261),
  lastReport: 'report-2',
});
const returning = handoff({
  state: 'RETURNING',
  since: before(95),
  handoffId: 'h-14',
  returning: { share: 50, target: 80, requests: 212, requestsNeeded: 500, untilAt: after(85) },
  steps: [
    step('RETURN_10', {
      startedAt: before(95),
      elapsedMs: 60_400,
      limitMs: null,
      facts: {
        share: 10,
        requests: 124,
        requestsEdge: 13,
        failures: 0,
        toppedUp: 20,
        coreP95Ms: 14,
        edgeP95Ms: 18,
      },
    }),
    step('RETURN_50', {
      startedAt: before(35),
      elapsedMs: null,
      limitMs: null,
      outcome: 'running',
      facts: { share: 50 },
    }),
  ],
});
const hold = handoff({
  state: 'HOLD',
  since: before(40),
  handoffId: 'h-12',
  hold: { code: 'weightNotLive', params: {} },
  steps: [
    ...shifted.slice(0, 2),
    step('VERIFYING', { limitMs: 10_000, elapsedMs: 10_000, outcome: 'failed' }),
  ],
});
const gone = { link: 'left', class: 'LEFT', byeReason: 'sleep', rttMs: null, quality: null } as const;
const silent = {
  link: 'down',
  class: 'PEER_UNREACHABLE',
  likely: 'asleep',
  since: before(42),
  lastSeenMs: 42_000,
  toldAt: before(44),
  rttMs: null,
  quality: null,
} as const;

/** The edge's popover. */
export const edgeWorlds = {
  serving: edge(handoff(), traffic()),
  servingIdle: edge(
    handoff(),
    traffic({
      seen: null,
      requestsPerSecond: 0,
      perSecond: { core: 0, edge: 0 },
      inFlight: { core: 0, edge: 0 },
    }),
  ),
  warned: edge(warned, traffic(), { vitals: warnVitals }),
  countdown: edge(countdown, traffic(), { vitals: lowVitals }),
  delayed: edge({ ...countdown, countdownEndsAt: null, delayedUntil: after(570) }, traffic(), {
    vitals: lowVitals,
  }),
  preparing: edge(preparing, traffic(), { vitals: lowVitals }),
  shifting: edge(shifting, half, { vitals: lowVitals }),
  draining: edge(draining, coreOnly({ inFlight: { core: 8, edge: 7 } }), { vitals: lowVitals }),
  forced: edge(
    {
      ...draining,
      reasons: [leaveReason({ level: 'forced', detail: '14 %' })],
    },
    coreOnly({ inFlight: { core: 8, edge: 7 } }),
    { vitals: lowVitals },
  ),
  released: edge(released, coreOnly(), {
    vitals: lowVitals,
    clusters: [cluster({ state: 'stopping', nodes: oneNode })],
  }),
  offline: edge(offline, coreOnly(), {
    vitals: lowVitals,
    clusters: [stopped({ nodes: oneNode, admission: null })],
  }),
  offlineByPerson: edge(offlineByPerson, coreOnly(), {
    clusters: [stopped({ nodes: oneNode, admission: null })],
  }),
  returning: edge(returning, trial),
  hold: edge(hold, half),
} as const satisfies Record<string, World>;

/** The core's popover. */
export const coreWorlds = {
  serving: core(handoff(), traffic()),
  warned: core(warned, traffic(), { peer: edgePeer({ vitals: warnVitals }) }),
  countdown: core(countdown, traffic(), { peer: edgePeer({ vitals: lowVitals }) }),
  draining: core(draining, coreOnly({ inFlight: { core: 8, edge: 7 } }), {
    peer: edgePeer({ vitals: lowVitals }),
  }),
  offline: core(offline, coreOnly(), {
    peer: edgePeer({
      ...gone,
      since: before(540),
      lastSeenMs: 540_000,
      toldAt: before(541),
      vitals: lowVitals,
      clusters: [stopped({ nodes: oneNode })],
    }),
  }),
  lost: core(lost, coreOnly(), { peer: edgePeer({ ...silent, evidence: [...silentEvidence] }) }),
  lostGate: core(lost, coreOnly()),
  returning: core(returning, trial),
  hold: core({ ...hold, steps: [], hold: { code: 'agentSilent', params: {} } }, traffic(), {
    peer: edgePeer({ ...silent, class: 'APP_HUNG', likely: null, evidence: [] }),
  }),
  frontDown: core(
    handoff(),
    traffic({
      state: 'down',
      problem: { code: 'frontPortTaken', params: { port: 47_380 } },
      seen: null,
      requestsPerSecond: null,
      perSecond: null,
      inFlight: null,
    }),
  ),
} as const satisfies Record<string, World>;
