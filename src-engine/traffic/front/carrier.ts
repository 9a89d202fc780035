import { Agent, request as httpRequest, type ClientRequest } from 'node:http';
import type { Address } from '../ports.ts';
import { createConnections, type Opened } from './connections.ts';
import type { PairProof } from './secure.ts';

/** What is asked of a backend. `kept`: over a kept connection; else over a fresh one that ends with the answer. */
export interface Ask {
  readonly method: string;
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly kept: boolean;
}

/** The way to one backend: its kept connections and its fresh ones. */
export interface Carrier {
  /** The request's `socket` event says that the connection is made and proven; before it not a byte has been sent. */
  request(ask: Ask): ClientRequest;
  /** A connection of its own, for an upgrade. */
  open(done: Opened): () => void;
  /** GET on a connection that only checks use; the status, or null when there was none within the limit. */
  check(path: string, headers: readonly string[], limitMs: number): Promise<number | null>;
  /** Another one takes over: what is under way ends as it would, nothing is kept. */
  retire(): void;
  /** The backend is dead: everything ends now, by RST. */
  reset(): void;
}

export interface CarrierOptions {
  readonly address: Address;
  readonly connectMs: number;
  /** A kept connection that nobody used for so long is closed, before the backend does it. */
  readonly idleMs: number;
  /** Null: plain HTTP. */
  readonly proof: PairProof | null;
}

const MOST_KEPT = 1024;

export function createCarrier({ address, connectMs, idleMs, proof }: CarrierOptions): Carrier {
  const connections = createConnections(address, connectMs, proof);
  const createConnection: Agent['createConnection'] = (_options, done) => {
    connections.open((error, socket) => done?.(error, socket));
    return undefined;
  };
  const pool = (maxSockets: number): Agent =>
    Object.assign(
      new Agent({
        keepAlive: true,
        maxSockets,
        maxFreeSockets: MOST_KEPT,
        scheduling: 'lifo',
        timeout: idleMs,
      }),
      // One address: what Node would make of each request's options, twice, says nothing more.
      { createConnection, getName: () => 'backend' },
    );
  const traffic = pool(Number.POSITIVE_INFINITY);
  const checks = pool(1);
  const base = { host: address.host, port: address.port };
  const retire = (): void => {
    for (const agent of [traffic, checks]) {
      agent.maxFreeSockets = 0;
      for (const sockets of Object.values(agent.freeSockets))
        for (const socket of sockets ?? []) socket.destroy();
    }
  };
  return {
    request: ({ method, path, headers, kept }) =>
      httpRequest(
        kept
          ? { ...base, method, path, headers, agent: traffic }
          : { ...base, method, path, headers, createConnection },
      ),
    open: (done) => connections.open(done),
    check: (path, headers, limitMs) => check({ ...base, path, headers, agent: checks }, limitMs),
    retire,
    reset() {
      retire();
      connections.reset();
    },
  };
}

function check(
  options: { host: string; port: number; path: string; headers: readonly string[]; agent: Agent },
  limitMs: number,
): Promise<number | null> {
  return new Promise((resolve) => {
    const call = httpRequest(options);
    const limit = setTimeout(() => call.destroy(), limitMs);
    call.on('response', (answer) => {
      answer.on('error', () => undefined);
      answer.once('end', () => resolve(answer.statusCode ?? null));
      answer.resume();
    });
    call.on('error', () => undefined);
    call.once('close', () => {
      clearTimeout(limit);
      resolve(null);
    });
    call.end();
  });
}
