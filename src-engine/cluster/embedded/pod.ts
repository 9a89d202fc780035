import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A "pod" of the built-in demo cluster: a real HTTP server on loopback with readiness. */
export interface Pod {
  readonly name: string;
  readonly port: number;
  ready(): boolean;
  inFlight(): number;
  /** Not ready from now on; answers what comes, and asks clients to go elsewhere. */
  drain(): void;
  resume(): void;
  close(): void;
}

const MAX_DELAY_MS = 10_000;
/** Lines of `/stream` come this often, until the client goes. */
const STREAM_MS = 250;

/**
 * Answers `{"id","backend"}` to whatever is asked on `/` (design/interface.md, demo): `id` is the one of `?id=`, `backend` the
 * cluster's name. `?delayMs=` makes it wait, `/stream` sends a line four times a second until its client goes.
 */
export async function startPod(name: string, node: string, cluster: string): Promise<Pod> {
  let ready = true;
  let inFlight = 0;
  const server = createServer((request, response) => {
    inFlight += 1;
    response.once('close', () => (inFlight -= 1));
    if (!ready) response.setHeader('connection', 'close');
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://pod');
    if (pathname === '/readyz') return answer(response, ready ? 200 : 503, { ready });
    if (pathname === '/stream') return stream(request, response, cluster);
    const id = searchParams.get('id') ?? randomUUID();
    request.resume();
    setTimeout(
      () => answer(response, 200, { id, backend: cluster, pod: name, node, cluster }),
      delayOf(searchParams),
    );
  });
  // Who keeps a connection decides when it ends: closing first would race with its next request.
  server.keepAliveTimeout = 3_600_000;
  const port = await listen(server);
  return {
    name,
    port,
    ready: () => ready,
    inFlight: () => inFlight,
    drain: () => void (ready = false),
    resume: () => void (ready = true),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** `?delayMs=` makes an answer take its time, so that a drain has something to wait for. */
function delayOf(query: URLSearchParams): number {
  const asked = Number(query.get('delayMs'));
  return Number.isFinite(asked) ? Math.min(MAX_DELAY_MS, Math.max(0, asked)) : 0;
}

function stream(request: IncomingMessage, response: ServerResponse, cluster: string): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  let line = 0;
  const say = (): void => void response.write(`${JSON.stringify({ line: (line += 1), backend: cluster })}\n`);
  const timer = setInterval(say, STREAM_MS);
  say();
  request.resume();
  response.once('close', () => clearInterval(timer));
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
