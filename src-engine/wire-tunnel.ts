import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { nobody } from '../src-shared/commands/registry.ts';
import { fail, ok, type Result } from '../src-shared/errors/result.ts';
import type { World } from '../src-shared/world/world.ts';
import type { ClusterRoom } from './cluster/cluster-room.ts';
import { hostSeenBy } from './cluster/docker/docker-network.ts';
import type { HistoryRoom } from './history/history-room.ts';
import { openServiceHands } from './kube/service-hands.ts';
import { certificateFile, keyFile, openIdentity } from './link/identity/identity-files.ts';
import { peerFile, readPeer } from './link/identity/peer-file.ts';
import type { LinkCourier } from './link/link-ports.ts';
import { dockerSocketPath } from './platform/docker-socket.ts';
import type { Platform } from './platform/platform.ts';
import { readUnlessChanged } from './platform/unless-changed.ts';
import type { SettingsRoom } from './settings/settings-room.ts';
import { addressOf } from './traffic/addresses.ts';
import { ownPemFile, writeOwnPem } from './traffic/pair-files.ts';
import { explainOwn } from './traffic/process/exit-report.ts';
import {
  askToStop,
  configFileOf,
  controlSocketOf,
  launchOwn,
  pidOfState,
} from './traffic/process/own-program.ts';
import { supervise } from './traffic/process/supervisor.ts';
import { hostPlace, type HostPlace, type OwnInterface } from './tunnel/lan/host-place.ts';
import type { OwnCluster, PairKeys, RelayAdapter, TunnelPorts, TunnelRoom } from './tunnel/ports.ts';
import { relayProcess } from './tunnel/relay/relay-process.ts';
import { openTunnel } from './tunnel/tunnel-room.ts';
import { ciliumOpener } from './wire-cilium.ts';
import { submarinerOpener } from './wire-submariner.ts';
import type { WorldStore } from './world-store.ts';

export interface TunnelNeeds {
  readonly platform: Platform;
  readonly world: WorldStore;
  readonly history: HistoryRoom;
  readonly settings: Pick<SettingsRoom, 'get' | 'subscribe'>;
  readonly clusters: Pick<ClusterRoom, 'handlers'>;
  readonly link: LinkCourier;
  /** Of the relay; default: out/engine/relay.js, beside this file when it is built. */
  readonly program?: string;
}

/** The tunnel stands on the pair's identity and the link, asks the cluster through its API, and writes the World's `tunnel`. */
export async function wireTunnel(needs: TunnelNeeds): Promise<TunnelRoom> {
  const { world, settings, link } = needs;
  const room = await openTunnel(tunnelPorts(needs));
  const leaveWorld = world.subscribe((now, before) => {
    if (standsOn(now) !== standsOn(before)) room.changed();
  });
  settings.subscribe(() => room.changed());
  const leaveLink = link.subscribe({
    onFact: () => room.changed(),
    onSession: () => room.sessionBegan(),
    onPayload: () => undefined,
    onLeaveNow: () => undefined,
    onTunnel: (payload) => room.heard(payload),
    onSecret: (name, value) => room.heardSecret(name, value),
  });
  return {
    ...room,
    async dispose(how) {
      leaveWorld();
      leaveLink();
      await room.dispose(how);
    },
  };
}

/** What makes the tunnel another one, of what the World knows. */
function standsOn(now: World): string {
  const cluster = ownCluster(now);
  return [now.peer?.pin ?? '', now.link.listening ?? '', cluster?.name ?? '', cluster?.state ?? ''].join(' ');
}

/** The cluster that is meant without a name, or the only one. */
export function ownCluster({ clusters, primaryCluster }: World): OwnCluster | null {
  const one =
    clusters.find(({ name }) => name === primaryCluster) ?? (clusters.length === 1 ? clusters[0] : undefined);
  return one === undefined || one.state === 'absent'
    ? null
    : { name: one.name, provider: one.provider, state: one.state };
}

/** Its kubeconfig is another cluster's: nothing of ours is written there. */
export function leadsElsewhere({ clusters }: World, name: string): boolean {
  return clusters.find((one) => one.name === name)?.why === 'otherCluster';
}

