import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Duplex } from 'node:stream';
import type { Address } from '../ports.ts';
import type { Connections } from './connections.ts';
import type { Desk } from './desk.ts';

export interface DoorPorts {
  readonly connections: Connections;
  readonly desk: Desk;
  /** Whether a certificate's key is the core's. */
  isCore(certificate: Buffer | undefined): boolean;
  /** Both: of the core, and not of a paused process. */
  onRequest(request: IncomingMessage, response: ServerResponse): void;
  onUpgrade(request: IncomingMessage, socket: Duplex, first: Buffer): void;
}

/** What the gate listens with: one per address. */
export interface GateDoor {
  readonly address: Address;
  /** Another certificate of our own, for connections to come. */
  use(pem: string): void;
  /** Accepts nothing more; what is open stays. */
  close(): void;
}

const HANDSHAKE_MS = 5000;
/** The gate never closes an idle connection first: the front's own limits are seconds (research/haproxy.md, idle-close race). */
const KEEP_ALIVE_MS = 3_600_000;
const HEADERS_MS = 70_000;

/** Binds; rejects with the system's error. */
export async function openDoor(ports: DoorPorts, pem: string, { host, port }: Address): Promise<GateDoor> {
  const server = createServer({
    key: pem,
    cert: pem,
    minVersion: 'TLSv1.3',
    requestCert: true,
    // Self-signed: the key is compared with the pin instead, on every connection.
    rejectUnauthorized: false,
    handshakeTimeout: HANDSHAKE_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: HEADERS_MS,
    requestTimeout: 0,
  });
  server.on('connection', (raw: Socket) => ports.connections.add(raw));
  // Between TLS and Node's HTTP: of a stranger not a word is parsed, or it would be told what is wrong with it.
  const [serveHttp] = server.listeners('secureConnection');
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket: TLSSocket) => {
    if (isWelcome(ports, socket)) serveHttp?.call(server, socket);
  });
  server.on('request', (request, response) => {
    if (mayEnter(ports, request)) ports.onRequest(request, response);
  });
  server.on('upgrade', (request, socket, first) => {
    if (mayEnter(ports, request)) ports.onUpgrade(request, socket, first);
  });
  await listen(server, host, port);
  const bound = server.address() as AddressInfo;
  return {
    address: { host: bound.address, port: bound.port },
    use: (own) => server.setSecureContext({ key: own, cert: own, minVersion: 'TLSv1.3' }),
    close: () => void server.close(),
  };
}

function isWelcome({ connections, desk, isCore }: DoorPorts, socket: TLSSocket): boolean {
  socket.on('error', () => undefined);
  // A trip of the guard has reset this one, too.
  if (desk.pausedNow()) return false;
  if (!isCore(socket.getPeerX509Certificate()?.raw) || !connections.mark(socket)) {
    connections.reset(socket);
    return false;
  }
  desk.heard();
  return true;
}

/** The guard first: what it lets in after a pause would be executed although its client was told that it failed. */
function mayEnter({ connections, desk }: DoorPorts, { socket }: IncomingMessage): boolean {
  const isPaused = desk.pausedNow();
  if (isPaused || !connections.isMarked(socket)) {
    connections.reset(socket);
    return false;
  }
  desk.heard();
  return true;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.removeListener('error', reject);
      // Later ones, such as too many open files, cost a connection and not the gate.
      server.on('error', () => undefined);
      resolve();
    });
  });
}
