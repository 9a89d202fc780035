import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { PROBE_HEADER } from '../../src-engine/traffic/ports.ts';

/** A request that reached a workload; probes and checks are not noted. */
export interface Heard {
  readonly method: string;
  readonly url: string;
  /** Which connection of this server, counted from 1. */
  readonly connection: number;
}

/** What `/echo` answers. */
export interface Echo {
  readonly backend: string;
  readonly method: string;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly bytes: number;
  readonly sha256: string;
}

const CHUNK = Buffer.alloc(64 * 1024, 'x');

/**
 * What a backend of the tests does: `/echo` says what came, `/big?bytes=N` sends so much, `/stream` a dot each 20 ms
 * until its client goes, `/cut` breaks off in the middle of its answer, `?delayMs=N` waits first.
 */
export function workload(backend: string): RequestListener {
  return (request, response) => void answer(backend, request, response).catch(() => response.destroy());
}

async function answer(backend: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://workload');
  if (url.pathname === '/early') return void response.writeHead(413).end('too much');
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    hash.update(chunk);
  }
  await wait(Number(url.searchParams.get('delayMs') ?? 0));
  switch (url.pathname) {
    case '/big':
      return sendMuch(response, Number(url.searchParams.get('bytes')));
    case '/stream':
      return stream(response);
    case '/cut':
      response.writeHead(200, { 'content-length': 1000 });
      response.write('half of it');
      return void setTimeout(() => response.destroy(), 30);
    default: {
      const { method = '', headers } = request;
      const echo: Echo = { backend, method, headers, bytes, sha256: hash.digest('hex') };
      response.end(JSON.stringify(echo));
    }
  }
}

async function sendMuch(response: ServerResponse, bytes: number): Promise<void> {
  response.writeHead(200, { 'content-length': bytes });
  for (let sent = 0; sent < bytes && !response.destroyed; sent += CHUNK.length) {
    if (response.write(CHUNK.subarray(0, Math.min(CHUNK.length, bytes - sent)))) continue;
    await taken(response);
  }
  response.end();
}

/** Somebody read, or went. */
async function taken(response: ServerResponse): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  const [drain, close] = ['drain', 'close'].map((event) =>
    once(response, event, { signal }).catch(() => undefined),
  );
  await Promise.race([drain, close]);
  over.abort();
}

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/plain' });
  const timer = setInterval(() => response.write('.'), 20);
  response.once('close', () => clearInterval(timer));
}

/** The answer to an upgrade that is taken. */
export const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';

/** What a server heard, and over which connections. */
export interface Notes {
  readonly heard: Heard[];
  /** Open now. */
  connections(): number;
  /** Accepted since the start. */
  accepted(): number;
}

/**
 * Notes every request but probes, and echoes what is said after an upgrade.
 *
 * @param event what tells of a new connection
 * @param upgrades the answer to an upgrade; null: none
 */
export function noted(
  server: Server,
  event: 'connection' | 'secureConnection',
  upgrades: () => string | null = () => SWITCHING,
): Notes {
  const heard: Heard[] = [];
  const numbers = new Map<Socket, number>();
  let accepted = 0;
  server.on(event, (socket: Socket) => {
    numbers.set(socket, (accepted += 1));
    socket.on('error', () => undefined);
    socket.once('close', () => numbers.delete(socket));
  });
  const note = (request: IncomingMessage): void => {
    if (request.headers[PROBE_HEADER] !== undefined) return;
    const { method = '', url = '' } = request;
    heard.push({ method, url, connection: numbers.get(request.socket) ?? 0 });
  };
  server.prependListener('request', note);
  server.on('upgrade', (request, socket, head) => {
    note(request);
    socket.on('error', () => undefined);
    const said = upgrades();
    if (said === null) return;
    socket.write(said);
    if (said !== SWITCHING) return void socket.end();
    if (head.length > 0) socket.write(head);
    socket.pipe(socket);
  });
  // As the gate: it never closes an idle connection first.
  server.keepAliveTimeout = 3_600_000;
  return { heard, connections: () => numbers.size, accepted: () => accepted };
}

/** The core's workload. */
export interface TestCore extends Notes {
  readonly port: number;
  /** Answers its health path. */
  ready: boolean;
  /** Its port refuses, its connections are ended. */
  close(): Promise<void>;
}

export async function startCore(backend = 'core'): Promise<TestCore> {
  const serve = workload(backend);
  const server = createServer((request, response) => {
    if (request.url === '/healthz') response.writeHead(core.ready ? 200 : 503).end();
    else serve(request, response);
  });
  const notes = noted(server, 'connection');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const core: TestCore = {
    ...notes,
    port: (server.address() as AddressInfo).port,
    ready: true,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  onTestFinished(() => core.close());
  return core;
}
