import { pause, type Clock, type Scheduler } from '../../platform/clock.ts';
import type { Neighbour } from '../network/proc-net.ts';
import type { OwnNetwork } from '../ports.ts';
import {
  noLooks,
  provesLife,
  type HandshakeOutcome,
  type Look,
  type PortOutcome,
  type ProbeLooks,
} from './looks.ts';
import type { PingProbe, ReadyProbe } from './system-probes.ts';
import type { TcpProbe } from './tcp-probe.ts';

/** How a round of probes looks at the world; all of it injected, none of it may reject. */
export interface ProbePorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Where the peer was reached last: IPv4. */
  readonly peerAddress: string;
  /** `HOST:PORT` of the peer's API server, as it told; null: none that the LAN can reach. */
  readonly peerApi: string | null;
  /** The peer's hardware address from when all was well; null: not known. */
  readonly peerMac: string | null;
  /** Read anew, since the silence may be ours. */
  network(): Promise<OwnNetwork | null>;
  /** A TLS handshake with the peer's own port up to WELCOME; the session's part does it. */
  probeHandshake(): Promise<{
    readonly outcome: HandshakeOutcome;
    readonly ms: number;
    readonly detail: string | null;
  }>;
  readonly tcp: TcpProbe;
  readonly ping: PingProbe;
  readonly ready: ReadyProbe;
  /** The whole ARP table. */
  neighbours(): Promise<readonly Neighbour[]>;
}

/** A round of probes under way. */
export interface Probes {
  /** What is known by now; the rest is null. */
  looks(): ProbeLooks;
  /** Settles when every probe has answered or 1 s has passed for the slowest (1.3 s with neighbours). */
  readonly done: Promise<ProbeLooks>;
  /** Ends children and sockets; `done` settles at once with what is known. */
  cancel(): void;
}

/** Each probe waits so long at most (design/limits.md, Link: suspect 1.25 s, decision 2.5 s). */
const PROBE_MS = 1000;
/** Neighbours are asked only when nothing of the peer answered until then. */
const NEIGHBOURS_AFTER_MS = 250;
const MOST_NEIGHBOURS = 3;
/** sshd first; then echo (RFC 862), which nobody serves: its RST proves life as well. */
const SECOND_PORTS = [22, 7];
/** What a router usually serves: DNS and its own pages. */
const ROUTER_PORTS = [53, 80, 443];

/** Looks everywhere at once. Nothing here decides anything: see `classify`. */
export function startProbes(ports: ProbePorts): Probes {
  let known: ProbeLooks = noLooks;
  const stop = new AbortController();
  const settle = (part: Partial<ProbeLooks>): void => {
    if (!stop.signal.aborted) known = { ...known, ...part };
  };
  const knock = knocker(ports, stop.signal);
  const own = ports.network().catch(() => undefined);
  const beganMs = ports.clock.monotonicMs();
  const tasks = [
    own.then((network) => settle(ownLooks(network, ports.clock.monotonicMs() - beganMs))),
    own.then((network) => lookAtRouter(ports, knock, network ?? null, stop.signal, settle)),
    ports.probeHandshake().then((appPort) => settle({ appPort })),
    knock(ports.peerAddress, SECOND_PORTS).then((secondPort) => settle({ secondPort })),
    ports.ping(ports.peerAddress, PROBE_MS, stop.signal).then((peerPing) => settle({ peerPing })),
    lookAtArp(ports, stop.signal, settle),
    ports.peerApi === null
      ? Promise.resolve()
      : ports.ready(ports.peerApi, PROBE_MS, stop.signal).then((apiReady) => settle({ apiReady })),
    lookAtNeighbours(ports, knock, own, () => known, stop.signal, settle),
  ];
  const limit = limited(ports.scheduler, PROBE_MS + NEIGHBOURS_AFTER_MS + 50, stop.signal);
  const all = Promise.allSettled(tasks);
  const done = Promise.race([all, limit.passed]).then(() => {
    limit.dispose();
    // What comes later than its limit is not waited for, and not believed.
    stop.abort();
    return known;
  });
  return { looks: () => known, done, cancel: () => stop.abort() };
}

type Knock = (host: string, tcpPorts: readonly number[]) => Promise<Look<PortOutcome>>;
type Settle = (part: Partial<ProbeLooks>) => void;

