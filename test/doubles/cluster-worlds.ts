import type { Output } from '../../src-shared/commands/registry.ts';
import type { PodReport } from '../../src-shared/pod-report.ts';
import type { Cluster, PastOperation, StepStatus, Workload } from '../../src-shared/world/clusters.ts';
import { GIB } from '../../src-shared/units.ts';
import type { World } from '../../src-shared/world/world.ts';
import { colima, idleColima } from './runtimes.ts';
import { cluster, operation, stopped, world, worlds } from './worlds.ts';

/** What the page of a cluster is drawn and tested in. */
const nodes: Cluster['nodes'] = cluster().nodes.map((node) => ({
  ...node,
  since: '2026-03-02T06:12:00.000Z',
}));

const slowApi: StepStatus = {
  step: 'waitApi',
  status: 'running',
  elapsedMs: 41_000,
  usualMs: 14_000,
  slow: true,
};

const lastStart: PastOperation = {
  verb: 'start',
  outcome: 'done',
  endedAt: '2026-03-02T09:20:00.000Z',
  elapsedMs: 71_000,
  steps: [
    { step: 'checkDocker', status: 'done', elapsedMs: 300, usualMs: 300 },
    { step: 'startNodes', status: 'done', elapsedMs: 4200, usualMs: 5000 },
    { ...slowApi, status: 'done', elapsedMs: 51_000 },
    { step: 'waitReady', status: 'done', elapsedMs: 15_500, usualMs: 15_500 },
  ],
};

export const COREDNS = 'kube-system/coredns-668d6bf9bc-7xk2p';
const KINDNET = 'kube-system/kindnet-8rzqd';

const trouble: Workload = {
  pods: { total: 24, running: 20, starting: 1, pending: 0, failing: 3, ending: 0, finished: 0 },
  worst: [
    { name: COREDNS, standing: 'failing', why: 'CrashLoopBackOff', restarts: 7 },
    { name: KINDNET, standing: 'failing', why: 'ImagePullBackOff', restarts: 0 },
    { name: 'shop/web-0', standing: 'failing', why: 'CrashLoopBackOff', restarts: 12 },
  ],
  warnings: {
    count: 31,
    newest: [
      {
        at: '2026-03-02T09:29:30.000Z',
        reason: 'BackOff',
        about: `Pod ${COREDNS}`,
        message: 'Back-off restarting failed container coredns',
        count: 31,
      },
    ],
  },
};

/** What the engine would say of CoreDNS. */
export const corednsReport = (): PodReport => ({
  pod: COREDNS,
  node: 'tandem-worker2',
  containers: [
    {
      name: 'coredns',
      why: 'CrashLoopBackOff',
      message: `back-off 5m0s restarting failed container=coredns pod=${COREDNS.slice(12)}_kube-system(5b0b5c4e-7a2e-4e0e-9b57-0d6f6a0c7a54)`,
      exitCode: 1,
      restarts: 7,
      log: [
        'maxprocs: Leaving GOMAXPROCS=2: CPU quota undefined',
        '.:53',
        '[INFO] plugin/reload: Running configuration SHA512 = 591cf328cccc12bc490481273e738df59329c62c0b729d94e8b61db9961c2fa5f046dd37f1cf888b953814040d180f52594972691cd6ff41be96639138a43908',
        'CoreDNS-1.12.0',
        'linux/arm64, go1.23.3, 51e11f1',
        '[FATAL] plugin/loop: Loop (127.0.0.1:35983 -> :53) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO 4547991504243258144.3688648895315093531."',
      ].join('\n'),
      previous: true,
      problem: null,
    },
  ],
  events: [
    {
      at: new Date(Date.now() - 60_000).toISOString(),
      type: 'Warning',
      reason: 'BackOff',
      message: 'Back-off restarting failed container coredns in pod coredns-668d6bf9bc-7xk2p_kube-system',
      count: 31,
    },
    {
      at: new Date(Date.now() - 600_000).toISOString(),
      type: 'Normal',
      reason: 'Pulled',
      message: 'Container image "registry.k8s.io/coredns/coredns:v1.12.0" already present on machine',
      count: 1,
    },
  ],
});

export const elsewhere: Output<'cluster.list'>['others'] = [
  { name: 'kind', provider: 'kind', nodes: 1, state: 'running' },
  { name: 'a-colleague-s-integration-lab-2026', provider: 'kind', nodes: 3, state: 'stopped' },
];

const holding = colima({ containers: { ours: 3, others: 2, names: ['db', 'web'] } });

export const clusterWorlds = {
  running: world({ clusters: [cluster({ nodes, lastOperation: lastStart })], runtime: holding }),
  slow: world({
    clusters: [
      stopped({
        state: 'starting',
        operation: operation({
          steps: operation().steps.map((step) => (step.step === 'waitApi' ? slowApi : step)),
          detail: 'connection refused',
        }),
        admission: null,
      }),
    ],
    runtime: holding,
  }),
  failing: world({
    clusters: [
      cluster({
        nodes: nodes.map((node, index) => (index === 2 ? { ...node, ready: false } : node)),
        state: 'degraded',
        why: 'provingDns',
        workload: trouble,
      }),
    ],
    runtime: holding,
  }),
  failed: world({
    clusters: [
      stopped({
        lastOperation: {
          ...lastStart,
          outcome: 'failed',
          elapsedMs: 145_500,
          steps: lastStart.steps.map((step, index) =>
            index === 3
              ? { ...step, status: 'failed' as const, elapsedMs: 90_000, slow: true as const }
              : step,
          ),
        },
        lastFailure: worlds.failed.clusters[0]!.lastFailure,
      }),
    ],
    runtime: idleColima(),
  }),
  down: world({
    clusters: worlds.dockerDown.clusters,
    runtime: colima({
      state: 'stopped',
      containers: null,
      startable: true,
      vm: {
        memoryBytes: 4 * GIB,
        cpus: 2,
        guestTotalBytes: null,
        touchedBytes: null,
        learnedBytes: 2.5 * GIB,
      },
    }),
  }),
  demo: worlds.demo,
  long: world({
    clusters: worlds.long.clusters,
    primaryCluster: worlds.long.primaryCluster,
    runtime: colima({ profile: 'a-profile-of-some-length', containers: { ours: 3, others: 0, names: [] } }),
  }),
  none: worlds.absent,
} as const satisfies Record<string, World>;
