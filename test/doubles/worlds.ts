import type { Cluster, Operation } from '../../src-shared/world/clusters.ts';
import type { Notice } from '../../src-shared/world/notices.ts';
import { noLink } from '../../src-shared/world/peer.ts';
import {
  unknownVitals,
  type Battery,
  type Memory,
  type Reason,
  type Vitals,
} from '../../src-shared/world/vitals.ts';
import type { World } from '../../src-shared/world/world.ts';
import { GIB } from '../../src-shared/units.ts';

/** Worlds as the engine would send them; each screen state that people meet has one. */
export const WORLD_AT = '2026-03-02T09:30:00.000Z';

const measured = { source: 'double', sampledAt: WORLD_AT } as const;

export const memory = (change: Partial<Memory> = {}): Memory => ({
  ...measured,
  usedBytes: 5.1 * GIB,
  availableBytes: 2.9 * GIB,
  totalBytes: 8 * GIB,
  wiredBytes: 1.2 * GIB,
  compressedBytes: 0.6 * GIB,
  compressorInputBytes: 1.6 * GIB,
  fileCacheBytes: 1.4 * GIB,
  swapUsedBytes: 0,
  swapTotalBytes: 0,
  swapBytesPerMinute: 0,
  level: 'normal',
  pressureRatio: 0.84,
  stallSomePercent: null,
  stallFullPercent: null,
  minutesToWarn: null,
  ...change,
});

export const battery = (change: Partial<Battery> = {}): Battery => ({
  ...measured,
  percent: 62,
  onAC: false,
  state: 'discharging',
  powerWatts: -8.4,
  energyWattHours: 31,
  fullWattHours: 50,
  designWattHours: 53,
  osMinutes: 230,
  minutesToDrain: 130,
  minutesToStop: 168,
  confidence: 'good',
  basis: 'energy',
  temperatureCelsius: 31,
  cycles: 120,
  healthPercent: 94,
  ...change,
});

export const vitals = (change: Partial<Vitals> = {}): Vitals => ({
  ...unknownVitals,
  memory: memory(),
  battery: battery(),
  thermal: { ...measured, level: 1, secondsAtLevel: 90, cpuCelsius: 58, unproven: false },
  load: { ...measured, cpuPercent: 23, load1: 1.4 },
  disk: { ...measured, path: '/', freeBytes: 65.9 * GIB, totalBytes: 228 * GIB },
  lid: { ...measured, closed: false },
  ...change,
});

export const reason = (change: Partial<Reason> = {}): Reason => ({
  metric: 'battery.percent',
  stage: 'drain',
  value: 25,
  limit: 25,
  since: '2026-03-02T09:28:40.000Z',
  ...change,
});

export const cluster = (change: Partial<Cluster> = {}): Cluster => ({
  ...measured,
  name: 'tandem',
  provider: 'kind',
  state: 'running',
  why: null,
  nodes: [
    { name: 'tandem-control-plane', role: 'control-plane', ready: true, pods: 11 },
    { name: 'tandem-worker', role: 'worker', ready: true, pods: 6 },
    { name: 'tandem-worker2', role: 'worker', ready: true, pods: 5 },
  ],
  operation: null,
  lastFailure: null,
  admission: null,
  ...change,
});

export const stopped = (change: Partial<Cluster> = {}): Cluster =>
  cluster({
    state: 'stopped',
    nodes: cluster().nodes.map((node) => ({ ...node, ready: false, pods: null })),
    admission: {
      verdict: 'fits',
      because: [],
      needBytes: 2.5 * GIB,
      availableBytes: 2.9 * GIB,
      totalBytes: 8 * GIB,
      predictedRatio: 0.74,
      wouldFitBytes: 2.4 * GIB,
    },
    ...change,
  });

export const operation = (change: Partial<Operation> = {}): Operation => ({
  verb: 'start',
  step: 'waitApi',
  done: 2,
  total: 4,
  startedAt: '2026-03-02T09:29:42.000Z',
  etaMs: 21_000,
  steps: [
    { step: 'checkDocker', status: 'done', elapsedMs: 300, usualMs: 300 },
    { step: 'startNodes', status: 'done', elapsedMs: 4200, usualMs: 5000 },
    { step: 'waitApi', status: 'running', elapsedMs: 13_500, usualMs: 19_000 },
    { step: 'waitReady', status: 'waiting', elapsedMs: null, usualMs: 15_500 },
  ],
  cancelling: false,
  detail: null,
  ...change,
});

export const notice = (change: Partial<Notice> = {}): Notice => ({
  id: 'stage-drain-1',
  category: 'stage',
  kind: 'stageEntered',
  severity: 'critical',
  params: { stage: 'drain', metric: 'battery.percent', value: 25, limit: 25 },
  at: '2026-03-02T09:28:40.000Z',
  open: true,
  ...change,
});

const none = { runtime: null, peer: null, traffic: null, handoff: null, tunnel: null, wake: null };

