import { recordsFromEnd } from './history/history-file.ts';
import { fail, type Result } from '../src-shared/errors/result.ts';
import { farewellOf } from './handoff/farewell.ts';
import type { HandoffRoom } from './handoff/handoff-room.ts';
import type { PeerCommand } from '../src-shared/commands/peer.ts';
import { nobody } from '../src-shared/commands/registry.ts';
import { apiAnswers, type Cluster } from '../src-shared/world/clusters.ts';
import type { HandoffState, ReasonName } from '../src-shared/world/handoff.ts';
import type { World } from '../src-shared/world/world.ts';
import type { ClusterRoom } from './cluster/cluster-room.ts';
import type { HistoryRoom } from './history/history-room.ts';
import type { LinkPorts, LinkRoom } from './link/link-ports.ts';
import { openLink } from './link/link-room.ts';
import type { BeatFacts, PeerStatus } from './link/ports.ts';
import type { Platform } from './platform/platform.ts';
import type { SettingsRoom } from './settings/settings-room.ts';
import type { Notices } from './wire-notices.ts';
import type { Samples } from './wire-samples.ts';
import type { WorldStore } from './world-store.ts';

export interface LinkNeeds {
  readonly platform: Platform;
  readonly world: WorldStore;
  readonly history: HistoryRoom;
  readonly notices: Notices;
  readonly settings: SettingsRoom;
  readonly clusters: ClusterRoom;
  readonly samples: Samples;
  readonly bootId: string;
  /** Built after the link, which carries it; null until then. */
  handoff(): Asked | null;
}

/** Who answers when the other Mac asks for a departure or a return. */
type Asked = Pick<HandoffRoom, 'peerAsks'>;

/** Design limits, Documents: the World lists the 20 worst items; a STATUS frame is at most 64 KiB. */
const MOST_CLUSTERS = 20;

/** The link learns of this Mac from the World, writes `link` and `peer` there, and acts through the cluster room. */
export async function wireLink(needs: LinkNeeds): Promise<LinkRoom> {
  const { world, settings } = needs;
  const link = await openLink(linkPorts(needs));
  world.subscribe((now, before) => {
    const isOwn = now.host !== before.host || now.clusters !== before.clusters || now.role !== before.role;
    if (isOwn) link.ownChanged();
  });
  settings.subscribe(() => link.settingsChanged());
  return link;
}

function linkPorts(needs: LinkNeeds): LinkPorts {
  const { platform, world, history, notices, settings, samples } = needs;
  return {
    clock: platform.clock,
    scheduler: platform.scheduler,
    tools: platform.tools,
    os: platform.os,
    log: platform.log('link'),
    identityFolder: platform.home.identity,
    logsFolder: platform.home.logs,
    bootId: needs.bootId,
    version: world.get().version,
    settings: () => settings.get().link,
    role: () => settings.get().role,
    hasBattery: () => world.get().host.vitals.battery !== null,
    own: () => ownStatus(world.get()),
    facts: () => ownFacts(world.get()),
    publish: (link, peer) => world.write({ link, peer }),
    noteGap: samples.noteGap,
    history: {
      add: history.add,
      settled: history.settled,
      records: () => recordsFromEnd(platform.home.history),
    },
    tell: notices.tell,
    setRole: (role) => settings.handlers['settings.set']({ key: 'role', value: role }, nobody),
    act: (command, name) => actFor(needs.clusters, needs.handoff(), command, name),
    farewell: (reason) => farewellOf(reason, world.get().role, world.get().handoff),
  };
}

/** What the other Mac may ask of this one. */
export async function actFor(
  clusters: ClusterRoom,
  handoff: Asked | null,
  command: PeerCommand,
  name: string | null,
): Promise<Result<unknown>> {
  const which = name === null ? {} : { name };
  switch (command) {
    case 'cluster.start':
      return clusters.handlers['cluster.start']({ ...which, force: false }, nobody);
    case 'cluster.stop':
      return clusters.handlers['cluster.stop'](which, nobody);
    case 'leave':
    case 'cancel':
    case 'return':
      return handoff === null ? fail('singleMac') : handoff.peerAsks(command, name);
  }
}

export function ownStatus({ host, role, version, clusters }: World): PeerStatus {
  const worst = [...clusters].sort((one, other) => rank(one) - rank(other)).slice(0, MOST_CLUSTERS);
  return {
    name: host.name,
    role,
    version,
    vitals: host.vitals,
    // What runs on them is for this Mac's own screens: thousands of bytes at each look, for nobody over there.
    clusters: worst.map(({ workload: _unsent, ...cluster }) => cluster),
    // A kind API server listens on loopback: no LAN reaches it before the tunnel's issue opens one.
    api: null,
  };
}

const order = [
  'unknown',
  'degraded',
  'partial',
  'starting',
  'stopping',
  'running',
  'paused',
  'stopped',
  'absent',
];

function rank({ state }: Cluster): number {
  return order.indexOf(state);
}

/** While it is so, the edge's share goes away, or is gone and its cluster stops. */
const drainingStates: readonly HandoffState[] = ['SHIFTING', 'VERIFYING', 'DRAINING', 'RELEASED'];
/** What makes an edge leave because it will stand still soon. */
const sleepReasons: readonly ReasonName[] = ['lid', 'suspend', 'shutdown'];

export function ownFacts(world: World): BeatFacts {
  const { host, role, clusters, primaryCluster, traffic, handoff, tunnel } = world;
  const { battery, lid, thermal, memory } = host.vitals;
  const cluster = clusters.find(({ name }) => name === primaryCluster);
  const isUp = cluster?.state === 'running' || cluster?.state === 'degraded';
  return {
    onAC: battery?.onAC ?? null,
    lidClosed: lid?.closed ?? null,
    sleepSoon:
      role !== 'edge' || handoff === null
        ? null
        : handoff.reasons.some(({ name }) => sleepReasons.includes(name)),
    draining:
      cluster?.operation?.verb === 'drain' ||
      (role === 'edge' && handoff !== null && drainingStates.includes(handoff.state)),
    clusterUp: cluster === undefined || cluster.state === 'unknown' ? null : isUp,
    apiOk: !isUp ? null : apiAnswers(cluster),
    gatewayOk: gatewayOk(role, traffic),
    tunnelOk: tunnelOk(tunnel),
    batteryPercent: battery?.percent ?? null,
    thermalLevel: thermal?.level ?? null,
    memoryFreePercent: memory === null ? null : Math.round((memory.availableBytes / memory.totalBytes) * 100),
    loopLagMs: null,
  };
}

/** LAN mode has no tunnel that could be down: its relays answer, or the link says why. */
function tunnelOk(tunnel: World['tunnel']): boolean | null {
  if (tunnel === null || tunnel.kind === 'lan') return null;
  return tunnel.state === 'connected' ? true : tunnel.state === 'error' ? false : null;
}

/** The core's front, or the edge's gate, answers; a gate that stays out by its own word is not broken. */
function gatewayOk(role: World['role'], traffic: World['traffic']): boolean | null {
  if (traffic === null) return null;
  if (role === 'core') return traffic.state === 'starting' ? null : traffic.state === 'up';
  if (traffic.gate === null || traffic.gate.notReady === 'starting') return null;
  return traffic.gate.notReady !== 'upstreamDown';
}
