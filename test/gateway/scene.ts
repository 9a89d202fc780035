import { mkdirSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { fail, ok } from '../../src-shared/errors/result.ts';
import { defaultSettings } from '../../src-shared/settings.ts';
import { freePorts } from '../../src-demo/free-ports.ts';
import { pinOfCertificate } from '../../src-engine/link/identity/pin.ts';
import { systemClock, systemScheduler } from '../../src-engine/platform/clock.ts';
import { homeAt, type Home } from '../../src-engine/platform/home.ts';
import { silentLog } from '../../src-engine/platform/log.ts';
import { embeddedFront } from '../../src-engine/traffic/embedded/embedded-front.ts';
import { gateProcess, type GateProcess } from '../../src-engine/traffic/gate/gate-process.ts';
import { gatewayFront } from '../../src-engine/traffic/gateway-api/gateway-front.ts';
import type { FrontAdapter } from '../../src-engine/traffic/ports.ts';
import type { TrafficPorts, TrafficRoom, TrafficSettings } from '../../src-engine/traffic/room-ports.ts';
import { openTraffic } from '../../src-engine/traffic/traffic-room.ts';
import { keepBackends, openClusterApi, type ClusterApi } from '../../src-engine/wire-gateway.ts';
import { builtFront } from '../doubles/built-front.ts';
import { ownPort } from '../doubles/own-port.ts';
import { pairOfKeys, type KeyPair } from '../doubles/pair-keys.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';
import { openPlane, type Plane } from '../kube/rig/plane.ts';
import { openLedger, type Client, type Ledger, type Workload } from '../rig/ledger/ledger.ts';
import { timed } from '../rig/net/canary.ts';
import { openTraefik, type Traefik } from './rig/traefik.ts';

export const shares = (edge: number) => ({ core: 100 - edge, edge });
const VERSION = 'gateway.networking.k8s.io/v1';
/** And the next one; of one pair at a time. */
const PASSAGE_PORT = ownPort();

interface Shared {
  plane: Plane;
  traefik: Traefik;
  api: ClusterApi;
  program: string;
}

/** Called once in a file: a real control plane with the Gateway API, and a real Traefik that carries its Gateway out. */
export function gatewayScene() {
  const shared = {} as Shared;
  beforeAll(async () => {
    shared.program = await builtFront();
    shared.plane = await openPlane('gateway', { nodes: 0 });
    const { plane } = shared;
    await plane.applyCrds('gateway-api');
    shared.traefik = await openTraefik(plane.folder, plane.kubeconfigFile);
    const listeners = [{ name: 'http', protocol: 'HTTP', port: shared.traefik.port }];
    await plane.apply(
      {
        apiVersion: VERSION,
        kind: 'GatewayClass',
        metadata: { name: 'traefik' },
        spec: { controllerName: 'traefik.io/gateway-controller' },
      },
      {
        apiVersion: VERSION,
        kind: 'Gateway',
        metadata: { name: 'web', namespace: 'default' },
        spec: { gatewayClassName: 'traefik', listeners },
      },
    );
    const api = await openClusterApi(plane.kubeconfig, systemScheduler);
    if (api === null) throw new Error('the kubeconfig cannot be read');
    shared.api = api;
  }, 180_000);
  afterAll(async () => {
    await shared.traefik?.close();
    await shared.plane?.dispose();
  });
  return {
    shared,
    /** What a machine that stood still has spoilt is run again, with another pair. */
    async measured(name: string, run: (pair: GatewayPair) => Promise<void>): Promise<void> {
      let pair: GatewayPair | null = null;
      const settle = async (): Promise<void> => {
        await pair?.close();
        pair = await openPair(shared);
      };
      await timed(name, { settle }, async () => {
        if (pair !== null) await run(pair);
      });
    },
  };
}

/** A core whose front is the Gateway, an edge with its real gate, workloads with ledgers, and requests at 20/80. */
export interface GatewayPair {
  readonly room: TrafficRoom;
  readonly gate: GateProcess;
  readonly ledger: Ledger;
  readonly edge: Workload;
  /** 200 requests a second through the Gateway; no stream, which a departure lets run. */
  load(): Client;
  /** Also at the end of the test. */
  close(): Promise<void>;
}

async function openPair(shared: Shared): Promise<GatewayPair> {
  const [corePort = 0, edgePort = 0, gatePort = 0] = await freePorts(3);
  const ledger = openLedger();
  const ends: (() => Promise<void> | void)[] = [() => ledger.close()];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  onTestFinished(close);
  await ledger.workload('core', corePort, []);
  const edge = await ledger.workload('edge', edgePort, []);
  const keys = pairOfKeys();
  const gate = await openGate(shared, keys, gatePort, edgePort);
  ends.push(() => gate.dispose('stop'));
  const settings: TrafficSettings = {
    ...defaultSettings.traffic,
    front: 'gateway-api',
    listen: `127.0.0.1:${shared.traefik.port}`,
    upstream: `127.0.0.1:${corePort}`,
    healthPath: '/health',
    gateway: { ...defaultSettings.traffic.gateway, port: PASSAGE_PORT },
    hostPort: corePort,
  };
  const room = await openTraffic(corePorts(shared, keys, settings));
  ends.push(() => room.dispose('stop'));
  const address = { address: '127.0.0.1', port: gatePort, certificatePem: keys.edge.certificatePem };
  expect(await room.switch.useGate(address)).toEqual(ok(undefined));
  expect(await room.switch.set(shares(80), shares(0))).toEqual(ok(shares(80)));
  await expect.poll(() => shared.traefik.liveWeight('tandem-front-edge'), { timeout: 20_000 }).toBe(80);
  const url = `http://127.0.0.1:${shared.traefik.port}`;
  const load = (): Client => ledger.client({ url, prefix: [], perSecond: 200, streams: 0 });
  return { room, gate, ledger, edge, load, close };
}

/** Written 0600, as the engine does. */
function ownPem(home: Home, own: KeyPair): string {
  mkdirSync(home.identity, { recursive: true, mode: 0o700 });
  const file = join(home.identity, 'own.pem');
  writeFileSync(file, `${own.certificatePem}${own.keyPem}`, { mode: 0o600 });
  return file;
}

const processOf = (home: Home) => ({ home, clock: systemClock, scheduler: systemScheduler, log: silentLog });

async function openGate(
  { program }: Shared,
  keys: ReturnType<typeof pairOfKeys>,
  port: number,
  upstream: number,
): Promise<GateProcess> {
  const home = homeAt(temporaryFolder('gateway-edge'));
  const gate = gateProcess({ ...processOf(home), program, bootId: 'rig' });
  const host = '127.0.0.1';
  const tls = { ownPemFile: ownPem(home, keys.edge), peerPin: keys.core.pin };
  const wish = { listen: { host, port }, upstream: { host, port: upstream, healthPath: '/health' }, tls };
  expect(await gate.open(wish)).toEqual(ok(undefined));
  expect(await gate.setReady(true, null)).toEqual(ok(undefined));
  return gate;
}

function corePorts(
  shared: Shared,
  { core, edge }: ReturnType<typeof pairOfKeys>,
  settings: TrafficSettings,
): TrafficPorts {
  const home = homeAt(temporaryFolder('gateway-core'));
  const front = (): FrontAdapter => gatewayOn(shared, home, settings);
  return {
    ...processOf(home),
    runFolder: home.run,
    identityFolder: home.identity,
    role: () => 'core',
    settings: () => settings,
    pair: async () =>
      ok({
        keyPem: core.keyPem,
        certificatePem: core.certificatePem,
        peerPin: edge.pin,
        peerHost: '127.0.0.1',
      }),
    pinOf: pinOfCertificate,
    linkHost: () => null,
    busy: () => false,
    findHaproxy: async () => fail('frontNotFound'),
    livingFront: async () => null,
    makeFront: front,
    makeGate: () => gateProcess({ ...processOf(home), program: shared.program, bootId: 'rig' }),
    note: () => undefined,
  };
}

function gatewayOn({ plane, api, program }: Shared, home: Home, settings: TrafficSettings): FrontAdapter {
  const address = ownAddress();
  return gatewayFront({
    ...processOf(home),
    passage: embeddedFront({ ...processOf(home), program, name: 'passage' }),
    passageLives: async () => false,
    settings: () => settings.gateway,
    clusterName: () => plane.name,
    place: async () => ok({ listenHost: address, seenAs: address, allow: [`${address}/32`] }),
    hands: async () => ok(api.gateway),
    keepBackends: (namespace, backends) => keepBackends(api.services, plane.name, namespace, backends),
    answers: async () => true,
    note: () => undefined,
  });
}

/** Slices refuse 127.0.0.0/8; scripts/tiers/gateway.mjs gives the loopback interface another address for it. */
function ownAddress(): string {
  const found = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, address }) => family === 'IPv4' && address.startsWith('198.18.'));
  if (found === undefined)
    throw new Error('no address of 198.18.0.0/15: run this with "npm run test:gateway".');
  return found.address;
}
