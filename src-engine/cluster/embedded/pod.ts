import { createServer, type Server, type ServerResponse } from 'node:http';
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

export async function startPod(name: string, node: string, cluster: string): Promise<Pod> {
  let ready = true;
  let inFlight = 0;
  const server = createServer((request, response) => {
    inFlight += 1;
    response.once('close', () => (inFlight -= 1));
    if (!ready) response.setHeader('connection', 'close');
    if (request.url === '/readyz') return answer(response, ready ? 200 : 503, { ready });
    const delayMs = delayOf(request.url);
    setTimeout(() => answer(response, 200, { pod: name, node, cluster }), delayMs);
  });
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
function delayOf(url = '/'): number {
  const asked = Number(new URL(url, 'http://pod').searchParams.get('delayMs'));
  return Number.isFinite(asked) ? Math.min(MAX_DELAY_MS, Math.max(0, asked)) : 0;
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
