import type { SubmarinerView, Tunnel, TunnelOperation } from '../../src-shared/world/tunnel.ts';
import type { Wake } from '../../src-shared/world/wake.ts';
import type { World } from '../../src-shared/world/world.ts';
import { pairWorlds } from './pair-worlds.ts';
import { WORLD_AT } from './worlds.ts';

/** Worlds of a tunnel between the clusters of the pair; this Mac is the edge. */
const view: SubmarinerView = {
  clusterId: 'tandem-edge',
  broker: 'https://192.0.2.20:6443',
  gateway: { node: 'tandem-control-plane', address: '192.0.2.7', version: 'v0.22.2', updatedAt: WORLD_AT },
  peer: {
    clusterId: 'tandem-core',
    node: 'tandem-worker',
    address: '192.0.2.20',
    behindNat: true,
    state: 'connected',
    rttMs: 1.2,
    message: null,
  },
};

const steps = [
  'preflight',
  'fetchBroker',
  'clearLan',
  'markGateway',
  'joinCluster',
  'proveGateway',
  'proveTunnel',
];
const joining: TunnelOperation = {
  verb: 'join',
  step: 'joinCluster',
  done: 4,
  total: 7,
  startedAt: WORLD_AT,
  etaMs: null,
  steps: steps.map((step, at) => ({
    step,
    status: at < 4 ? 'done' : at === 4 ? 'running' : 'waiting',
    elapsedMs: at < 4 ? 1200 : at === 4 ? 41_000 : null,
    usualMs: null,
  })),
  cancelling: false,
  detail: 'Deploying the Submariner operator',
};

export const tunnel = (change: Partial<Tunnel> = {}): Tunnel => ({
  kind: 'submariner',
  state: 'connected',
  since: WORLD_AT,
  why: 'joined',
  problem: null,
  relay: null,
  submariner: view,
  cilium: null,
  operation: null,
  names: null,
  exports: [
    { namespace: 'shop', name: 'web', ports: [80], problem: null, connections: null, state: 'ready' },
  ],
  imports: [
    {
      namespace: 'data',
      name: 'postgresql',
      ports: [5432],
      problem: null,
      connections: null,
      state: 'ready',
      addresses: ['10.110.12.7:5432'],
      clusterName: 'postgresql.data.svc.clusterset.local',
    },
  ],
  source: 'gateways.submariner.io',
  sampledAt: WORLD_AT,
  ...change,
});

const nobody: SubmarinerView = { clusterId: null, broker: null, gateway: null, peer: null };
const alone = { exports: [], imports: [] };
const apart = (state: 'connecting' | 'error'): SubmarinerView => ({
  ...view,
  peer: view.peer && { ...view.peer, state, rttMs: null, message: 'no answer of the other gateway' },
});

const lanImport = { namespace: 'data', name: 'postgresql', ports: [5432], problem: null, connections: 2 };
const withTunnel = (change: Partial<Tunnel>): World => ({ ...pairWorlds.up, tunnel: tunnel(change) });

export const tunnelWorlds = {
  notJoined: withTunnel({ kind: 'lan', why: 'notJoined', state: 'none', submariner: null, ...alone }),
  /** LAN mode, whose names wait for a yes. */
  unnamed: withTunnel({
    kind: 'lan',
    why: 'noTool',
    submariner: null,
    relay: { listen: '192.0.2.7:47382', peer: '192.0.2.20:47382', rttMs: 1.4, answeredAt: WORLD_AT },
    names: 'off',
    exports: [],
    imports: [{ ...lanImport, state: 'ready', addresses: ['172.18.0.1:41873'], clusterName: null }],
    source: 'relay',
  }),
  joining: withTunnel({
    why: 'joining',
    state: 'connecting',
    submariner: nobody,
    operation: joining,
    ...alone,
  }),
  connected: withTunnel({}),
  blocked: withTunnel({
    state: 'connecting',
    submariner: apart('connecting'),
    problem: { code: 'tunnelBlocked', params: { port: 4500, seconds: 180 } },
    ...alone,
  }),
  unfinished: withTunnel({
    why: 'joining',
    state: 'error',
    submariner: nobody,
    problem: { code: 'tunnelUnfinished', params: { verb: 'join', step: 'joinCluster' } },
    ...alone,
  }),
};

const wake: Wake = {
  at: WORLD_AT,
  state: 'done',
  lines: [
    { id: 'clock', verdict: 'ok', problem: null, tookMs: 20 },
    { id: 'api', verdict: 'recovered', problem: null, tookMs: 3400 },
    {
      id: 'nodes',
      verdict: 'problem',
      problem: { code: 'nodesNotReady', params: { nodes: 'tandem-worker' } },
      tookMs: 63_000,
    },
    { id: 'link', verdict: 'ok', problem: null, tookMs: 63_400 },
    { id: 'tunnel', verdict: 'unknown', problem: null, tookMs: 63_400 },
  ],
};
export const wakeWorld: World = { ...pairWorlds.up, wake };
