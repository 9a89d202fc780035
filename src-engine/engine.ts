import { hostname } from 'node:os';
import type { Caller, Handlers } from '../src-shared/commands/registry.ts';
import { ok, type Result } from '../src-shared/errors/result.ts';
import type { Settings } from '../src-shared/settings.ts';
import { version } from '../src-shared/version.ts';
import { unknownVitals, type HostFacts } from '../src-shared/world/vitals.ts';
import { noLink } from '../src-shared/world/peer.ts';
import type { Role } from '../src-shared/world/role.ts';
import type { World } from '../src-shared/world/world.ts';
import { createDispatch } from './door/dispatch.ts';
import { openDoor } from './door/door.ts';
import type { ClusterRoom } from './cluster/cluster-room.ts';
import type { HandoffRoom } from './handoff/handoff-room.ts';
import type { HistoryRoom } from './history/history-room.ts';
import type { LinkRoom } from './link/link-ports.ts';
import type { Disposable } from './platform/clock.ts';
import { dockerSocketPath } from './platform/docker-socket.ts';
import { readBootId } from './platform/boot-id.ts';
import { readHostFacts } from './platform/host-facts.ts';
import type { Platform } from './platform/platform.ts';
import { lockHome } from './platform/single-engine.ts';
import { openSettings } from './settings/settings-room.ts';
import type { TrafficRoom } from './traffic/room-ports.ts';
import type { TunnelRoom } from './tunnel/ports.ts';
import { wireCluster } from './wire-cluster.ts';
import { wireDoctor } from './wire-doctor.ts';
import { wireHandoff } from './wire-handoff.ts';
import { wireHistory } from './wire-history.ts';
import { wireHost } from './wire-host.ts';
import { leaveFirst } from './wire-leave-first.ts';
import { wireLink } from './wire-link.ts';
import { wireNotices } from './wire-notices.ts';
import { wireOffline } from './wire-offline.ts';
import { wireSettings } from './wire-settings.ts';
import { wireSamples } from './wire-samples.ts';
import { wireStatus } from './wire-status.ts';
import { wireTraffic } from './wire-traffic.ts';
import { wireTunnel } from './wire-tunnel.ts';
import { wireVitals } from './wire-vitals.ts';
import { wireWake } from './wire-wake.ts';
import { createWorldStore } from './world-store.ts';

export interface Engine {
  /** Ends when somebody asked for it at the door. */
  readonly stopped: Promise<void>;
  dispose(): Promise<void>;
}

/** Takes the home and builds the rooms, in the order in which they need each other. */
export async function openEngine(
  platform: Platform,
  options: { role?: Role | undefined } = {},
): Promise<Result<Engine>> {
  const lock = await lockHome(platform.home);
  if (!lock.ok) return lock;
  const log = platform.log('engine');
  const rooms = await buildRooms(platform, options.role);
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const handlers: Handlers<Caller> = {
    ...rooms.handlers,
    'engine.info': async () => ok({ ...rooms.world.get().engine, version }),
    'engine.stop': async () => {
      setImmediate(stop);
      return ok({ stopping: true });
    },
  };
  const dispatch = createDispatch(handlers, (error) =>
    log.error({ error: String(error) }, 'a handler failed'),
  );
  const door = await openDoor(platform.home, dispatch);
  log.info({ home: platform.home.root, timeScale: platform.timeScale }, 'engine is open');
  return ok({
    stopped,
    dispose: async () => {
      await rooms.dispose();
      await door.close();
      await lock.value.release();
    },
  });
}

/** The rooms, each after those it needs. */
async function buildRooms(platform: Platform, role: Role | undefined) {
  const settings = await openSettings(platform, { watch: true, role });
  const history = wireHistory(platform);
  const facts = await readHostFacts(platform);
  const bootId = await readBootId(platform);
  const world = createWorldStore(firstWorld(platform, settings.get(), facts), () => platform.clock.wall());
  const notices = wireNotices(platform, world);
  const samples = wireSamples(platform, world);
  const automation = await wireSettings({ platform, world, history, settings });
  const dockerSocket = (): string | null => dockerSocketPath(platform.env);
  const shared = { platform, world, history, notices, settings: settings.get };
  const host = wireHost({ world, settings, history });
  const vitals = wireVitals({ ...shared, facts, dockerSocket, onStage: host.onStage });
  const clusters = await wireCluster({ ...shared, knownStep: vitals.noteKnownStep });
  // They call each other: the link carries the hand-off, and asks it when the other Mac asks.
  let handoff: HandoffRoom | null = null;
  const pair = { ...shared, settings, clusters, samples, bootId };
  const link = await wireLink({ ...pair, handoff: () => handoff });
  const traffic = await wireTraffic({ platform, world, history, settings, clusters });
  const tunnel = await wireTunnel({ ...pair, link: link.courier });
  handoff = wireHandoff({ ...pair, automation, link: link.courier, traffic });
  const slow = { handoff, link, traffic, tunnel, clusters, history };
  const wake = wireWake({ ...pair, tunnel });
  host.attach({ vitals, clusters, link, traffic, handoff, wake });
  return {
    world,
    handlers: {
      ...wireOffline(platform),
      ...settings.handlers,
      ...history.handlers,
      ...automation.handlers,
      ...notices.handlers,
      ...samples.handlers,
      ...wireStatus(platform, world, host.setLive, link.refreshAges),
      ...clusters.handlers,
      ...link.handlers,
      ...traffic.handlers,
      ...handoff.handlers,
      ...tunnel.handlers,
      ...wake.handlers,
      ...wireDoctor(platform, settings, dockerSocket, vitals.recordRaw),
      ...host.handlers,
      ...leaveFirst(world, { ...settings.handlers, ...link.handlers }),
    },
    dispose: () => disposeRooms(slow, [wake, vitals, automation, notices, settings]),
  };
}

interface SlowRooms {
  readonly handoff: HandoffRoom | null;
  readonly link: LinkRoom;
  readonly traffic: TrafficRoom;
  readonly tunnel: TunnelRoom;
  readonly clusters: ClusterRoom;
  readonly history: HistoryRoom;
}

async function disposeRooms(rooms: SlowRooms, quick: readonly Disposable[]): Promise<void> {
  // It acts no more, and what is under way stays in its record.
  await rooms.handoff?.dispose();
  // Then the good-bye to the other Mac: what ends after it takes a while.
  await rooms.link.dispose();
  // Front and gate go on: quitting costs no request (design decision 2).
  await rooms.traffic.dispose('keep');
  await rooms.tunnel.dispose('keep');
  await rooms.clusters.dispose();
  for (const room of quick) room.dispose();
  await rooms.history.settled();
}

function firstWorld(platform: Platform, settings: Settings, facts: HostFacts): World {
  const now = platform.clock.wall().toISOString();
  return {
    version: version,
    role: settings.role,
    at: now,
    timeScale: platform.timeScale,
    revision: 0,
    engine: { pid: process.pid, startedAt: now, home: platform.home.root },
    host: { name: hostname(), facts, vitals: unknownVitals },
    clusters: [],
    providers: [],
    runtime: null,
    primaryCluster: settings.cluster.name,
    notices: [],
    link: noLink,
    peer: null,
    traffic: null,
    handoff: null,
    tunnel: null,
    wake: null,
    automation: { enabled: settings.automation.enabled, pausedUntil: null },
  };
}
