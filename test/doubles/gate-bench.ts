import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { Agent, request as ask } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { certificateOf, keyPemOf, makeKey } from '../../src-engine/link/identity/certificate.ts';
import { pinOfKey } from '../../src-engine/link/identity/pin.ts';
import { systemClock } from '../../src-engine/platform/clock.ts';
import { silentLog } from '../../src-engine/platform/log.ts';
import type { GateWish, Told } from '../../src-engine/traffic/gate/gate-config.ts';
import { openGate, type Gate } from '../../src-engine/traffic/gate/gate.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A Mac's half of a pair. */
export function macIdentity() {
  const key = makeKey();
  return { key: keyPemOf(key), cert: certificateOf(key), pin: pinOfKey(key) };
}
export type MacIdentity = ReturnType<typeof macIdentity>;

/** A workload on loopback; what it was asked for, health path aside. */
export interface Workload {
  readonly port: number;
  readonly server: Server;
  readonly asked: string[];
  /** Connections that were made to it. */
  connections: number;
  healthy: boolean;
  close(): Promise<void>;
}

export async function openWorkload(serve: RequestListener, port = 0): Promise<Workload> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    if (request.url === '/health') return void response.writeHead(workload.healthy ? 200 : 500).end();
    workload.asked.push(`${request.method} ${request.url}`);
    serve(request, response);
  });
  server.on('connection', (socket) => {
    workload.connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const workload: Workload = {
    port: (server.address() as AddressInfo).port,
    server,
    asked: [],
    connections: 0,
    healthy: true,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  onTestFinished(() => workload.close());
  return workload;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly trailers: IncomingMessage['trailers'];
  readonly text: string;
}

export interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly trailers?: Record<string, string>;
  readonly agent?: Agent;
}

/** A gate in this process, its workload, and the core that may use it. */
export interface GateBench {
  readonly gate: Gate;
  readonly wish: GateWish;
  readonly port: number;
  readonly core: MacIdentity;
  readonly edgePem: string;
  readonly trips: Told[];
  /** The guard's clock: stands still until it is moved. */
  readonly time: { ms: number };
  /** TLS to the gate, as the core or as somebody else. */
  dial(options?: ConnectionOptions): Promise<TLSSocket>;
  /** The same, with all that the gate says by itself (tickets) behind it: a reset can be told from a close then. */
  dialQuiet(): Promise<TLSSocket>;
  /** A request over a connection of its own, unless an agent is given; rejects with the connection's error. */
  ask(what: Ask): Promise<Answer>;
  agent(): Agent;
}

export async function openBench(upstreamPort: number, told: Told = null): Promise<GateBench> {
  const [core, edge] = [macIdentity(), macIdentity()];
  const edgePem = edge.key + edge.cert;
  const ownPemFile = join(temporaryFolder('gate'), 'edge.pem');
  writeFileSync(ownPemFile, edgePem, { mode: 0o600 });
  const wish: GateWish = {
    listen: { host: '127.0.0.1', port: 0 },
    upstream: { host: '127.0.0.1', port: upstreamPort, healthPath: '/health' },
    tls: { ownPemFile, peerPin: core.pin },
  };
  const trips: Told[] = [];
  const time = { ms: 0 };
  const parts = {
    log: silentLog,
    clock: systemClock,
    now: () => time.ms,
    onTrip: (word: Told) => void trips.push(word),
  };
  const gate = await openGate(parts, wish, edgePem, told);
  onTestFinished(() => gate.close());
  const { port } = gate.address();
  const asCore = { host: '127.0.0.1', port, key: core.key, cert: core.cert, rejectUnauthorized: false };
  const dial = (options: ConnectionOptions = {}): Promise<TLSSocket> => {
    const socket = connect({ ...asCore, ...options });
    onTestFinished(() => void socket.destroy());
    return settled(socket);
  };
  return {
    gate,
    wish,
    port,
    core,
    edgePem,
    trips,
    time,
    dial,
    async dialQuiet() {
      const tickets = { seen: 0 };
      const socket = connect(asCore);
      onTestFinished(() => void socket.destroy());
      socket.on('session', () => (tickets.seen += 1));
      socket.resume();
      await settled(socket);
      await until(() => tickets.seen > 0);
      return socket;
    },
    ask: (what) => askGate(asCore, what),
    agent() {
      const agent = new Agent({ ...asCore, keepAlive: true, maxSockets: 1 });
      onTestFinished(() => agent.destroy());
      return agent;
    },
  };
}

function settled(socket: TLSSocket): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
    socket.on('error', () => undefined);
  });
}

function askGate(asCore: ConnectionOptions, { agent, body, trailers, ...what }: Ask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', path = '/', headers = {} } = what;
    const call = ask({ ...asCore, method, path, headers, agent: agent ?? false });
    call.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          trailers: response.trailers,
          text,
        }),
      );
    });
    call.on('error', reject);
    if (trailers !== undefined) {
      call.write(body ?? '');
      call.addTrailers(trailers);
      call.end();
    } else call.end(body);
  });
}

/** How a connection ends: `FIN`, or the code of its error. */
export function endOf(socket: TLSSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('end', () => resolve('FIN'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
}

/** Waits for a condition, never for a time. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The body of a request, whole. */
export async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}
