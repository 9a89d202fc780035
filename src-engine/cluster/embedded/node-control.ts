import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { z } from 'zod';
import type { Pod } from './pod.ts';
import type { ServicePort } from './service-port.ts';

export const nodeStateSchema = z.object({
  node: z.string(),
  pid: z.number().int(),
  phase: z.enum(['ready', 'draining', 'drained']),
  pods: z.array(
    z.object({ name: z.string(), port: z.number().int(), ready: z.boolean(), inFlight: z.number().int() }),
  ),
  residentBytes: z.number(),
  /** False while the cluster's host port is held by another program. */
  serviceOpen: z.boolean().default(true),
});
export type NodeState = z.infer<typeof nodeStateSchema>;

export interface NodeControl {
  /** Path. */
  readonly socket: string;
  readonly node: string;
  readonly pods: readonly Pod[];
  readonly service: ServicePort;
  stop(): void;
}

/** The control server of a node process: GET /state, POST /drain, /resume and /stop on a 0600 socket. */
export async function openControl({ socket, node, pods, service, stop }: NodeControl): Promise<Server> {
  let draining = false;
  const state = (): NodeState => {
    const idle = pods.every((pod) => pod.inFlight() === 0);
    return {
      node,
      pid: process.pid,
      phase: draining ? (idle ? 'drained' : 'draining') : 'ready',
      pods: pods.map((pod) => ({
        name: pod.name,
        port: pod.port,
        ready: pod.ready(),
        inFlight: pod.inFlight(),
      })),
      residentBytes: process.memoryUsage.rss(),
      serviceOpen: service.open(),
    };
  };
  const acts: Record<string, () => void> = {
    'GET /state': () => undefined,
    'POST /drain': () => {
      draining = true;
      for (const pod of pods) pod.drain();
    },
    'POST /resume': () => {
      draining = false;
      for (const pod of pods) pod.resume();
    },
    'POST /stop': stop,
  };
  const server = createServer((request, response) => {
    const act = acts[`${request.method} ${request.url}`];
    response.setHeader('connection', 'close');
    if (act === undefined) return void response.writeHead(404).end();
    act();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(state()));
  });
  await rm(socket, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  await chmod(socket, 0o600);
  return server;
}
