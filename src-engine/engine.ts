import { hostname } from 'node:os';
import type { Caller, Handlers } from '../src-shared/commands/registry.ts';
import { ok, type Result } from '../src-shared/errors/result.ts';
import { unknownVitals } from '../src-shared/world/vitals.ts';
import { version } from '../src-shared/version.ts';
import type { Role, World } from '../src-shared/world/world.ts';
import { createDispatch } from './door/dispatch.ts';
import { openDoor } from './door/door.ts';
import { dockerSocketPath } from './platform/docker-socket.ts';
import { readHostFacts } from './platform/host-facts.ts';
import type { Platform } from './platform/platform.ts';
import { lockHome } from './platform/single-engine.ts';
import { openSettings } from './settings/settings-room.ts';
import { wireAutomation } from './wire-automation.ts';
import { wireCluster } from './wire-cluster.ts';
import { wireDoctor } from './wire-doctor.ts';
import { wireHistory } from './wire-history.ts';
import { wireHost } from './wire-host.ts';
import { wireNotices } from './wire-notices.ts';
import { wireOffline } from './wire-offline.ts';
import { wireSamples } from './wire-samples.ts';
import { wireStatus } from './wire-status.ts';
import { wireVitals } from './wire-vitals.ts';
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
  const settings = await openSettings(platform, { watch: true, role: options.role });
  const history = wireHistory(platform);
  const facts = await readHostFacts(platform);
  const world = createWorldStore(firstWorld(platform, settings.get().role), () => platform.clock.wall());
  world.write({
    host: { name: hostname(), facts, vitals: unknownVitals },
    primaryCluster: settings.get().cluster.name,
  });
  const notices = wireNotices(platform, world);
  const samples = wireSamples(platform, world);
  const automation = await wireAutomation(platform, world, settings);
  const dockerSocket = (): string | null => dockerSocketPath(platform.env);
  const host = wireHost({ platform, world, settings, history });
  const vitals = wireVitals({
    platform,
    world,
    history,
    notices,
    facts,
    settings: settings.get,
    dockerSocket,
    onStage: host.onStage,
  });
  const clusters = await wireCluster({
    platform,
    world,
    history,
    notices,
    settings: settings.get,
    knownStep: vitals.noteKnownStep,
  });
  host.attach({ vitals, clusters });
  const status = wireStatus(platform, world, host.setLive);
  const doctor = wireDoctor(platform, settings, dockerSocket, vitals.recordRaw);
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const handlers: Handlers<Caller> = {
    ...wireOffline(platform),
    ...settings.handlers,
    ...history.handlers,
    ...automation.handlers,
    ...notices.handlers,
    ...samples,
    ...status.handlers,
    ...clusters.handlers,
    ...doctor,
    ...host.handlers,
    'engine.info': async () => ok({ ...world.get().engine, version: world.get().version }),
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
      for (const room of [vitals, clusters, automation, settings]) room.dispose();
      await history.settled();
      await door.close();
      await lock.value.release();
    },
  });
}

function firstWorld(platform: Platform, role: World['role']): World {
  const now = platform.clock.wall().toISOString();
  return {
    version: version,
    role,
    at: now,
    timeScale: platform.timeScale,
    revision: 0,
    engine: { pid: process.pid, startedAt: now, home: platform.home.root },
    host: {
      name: hostname(),
      facts: { model: null, chip: null, os: null, fanless: null, cpuCount: 1 },
      vitals: unknownVitals,
    },
    clusters: [],
    providers: [],
    primaryCluster: '',
    notices: [],
    peer: null,
    traffic: null,
    handoff: null,
    tunnel: null,
    automation: { enabled: true, pausedUntil: null },
  };
}
