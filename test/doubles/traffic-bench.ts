import { join } from 'node:path';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { defaultSettings } from '../../src-shared/settings.ts';
import type { Role } from '../../src-shared/world/role.ts';
import type { Problem } from '../../src-shared/world/traffic.ts';
import { systemClock, systemScheduler, type Clock, type Scheduler } from '../../src-engine/platform/clock.ts';
import { silentLog } from '../../src-engine/platform/log.ts';
import { pinOfCertificate } from '../../src-engine/link/identity/pin.ts';
import type {
  GateAdapter,
  GateConfig,
  GateState,
  TrafficPorts,
  TrafficSettings,
} from '../../src-engine/traffic/room-ports.ts';
import { fakeFronts } from './fake-front.ts';
import { pairOfKeys } from './pair-keys.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The edge's gate, as far as its engine sees it. */
export interface FakeGate {
  running: GateConfig | null;
  state: GateState;
  problem: Problem | null;
  readonly asked: string[];
}

function fakeGate(gate: FakeGate): GateAdapter {
  const up = <T>(value: T): Result<T> =>
    gate.running === null ? fail('gateDown', { detail: '-' }) : ok(value);
  return {
    async open(config) {
      gate.asked.push(`open ${config.listen.host}`);
      if (gate.problem !== null) return fail(gate.problem.code, gate.problem.params);
      gate.running = config;
      return ok(undefined);
    },
    state: async () => up(gate.state),
    async setReady(ready, why) {
      gate.asked.push(`ready ${ready} ${why}`);
      gate.state = { ...gate.state, ready, notReady: why };
      return up(undefined);
    },
    cut: async () => up(gate.state.open),
    async dispose(how) {
      gate.asked.push(`dispose ${how}`);
      if (how === 'stop') gate.running = null;
    },
  };
}

/** A traffic room's surroundings: fronts and a gate that are fakes, a home and keys that are real. */
export function trafficBench(
  role: Role = 'core',
  time: { clock: Clock; scheduler: Scheduler } = { clock: systemClock, scheduler: systemScheduler },
) {
  const folder = temporaryFolder('traffic');
  const keys = pairOfKeys();
  const own = role === 'edge' ? keys.edge : keys.core;
  const fronts = fakeFronts();
  const gate: FakeGate = {
    running: null,
    state: { ready: true, notReady: null, requests: 0, inFlight: 0, open: [], upstreamUp: true },
    problem: null,
    asked: [],
  };
  const notes: { kind: string; what: string; evidence: Readonly<Record<string, unknown>> }[] = [];
  const settings: TrafficSettings = { ...defaultSettings.traffic, hostPort: 1, upstream: '127.0.0.1:1' };
  const world = {
    role,
    settings,
    busy: false,
    haproxy: ok({ path: '/usr/sbin/haproxy', version: '2.6.12' }) as Result<unknown>,
    linkHost: '192.0.2.8' as string | null,
    peerPin: (role === 'edge' ? keys.core.pin : keys.edge.pin) as string | null,
  };
  const ports: TrafficPorts = {
    ...time,
    log: silentLog,
    runFolder: join(folder, 'run'),
    identityFolder: join(folder, 'identity'),
    role: () => world.role,
    settings: () => world.settings,
    pair: async () => ok({ keyPem: own.keyPem, certificatePem: own.certificatePem, peerPin: world.peerPin }),
    pinOf: pinOfCertificate,
    linkHost: () => world.linkHost,
    busy: () => world.busy,
    findHaproxy: async () => world.haproxy,
    livingFront: async () => fronts.process?.kind ?? null,
    makeFront: fronts.make,
    makeGate: () => fakeGate(gate),
    note: (kind, what, evidence) => void notes.push({ kind, what, evidence }),
  };
  const gateAddress = { address: '192.0.2.8', port: 47_381, certificatePem: keys.edge.certificatePem };
  const known = { host: '192.0.2.8', port: 47_381, pin: keys.edge.pin };
  return { folder, keys, fronts, gate, notes, world, ports, gateAddress, known };
}
