import { isDeepStrictEqual } from 'node:util';
import { ok } from '../../src-shared/errors/result.ts';
import type { Role } from '../../src-shared/world/role.ts';
import type { Traffic } from '../../src-shared/world/traffic.ts';
import { pause, type Disposable } from '../platform/clock.ts';
import { createCoreSampler } from './core-sampler.ts';
import { createEdgeWatch } from './edge-watch.ts';
import { createFrontKeeper } from './front-keeper.ts';
import { frontTally } from './front-tally.ts';
import { createGateKeeper } from './gate-keeper.ts';
import { createPlaces } from './places.ts';
import { probeClient } from './probe-client.ts';
import type { TrafficPorts, TrafficRoom } from './room-ports.ts';
import { sideProbes } from './side-probes.ts';
import { createSwitch } from './traffic-switch.ts';
import { BUSY_PERIOD_MS, edgeTraffic, IDLE_PERIOD_MS } from './traffic-view.ts';

/** What is not as it is wanted (a port that was taken, a change that waits for a departure to end) is tried again. */
const AGAIN_MS = 2000;
/** A front that is adopted answers at once; for one that cannot begin the engine does not wait. */
const BEGIN_MS = 2000;

/** A gate that drains for 45 s must not keep a front waiting. */
const halves = ['front', 'gate'] as const;
type Half = (typeof halves)[number];

interface Tries {
  /** Under way or waiting for their turn. */
  running: number;
  /** The last one broke off (a full disk): there is another one. */
  hasFailed: boolean;
}

interface Room {
  readonly ports: TrafficPorts;
  readonly parts: ReturnType<typeof buildParts>;
  readonly listeners: Set<(traffic: Traffic | null) => void>;
  /** On the edge: the core's last word. */
  told: { readonly traffic: Traffic; readonly atMs: number } | null;
  published: Traffic | null;
  sampledMs: number;
  readonly tries: Readonly<Record<Half, Tries>>;
  isLive: boolean;
  isDisposed: boolean;
  role: Role;
  /** Looks at the edge's gate for the screens, on a core. */
  eyes: Disposable | null;
}

/** Switching: on a core the front and who gets which requests, on an edge the gate; on a single Mac nothing. */
export async function openTraffic(ports: TrafficPorts): Promise<TrafficRoom> {
  const room: Room = {
    ports,
    parts: buildParts(ports, () => publish(room)),
    listeners: new Set(),
    told: null,
    published: null,
    sampledMs: -Infinity,
    tries: { front: { running: 0, hasFailed: false }, gate: { running: 0, hasFailed: false } },
    isLive: false,
    isDisposed: false,
    role: 'single',
    eyes: null,
  };
  followRole(room);
  const begun = new AbortController();
  const settled = settle(room).finally(() => begun.abort());
  await Promise.race([settled, pause(ports.scheduler, BEGIN_MS, begun.signal)]);
  return doorOf(room, [
    ports.scheduler.every(BUSY_PERIOD_MS, () => void tick(room)),
    ports.scheduler.every(AGAIN_MS, () => {
      // A try that takes longer than this is not followed by a queue of others.
      for (const half of halves) {
        const { running, hasFailed } = room.tries[half];
        if (running === 0 && (hasFailed || room.parts[half].isUnsettled())) void settleHalf(room, half);
      }
    }),
  ]);
}

function doorOf(room: Room, timers: readonly Disposable[]): TrafficRoom {
  const { ports, parts } = room;
  return {
    switch: parts.switch,
    gate: parts.gate.control,
    view: () => viewOf(room),
    setEdgeView(traffic) {
      room.told = traffic === null ? null : { traffic, atMs: ports.clock.monotonicMs() };
      publish(room);
    },
    handlers: { 'traffic.get': async () => ok({ traffic: viewOf(room) }) },
    subscribe(listener) {
      room.listeners.add(listener);
      return () => void room.listeners.delete(listener);
    },
    setLive(live) {
      room.isLive = live;
      if (live) void tick(room);
    },
    roleChanged() {
      followRole(room);
      void settle(room);
    },
    settingsChanged: () => void settle(room),
    async dispose(how) {
      room.isDisposed = true;
      for (const timer of timers) timer.dispose();
      parts.watch.dispose();
      await Promise.all([parts.front.dispose(how), parts.gate.dispose(how)]);
      parts.client.dispose();
      parts.keptClient.dispose();
    },
  };
}

function followRole(room: Room): void {
  const role = room.ports.role();
  if (room.role === role) return;
  room.role = role;
  room.told = null;
  room.eyes?.dispose();
  room.eyes = role === 'core' ? room.parts.watch.watch(() => publish(room)) : null;
}

const settle = (room: Room): Promise<unknown> => Promise.all(halves.map((half) => settleHalf(room, half)));

/** Never rejects: nobody waits for it, and a rejection that nobody hears would end the engine. */
async function settleHalf(room: Room, half: Half): Promise<void> {
  const tries = room.tries[half];
  tries.running += 1;
  try {
    await room.parts[half].settle();
    tries.hasFailed = false;
  } catch (error) {
    tries.hasFailed = true;
    room.ports.log.error({ half, error: String(error) }, 'it cannot be as wanted: tried again');
  }
  tries.running -= 1;
  publish(room);
}

/** Each second while somebody looks or requests flow, else every five. */
async function tick(room: Room): Promise<void> {
  const { ports, parts } = room;
  const now = ports.clock.monotonicMs();
  const isDue = room.isLive || parts.sampler.isBusy() || now - room.sampledMs >= IDLE_PERIOD_MS;
  if (!isDue || room.role === 'single') return;
  room.sampledMs = now;
  try {
    await (room.role === 'edge' ? parts.gate.look() : parts.sampler.sample());
  } catch (error) {
    // Not waited for by anybody, either.
    ports.log.error({ error: String(error) }, 'traffic could not be looked at');
  }
  publish(room);
}

function viewOf({ ports, parts, role, told }: Room): Traffic | null {
  if (role !== 'edge') return parts.sampler.view();
  const toldAgoMs = told === null ? 0 : ports.clock.monotonicMs() - told.atMs;
  return edgeTraffic(told?.traffic ?? null, toldAgoMs, parts.gate.view());
}

function publish(room: Room): void {
  if (room.isDisposed) return;
  const next = viewOf(room);
  if (isDeepStrictEqual(next, room.published)) return;
  room.published = next;
  for (const listener of room.listeners) listener(next);
}

function buildParts(ports: TrafficPorts, changed: () => void) {
  const front = createFrontKeeper(ports, changed);
  const gate = createGateKeeper(ports, changed);
  const tally = frontTally(ports.runFolder);
  const places = createPlaces(ports, front);
  // A connection for each: one that is kept says of a Mac that died only that it is silent, and late.
  const client = probeClient(false);
  const keptClient = probeClient(true);
  const sampler = createCoreSampler({ ports, keeper: front, tally, places, client, keptClient });
  const watch = createEdgeWatch({
    clock: ports.clock,
    scheduler: ports.scheduler,
    probe: sampler.probeGate,
  });
  const probes = sideProbes({
    scheduler: ports.scheduler,
    target: places.side,
    client: () => probeClient(true),
  });
  return {
    front,
    gate,
    sampler,
    watch,
    client,
    keptClient,
    switch: createSwitch({ ports, keeper: front, tally, places, probes, watch, changed }),
  };
}