export function world(change: Partial<Omit<World, 'host'>> & { vitals?: Vitals } = {}): World {
  const { vitals: ownVitals = vitals(), ...rest } = change;
  return {
    version: '0.1.0',
    role: 'single',
    at: WORLD_AT,
    timeScale: 1,
    revision: 7,
    engine: { pid: 4242, startedAt: '2026-03-02T06:00:00.000Z', home: '/tmp/home' },
    host: {
      name: 'MacBook',
      facts: { model: 'MacBook Air', chip: 'Apple M2', os: 'macOS 15.5', fanless: true, cpuCount: 8 },
      vitals: ownVitals,
    },
    clusters: [cluster()],
    providers: [
      { provider: 'kind', available: true, version: '0.31.0', why: null },
      { provider: 'minikube', available: false, version: null, why: 'minikubeMissing' },
      { provider: 'embedded', available: true, version: null, why: null },
    ],
    primaryCluster: 'tandem',
    notices: [],
    link: noLink,
    ...none,
    automation: { enabled: true, pausedUntil: null },
    ...rest,
  };
}

const demoNodes: Cluster['nodes'] = [{ name: 'demo-1', role: 'control-plane', ready: true, pods: null }];

/** The states that screens are drawn and tested in. */
export const worlds = {
  running: world(),
  demo: world({ clusters: [cluster({ provider: 'embedded', nodes: demoNodes })] }),
  idle: world({
    clusters: [stopped()],
    vitals: vitals({ battery: battery({ percent: 82, onAC: true, state: 'charging' }) }),
  }),
  absent: world({ clusters: [] }),
  starting: world({ clusters: [stopped({ state: 'starting', operation: operation(), admission: null })] }),
  refused: world({
    clusters: [
      stopped({
        admission: {
          verdict: 'refuse',
          because: ['ratioLow', 'needOverTotal'],
          needBytes: 4.5 * GIB,
          availableBytes: 1.6 * GIB,
          totalBytes: 8 * GIB,
          predictedRatio: 0.41,
          wouldFitBytes: 1.1 * GIB,
        },
      }),
    ],
    vitals: vitals({
      memory: memory({
        usedBytes: 6.4 * GIB,
        availableBytes: 1.6 * GIB,
        level: 'warn',
        pressureRatio: 0.55,
        swapUsedBytes: 1.2 * GIB,
      }),
    }),
  }),
  drain: world({
    notices: [notice()],
    vitals: vitals({
      stage: 'drain',
      latched: true,
      battery: battery({ percent: 25, minutesToDrain: 0, minutesToStop: 41 }),
      reasons: [reason()],
    }),
  }),
  stale: world({
    vitals: vitals({
      battery: battery({
        sampledAt: '2026-03-02T09:25:48.000Z',
        stale: true,
        minutesToDrain: null,
        confidence: 'none',
      }),
    }),
  }),
  dockerDown: world({
    clusters: [
      cluster({
        state: 'unknown',
        why: 'dockerDown',
        nodes: [],
        sampledAt: '2026-03-02T09:21:00.000Z',
        stale: true,
      }),
    ],
  }),
  looking: world({ clusters: [cluster({ state: 'unknown', why: 'notSeenYet', nodes: [] })] }),
  failed: world({
    clusters: [
      stopped({
        lastFailure: {
          at: '2026-03-02T09:26:11.000Z',
          verb: 'start',
          code: 'nodeExited',
          params: { node: 'tandem-worker2', detail: 'no space left on device' },
        },
      }),
    ],
    notices: [
      notice({
        id: 'operation-tandem-1',
        category: 'operation',
        kind: 'operationFailed',
        severity: 'warning',
        params: {
          name: 'tandem',
          verb: 'start',
          code: 'nodeExited',
          node: 'tandem-worker2',
          detail: 'no space left on device',
        },
      }),
    ],
  }),
  degraded: world({
    clusters: [
      cluster({
        state: 'degraded',
        nodes: cluster().nodes.map((node, index) => ({ ...node, ready: index !== 2 })),
      }),
    ],
  }),
  long: world({
    clusters: [
      cluster({
        name: 'our-rather-long-laboratory-cluster-2026',
        nodes: cluster().nodes.map((node) => ({
          ...node,
          name: node.name.replace('tandem', 'our-rather-long-laboratory-cluster-2026'),
        })),
      }),
    ],
    primaryCluster: 'our-rather-long-laboratory-cluster-2026',
  }),
} as const satisfies Record<string, World>;

/** The same World with all its times moved to now, for screens that tell ages and times of day. */
export function freshly(old: World, now = new Date()): World {
  const moved = now.getTime() - Date.parse(WORLD_AT);
  const iso = /"(\d{4}-\d\d-\d\dT[\d:.]+Z)"/g;
  return JSON.parse(
    JSON.stringify(old).replace(
      iso,
      (_match, at: string) => `"${new Date(Date.parse(at) + moved).toISOString()}"`,
    ),
  ) as World;
}
