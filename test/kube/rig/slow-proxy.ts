import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request, Agent } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Pem } from './certificates.ts';
import { kubeconfigFor } from './kubeconfig.ts';
import type { Plane } from './plane.ts';

/** What becomes of a call; all null: it goes through. */
export interface Fate {
  readonly delayMs?: number;
  /** Answered with this, and a `v1.Status`, in place of the API. */
  readonly status?: number;
  /** Path and query in place of those that were asked for. */
  readonly path?: string;
  /** Never answered at all. */
  readonly silent?: true;
}

/** A way to a plane's API that is as bad as it is told to be. */
export interface ApiProxy {
  /** Of the cluster's admin; text. */
  readonly kubeconfig: string;
  /** `METHOD PATH?QUERY` of every call, as they came. */
  readonly calls: string[];
  /** Cuts every connection that stands. */
  cut(): void;
  close(): Promise<void>;
}

/**
 * @param fate of each call; `nth` counts from 1
 * @param server another certificate than one that the plane's authority has signed for 127.0.0.1
 */
export async function openProxy(
  plane: Plane,
  fate: (call: string, nth: number) => Fate,
  server?: Pem,
): Promise<ApiProxy> {
  const own =
    server ??
    (await plane.authority.issue('proxy', {
      subject: '/CN=proxy',
      usage: 'serverAuth',
      names: 'IP:127.0.0.1',
    }));
  const { cert, key } = plane.admin;
  const agent = new Agent({ keepAlive: true, ca: plane.authority.cert, cert, key });
  const calls: string[] = [];
  const listener = createServer({ cert: own.cert, key: own.key }, (asked, answer) => {
    const call = `${asked.method} ${asked.url}`;
    calls.push(call);
    const { delayMs = 0, status, path, silent } = fate(call, calls.length);
    if (silent === true) return;
    setTimeout(() => {
      if (status === undefined) passOn(plane, agent, asked, answer, path ?? asked.url ?? '/');
      else refuse(answer, status);
    }, delayMs);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  return {
    kubeconfig: kubeconfigFor(plane.name, `https://127.0.0.1:${port}`, plane.authority.cert),
    calls,
    cut: () => listener.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        listener.close(() => resolve());
        listener.closeAllConnections();
      }),
  };
}

function passOn(
  { server }: Plane,
  agent: Agent,
  asked: IncomingMessage,
  answer: ServerResponse,
  path: string,
): void {
  const { host: _host, ...headers } = asked.headers;
  const through = request(`${server}${path}`, { agent, method: asked.method, headers }, (said) => {
    answer.writeHead(said.statusCode ?? 502, said.headers);
    // A watch stands before anything happens.
    answer.flushHeaders();
    said.pipe(answer);
    said.on('error', () => answer.destroy());
  });
  through.on('error', () => answer.destroy());
  answer.on('close', () => through.destroy());
  asked.pipe(through);
}

function refuse(answer: ServerResponse, code: number): void {
  answer.writeHead(code, { 'content-type': 'application/json' });
  answer.end(
    JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message: 'played' }),
  );
}