function ownLooks(network: OwnNetwork | null | undefined, ms: number): Partial<ProbeLooks> {
  // Could not be read: unknown, not down.
  if (network === undefined) return {};
  if (network === null) return { ownInterface: { outcome: 'down', ms, detail: null } };
  return {
    ownInterface: { outcome: 'up', ms, detail: `${network.interfaceName} ${network.address}` },
    gatewayPresent: network.gateway !== null,
    gatewayAddress: network.gateway,
  };
}

/** Tries several ports at once: the first sign of life wins, else the answer that says most. */
function knocker(ports: ProbePorts, signal: AbortSignal): Knock {
  return (host, tcpPorts) =>
    new Promise((resolve) => {
      const over = new AbortController();
      const both = AbortSignal.any([signal, over.signal]);
      const looks: Look<PortOutcome>[] = [];
      for (const port of tcpPorts)
        void ports.tcp({ host, port, timeoutMs: PROBE_MS, signal: both }).then((look) => {
          if (over.signal.aborted) return;
          looks.push(look);
          if (provesLife(look) !== true && looks.length < tcpPorts.length) return;
          over.abort();
          resolve(provesLife(look) === true ? look : mostTelling(looks, look));
        });
    });
}

/** An errno tells more than a time-out. */
function mostTelling(looks: readonly Look<PortOutcome>[], fallback: Look<PortOutcome>): Look<PortOutcome> {
  return looks.find(({ outcome }) => outcome !== 'timeout') ?? fallback;
}

async function lookAtRouter(
  ports: ProbePorts,
  knock: Knock,
  network: OwnNetwork | null,
  signal: AbortSignal,
  settle: Settle,
): Promise<void> {
  const gateway = network?.gateway ?? null;
  if (gateway === null) return;
  await Promise.all([
    ports.ping(gateway, PROBE_MS, signal).then((gatewayPing) => settle({ gatewayPing })),
    knock(gateway, ROUTER_PORTS).then((gatewaySocket) => settle({ gatewaySocket })),
  ]);
}

/**
 * The peer's entry of the ARP table, read at the end of the round, when the other probes have made
 * the system ask for it. An entry that stands proves nothing: it outlives its host.
 */
async function lookAtArp(ports: ProbePorts, signal: AbortSignal, settle: Settle): Promise<void> {
  await pause(ports.scheduler, PROBE_MS - 100, signal);
  if (signal.aborted) return;
  const entry = (await ports.neighbours()).find(({ address }) => address === ports.peerAddress);
  if (entry === undefined) return;
  if (entry.mac === null) return settle({ arp: 'incomplete' });
  if (ports.peerMac !== null && entry.mac !== ports.peerMac) settle({ arp: 'otherMac' });
}

async function lookAtNeighbours(
  ports: ProbePorts,
  knock: Knock,
  own: Promise<OwnNetwork | null | undefined>,
  known: () => ProbeLooks,
  signal: AbortSignal,
  settle: Settle,
): Promise<void> {
  await pause(ports.scheduler, NEIGHBOURS_AFTER_MS, signal);
  if (signal.aborted || answered(known())) return;
  const gateway = (await own)?.gateway ?? null;
  const asked = (await ports.neighbours())
    .filter(({ address, mac }) => mac !== null && address !== ports.peerAddress && address !== gateway)
    .slice(0, MOST_NEIGHBOURS);
  if (asked.length === 0) return;
  const looks = await Promise.all(asked.map(({ address }) => oneAnswer(ports, knock, address, signal)));
  settle({ neighbours: { asked: asked.length, answered: looks.filter(Boolean).length } });
}

function answered(looks: ProbeLooks): boolean {
  return (
    looks.peerPing?.outcome === 'ok' ||
    provesLife(looks.secondPort) === true ||
    provesLife(looks.appPort) === true
  );
}

async function oneAnswer(
  ports: ProbePorts,
  knock: Knock,
  address: string,
  signal: AbortSignal,
): Promise<boolean> {
  const [ping, port] = await Promise.all([
    ports.ping(address, PROBE_MS, signal),
    knock(address, SECOND_PORTS),
  ]);
  return ping?.outcome === 'ok' || provesLife(port) === true;
}

function limited(scheduler: Scheduler, delayMs: number, signal: AbortSignal) {
  let pass = (): void => undefined;
  const passed = new Promise<void>((resolve) => (pass = resolve));
  const timer = scheduler.after(delayMs, pass);
  signal.addEventListener('abort', pass);
  return { passed, dispose: () => timer.dispose() };
}