function tunnelPorts(needs: TunnelNeeds): TunnelPorts {
  const shared = sharedPorts(needs);
  return {
    ...shared,
    openSubmariner: submarinerOpener(needs, shared),
    openCilium: ciliumOpener(needs, shared),
  };
}

function sharedPorts(needs: TunnelNeeds): Omit<TunnelPorts, 'openSubmariner' | 'openCilium'> {
  const { platform, world, history, settings, clusters, link } = needs;
  const { clock, scheduler, home, tools } = platform;
  return {
    clock,
    scheduler,
    log: platform.log('tunnel'),
    runFolder: home.run,
    settings: () => settings.get().tunnel,
    cluster: () => ownCluster(world.get()),
    hostPort: () => settings.get().cluster.hostPort,
    link: () => link.fact(),
    linkHost: () => hostOf(world.get().link.listening),
    pair: pairKeysOf(home.identity),
    hasTool: async () => (await tools.find('subctl')) !== null || (await tools.find('cilium')) !== null,
    async kubeconfig(name) {
      if (leadsElsewhere(world.get(), name)) return null;
      const found = await clusters.handlers['cluster.kubeconfig']({ name }, nobody);
      return found.ok ? found.value.kubeconfig : null;
    },
    openHands: (kubeconfig) => openServiceHands(kubeconfig, scheduler),
    place: (cluster) => placeOf(platform, cluster, hostOf(world.get().link.listening)),
    makeRelay: () => makeRelay(needs),
    send: (payload) => link.sendTunnel(payload),
    publish: (tunnel) => world.write({ tunnel }),
    note: (kind, what, evidence) => void history.add({ kind, what, evidence }),
  };
}

function makeRelay({ platform, program }: TunnelNeeds): RelayAdapter {
  const { home, clock, scheduler } = platform;
  const ports = { home, clock, scheduler, log: platform.log('tunnel') };
  const script = program ?? fileURLToPath(new URL('./relay.js', import.meta.url));
  return relayProcess(configFileOf(home, 'relay'), ({ listen, prepare }) =>
    supervise(
      {
        name: 'relay',
        kind: 'relay',
        socket: controlSocketOf(home, 'relay'),
        listen,
        async prepare() {
          await prepare();
          return launchOwn(script, home, 'relay');
        },
        answers: pidOfState,
        askToEnd: askToStop,
        explain: (end) => explainOwn(home, 'relay', 'relayDown', end),
      },
      ports,
    ),
  );
}

/** As they stand on the disk now: pairing and unpairing write them before they tell the World. Asked in each round. */
function pairKeysOf(identityFolder: string): TunnelPorts['pair'] {
  const files = [keyFile, certificateFile, peerFile, ownPemFile].map((of) => of(identityFolder));
  return readUnlessChanged(files, () => pairKeys(identityFolder));
}

async function pairKeys(identityFolder: string): Promise<Result<PairKeys>> {
  const peer = await readPeer(identityFolder);
  if (!peer.ok) return peer;
  // Nobody to make keys for.
  if (peer.value === null) return fail('notPaired');
  const identity = await openIdentity(identityFolder);
  if (!identity.ok) return identity;
  const own = await writeOwnPem(identityFolder, identity.value);
  return own.ok ? ok({ ownPemFile: own.value, peerPin: peer.value.pin }) : own;
}

/** Of kind alone: minikube's way to its host depends on its driver, and none is proven yet. */
export async function placeOf(
  { env }: Platform,
  { name, provider }: OwnCluster,
  linkHost: string | null,
): Promise<HostPlace | null> {
  const docker = dockerSocketPath(env);
  if (provider !== 'kind' || docker === null) return null;
  return hostPlace(await hostSeenBy(docker, `${name}-control-plane`), ownInterfaces(), linkHost);
}

function ownInterfaces(): OwnInterface[] {
  return Object.values(networkInterfaces()).flatMap((each) =>
    (each ?? [])
      .filter(({ family }) => family === 'IPv4')
      .map(({ address, cidr }) => ({ address, prefixLength: Number(cidr?.split('/')[1] ?? 32) })),
  );
}

/** Of `ADDRESS:PORT`. */
export function hostOf(listening: string | null): string | null {
  const address = listening === null ? null : addressOf(listening);
  return address?.ok ? address.value.host : null;
}
