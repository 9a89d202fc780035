import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from 'node:tls';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Clock, Disposable, Scheduler } from '../../platform/clock.ts';
import type { Identity } from '../ports.ts';
import { HELLO_LIMIT_MS, type Admission } from './admission.ts';
import { doorLedger, type DoorLedger } from './door-ledger.ts';
import { factsOf, judgePeer, type PeerVerdict } from './peer-check.ts';
import { ALPN_PAIRED, ALPN_PAIRING, serverOptions, type Alpn } from './tls-options.ts';
import { plain, wireOf, type Wire } from './wire.ts';

/** Somebody whose key is right, or anybody while a pairing is open. */
export interface Visitor {
  readonly wire: Wire;
  readonly alpn: Alpn;
  /** He is in: neither the time limit of HELLO nor the count of half-open connections holds him any more. */
  welcome(): void;
  /** The time limit no longer holds him; he still counts as half-open until he goes. */
  stay(): void;
}

export type Refusal = Exclude<Admission, 'admit'> | Exclude<PeerVerdict, 'ok'> | 'late' | 'badHandshake';

export interface ListenerPorts {
  readonly identity: Identity;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Null: `tandem/1` is refused in the handshake. */
  peerPin(): string | null;
  /** False: `tandem-pair/1` is refused in the handshake. */
  pairingIsOpen(): boolean;
  /** Addresses of the paired Mac. */
  isKnown(address: string): boolean;
  onVisitor(visitor: Visitor): void;
  onRefused(address: string, why: Refusal, pin: string | null): void;
}

export interface Listener {
  readonly address: string;
  readonly port: number;
  /** True when a connection of ours with that local port came in here: we dialled ourselves. */
  sawPort(localPort: number): boolean;
  /** Listens no more and sends away who is not in yet. Who is in stays. */
  close(): void;
}

interface Guest {
  readonly address: string;
  readonly socket: Socket;
  readonly deadline: Disposable;
  settle(): void;
}

/** Ports of the last connections, for `sawPort`. */
const REMEMBERED_PORTS = 64;

/** @returns `linkPortTaken {address, port}` or `noNetwork {address}` when it cannot listen there */
export async function listen(ports: ListenerPorts, address: string, port: number): Promise<Result<Listener>> {
  const door = new Door(ports);
  const bound = await bind(door.tcp, address, port);
  if (!bound.ok) return bound;
  const sawPort = (localPort: number): boolean => door.seenPorts.includes(localPort);
  return ok({ ...bound.value, sawPort, close: () => door.close() });
}

/** TCP first, so that who comes too often costs no handshake. */
class Door {
  readonly tcp: Server;
  readonly seenPorts: number[] = [];
  private readonly ports: ListenerPorts;
  private readonly ledger: DoorLedger;
  private readonly guests = new Map<string, Guest>();
  private readonly tls: TlsServer;

  constructor(ports: ListenerPorts) {
    this.ports = ports;
    this.ledger = doorLedger(ports.clock);
    this.tls = createTlsServer(
      serverOptions(ports.identity, (offered) => choose(ports, offered), HELLO_LIMIT_MS),
    );
    this.tls.on('secureConnection', (socket: TLSSocket) => {
      const guest = this.guests.get(keyOf(socket));
      if (guest === undefined) socket.destroy();
      else meet(ports, socket, guest);
    });
    this.tls.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
      const from = plain(socket.remoteAddress ?? '');
      socket.destroy();
      // A knock without a word, such as a port that is only looked at, is nobody's news.
      if (error.code?.startsWith('ERR_SSL')) ports.onRefused(from, 'badHandshake', null);
    });
    this.tcp = createServer({ noDelay: true, keepAlive: false }, (socket) => this.receive(socket));
  }

  close(): void {
    this.tcp.close();
    for (const guest of this.guests.values()) guest.socket.destroy();
  }

  private receive(socket: Socket): void {
    const from = plain(socket.remoteAddress ?? '');
    socket.on('error', () => undefined);
    const verdict = this.ledger.knock(from, this.ports.isKnown(from));
    if (verdict !== 'admit') {
      socket.destroy();
      return this.ports.onRefused(from, verdict, null);
    }
    this.seenPorts.push(socket.remotePort ?? 0);
    if (this.seenPorts.length > REMEMBERED_PORTS) this.seenPorts.shift();
    this.seat(socket, from);
    this.tls.emit('connection', socket);
  }

  private seat(socket: Socket, address: string): void {
    const key = keyOf(socket);
    const deadline = this.ports.scheduler.after(HELLO_LIMIT_MS, () => {
      socket.destroy();
      this.ports.onRefused(address, 'late', null);
    });
    let settled = false;
    const settle = (): void => {
      deadline.dispose();
      if (!settled) this.ledger.settle(address);
      settled = true;
      this.guests.delete(key);
    };
    this.guests.set(key, { address, socket, deadline, settle });
    socket.once('close', settle);
  }
}

/** Judged before a word is read; a stranger gets no answer either. */
function meet(ports: ListenerPorts, socket: TLSSocket, guest: Guest): void {
  socket.on('error', () => undefined);
  const alpn = socket.alpnProtocol === ALPN_PAIRING ? ALPN_PAIRING : ALPN_PAIRED;
  const pin = alpn === ALPN_PAIRING ? null : ports.peerPin();
  const facts = factsOf(socket);
  const open = alpn === ALPN_PAIRING ? ports.pairingIsOpen() : pin !== null;
  const verdict = open ? judgePeer(facts, { alpn, ownPin: ports.identity.pin, pin }) : 'notTandem';
  if (verdict !== 'ok') {
    socket.destroy();
    return ports.onRefused(guest.address, verdict, facts.pin);
  }
  ports.onVisitor({
    wire: wireOf(socket, facts.pin ?? '', ports.scheduler),
    alpn,
    welcome: guest.settle,
    stay: () => guest.deadline.dispose(),
  });
}

function choose(ports: ListenerPorts, offered: readonly string[]): Alpn | undefined {
  if (offered.includes(ALPN_PAIRED) && ports.peerPin() !== null) return ALPN_PAIRED;
  if (offered.includes(ALPN_PAIRING) && ports.pairingIsOpen()) return ALPN_PAIRING;
  return undefined;
}

const keyOf = (socket: Socket): string => `${socket.remoteAddress}|${socket.remotePort}`;

function bind(
  tcp: Server,
  address: string,
  port: number,
): Promise<Result<{ address: string; port: number }>> {
  return new Promise((resolve) => {
    tcp.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      resolve(taken ? fail('linkPortTaken', { address, port }) : fail('noNetwork', { address }));
    });
    tcp.listen({ host: address, port, exclusive: true }, () => {
      // Later ones, such as too many open files, cost a connection and not the engine.
      tcp.on('error', () => undefined);
      const bound = tcp.address() as AddressInfo;
      resolve(ok({ address: bound.address, port: bound.port }));
    });
  });
}
