import { randomUUID } from 'node:crypto';
import { Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { OpenRequest } from '../../../src-shared/handoff-messages.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { peerKey } from '../passage/peer-key.ts';
import { PROBE_HEADER, type Address } from '../ports.ts';
import { openConnections, type Connections } from './connections.ts';
import { openDesk, type Desk } from './desk.ts';
import { openExchanges, type Exchange, type Exchanges } from './exchanges.ts';
import { forward, type ForwardPorts } from './forward.ts';
import type { GateWish, Told } from './gate-config.ts';
import { openDoor, type DoorPorts, type GateDoor } from './gate-server.ts';
import { answerReady, isQuestion, isReadyCheck, keepsOut, readinessOf, type Readiness } from './ready.ts';
import { refuseRaw, turnAway, type Refusal } from './refuse.ts';
import { askHealth, upstreamHealth, type UpstreamHealth } from './upstream-health.ts';
import { passUpgrade } from './upgrade.ts';

/** The gate inside its process; gate-program.ts makes one and gate-control.ts lets others use it. */
export interface Gate {
  readonly generation: string;
  address(): Address;
  told(): Told;
  tell(told: Told): void;
  /** As in Desk: asked before a word of the engine is obeyed, too. */
  pausedNow(): boolean;
  readiness(): Readiness;
  /** Of others than our probes. */
  requests(): number;
  inFlight(): number;
  open(): readonly OpenRequest[];
  facts(): {
    readonly probes: number;
    readonly checks: number;
    readonly trips: number;
    readonly connections: number;
    readonly upstreamUp: boolean | null;
  };
  /** Lists what is open and resets it. */
  cut(): readonly OpenRequest[];
  /** Another pin, upstream or address; rejects, and stays as it was but for the pin, when the address cannot be bound. */
  use(wish: GateWish, pem: string): Promise<void>;
  /** A look of the guard, each `TICK_MS`. */
  tick(): void;
  close(): void;
}

export interface GateParts {
  readonly log: Logger;
  /** For the guard: milliseconds of a clock that counts sleep. */
  readonly now: () => number;
  readonly clock: Clock;
  /** The guard has tripped; what the gate is told now. */
  onTrip(told: Told): void;
}

interface Inside {
  wish: GateWish;
  isCore: (certificate: Buffer | undefined) => boolean;
  readonly desk: Desk;
  readonly connections: Connections;
  readonly exchanges: Exchanges;
  readonly health: UpstreamHealth;
  readonly forwards: ForwardPorts;
  readonly generation: string;
}

const REFUSAL: Refusal = { status: 503, why: 'this Mac takes no requests', unsent: true };
/** Towards the workload, on loopback: as many as a busy second uses. */
const MOST_IDLE = 256;
/** Many servers close theirs after 5 s (Node, Apache): the gate does before. */
const IDLE_MS = 4000;

/** Binds and serves; rejects with the system's error when the address cannot be bound. */
export async function openGate(parts: GateParts, wish: GateWish, pem: string, told: Told): Promise<Gate> {
  const { monotonicMs } = parts.clock;
  const connections = openConnections((): string | null => inside.wish.coreHost ?? null);
  const desk = openDesk({
    now: parts.now,
    connections,
    told,
    onTrip(tripped, reset) {
      parts.log.warn({ ...tripped, reset }, 'paused: what was held is reset');
      parts.onTrip(desk.told());
    },
  });
  const inside: Inside = {
    wish,
    isCore: peerKey(wish.tls.peerPin),
    desk,
    connections,
    exchanges: openExchanges(monotonicMs),
    health: upstreamHealth(monotonicMs, () => askHealth(inside.wish.upstream)),
    forwards: forwardPortsOf(connections, desk, () => inside.wish.upstream),
    generation: randomUUID(),
  };
  return gateOf(inside, await openDoor(doorPortsOf(inside), pem, wish.listen));
}

function gateOf(inside: Inside, firstDoor: GateDoor): Gate {
  const { desk, connections, exchanges, health } = inside;
  let door = firstDoor;
  return {
    generation: inside.generation,
    address: () => door.address,
    told: desk.told,
    tell: desk.tell,
    pausedNow: desk.pausedNow,
    readiness: () => readinessOf(desk.told(), health.last()),
    requests: () => exchanges.count('traffic'),
    inFlight: exchanges.inFlight,
    open: exchanges.list,
    facts: () => ({
      probes: exchanges.count('probe'),
      checks: exchanges.count('check'),
      trips: desk.trips(),
      connections: connections.count(),
      upstreamUp: health.last(),
    }),
    cut() {
      const open = exchanges.list();
      for (const socket of exchanges.sockets()) connections.reset(socket);
      return open;
    },
    async use(wish, pem) {
      // First: who was unpaired may not stay because an address is taken.
      if (wish.tls.peerPin !== inside.wish.tls.peerPin) admit(inside, wish.tls.peerPin);
      if (isSame(wish.listen, inside.wish.listen)) door.use(pem);
      else {
        const moved = await moveDoor(inside, door, wish.listen, pem);
        door = moved.door;
        if (moved.failure !== null) throw moved.failure;
      }
      if (JSON.stringify(wish.upstream) !== JSON.stringify(inside.wish.upstream)) health.forget();
      inside.wish = wish;
    },
    tick: () => void desk.pausedNow(),
    close() {
      door.close();
      connections.resetAll();
      inside.forwards.kept.destroy();
    },
  };
}

function admit(inside: Inside, peerPin: string): void {
  inside.wish = { ...inside.wish, tls: { ...inside.wish.tls, peerPin } };
  inside.isCore = peerKey(peerPin);
  inside.connections.resetAll();
}

const isSame = (one: Address, other: Address): boolean => one.host === other.host && one.port === other.port;

/** The new address is bound before the old one is left, where both can be had at once. */
async function moveDoor(
  inside: Inside,
  old: GateDoor,
  to: Address,
  pem: string,
): Promise<{ door: GateDoor; failure: Error | null }> {
  const ports = doorPortsOf(inside);
  try {
    const door = await openDoor(ports, pem, to);
    old.close();
    return { door, failure: null };
  } catch (error) {
    if (to.port !== old.address.port) return { door: old, failure: errorOf(error) };
  }
  // The same port, now on all addresses or no longer so, may be in our own way.
  old.close();
  try {
    return { door: await openDoor(ports, pem, to), failure: null };
  } catch (error) {
    return { door: await openDoor(ports, pem, old.address), failure: errorOf(error) };
  }
}

const errorOf = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

function doorPortsOf(inside: Inside): DoorPorts {
  const { connections, desk } = inside;
  return {
    connections,
    desk,
    isCore: (certificate) => inside.isCore(certificate),
    onRequest: (request, response) => serve(inside, request, response),
    onUpgrade: (request, socket, first) => serveUpgrade(inside, request, socket, first),
  };
}

function forwardPortsOf(connections: Connections, desk: Desk, upstream: () => Address): ForwardPorts {
  return {
    upstream,
    kept: new Agent({ keepAlive: true, maxFreeSockets: MOST_IDLE, scheduling: 'lifo', timeout: IDLE_MS }),
    fresh: new Agent(),
    mayPass: ({ socket }) => !desk.pausedNow() && connections.isMarked(socket),
    closes: () => desk.told() !== null,
    reset: ({ socket }) => connections.reset(socket),
  };
}

function serve(inside: Inside, request: IncomingMessage, response: ServerResponse): void {
  inside.connections.use(request.socket, isQuestion(request));
  if (isReadyCheck(request)) return check(inside, request, response);
  const isProbe = PROBE_HEADER in request.headers;
  const ports = inside.forwards;
  // An edge that stays out is looked at through its workload before it is admitted (SEQUENCE.md, Return).
  const isOurs = isProbe && (request.method === 'GET' || request.method === 'HEAD');
  if (keepsOut(inside.desk.told()) && !isOurs) return turnAway(ports, request, response, REFUSAL);
  follow(response, inside.exchanges.begin(request, isProbe ? 'probe' : 'traffic'));
  forward(ports, request, response);
}

function serveUpgrade(inside: Inside, request: IncomingMessage, socket: Duplex, first: Buffer): void {
  inside.connections.use(request.socket, false);
  if (keepsOut(inside.desk.told())) return refuseRaw(socket, REFUSAL);
  follow(socket, inside.exchanges.begin(request, 'traffic'));
  passUpgrade(inside.forwards, request, socket, first);
}

function check(inside: Inside, request: IncomingMessage, response: ServerResponse): void {
  const { exchanges, health, desk, generation } = inside;
  follow(response, exchanges.begin(request, 'check'));
  const answer = (healthy: boolean | null): void => {
    const facts = { requests: exchanges.count('traffic'), inFlight: exchanges.inFlight(), generation };
    answerReady(request, response, readinessOf(desk.told(), healthy), facts);
  };
  // A workload that hangs does not hold up a word that does not depend on it.
  if (desk.told() !== null) return answer(health.last());
  void health.current().then(answer);
}

function follow(stream: { once(event: 'close', listener: () => void): unknown }, exchange: Exchange): void {
  stream.once('close', () => exchange.end());
}
