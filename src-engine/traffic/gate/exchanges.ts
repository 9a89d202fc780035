import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { OpenRequest } from '../../../src-shared/handoff-messages.ts';

/** `traffic`: of others. `probe`: ours, with PROBE_HEADER. `check`: of GATE_READY_PATH. */
export type ExchangeKind = 'traffic' | 'probe' | 'check';

/** One request under way; streams and upgraded connections are it until they end. */
export interface Exchange {
  readonly socket: Socket;
  end(): void;
}

export interface Exchanges {
  begin(request: IncomingMessage, kind: ExchangeKind): Exchange;
  /** Begun since the gate was. */
  count(kind: ExchangeKind): number;
  /** Traffic that is under way. */
  inFlight(): number;
  /** Traffic that is under way, the oldest first. */
  list(): readonly OpenRequest[];
  /** Of all that is under way but checks. */
  sockets(): readonly Socket[];
}

interface Open {
  readonly method: string;
  readonly path: string;
  readonly kind: ExchangeKind;
  readonly startedMs: number;
  readonly socket: Socket;
}

export function openExchanges(now: () => number): Exchanges {
  const counts = { traffic: 0, probe: 0, check: 0 };
  const open = new Set<Open>();
  const traffic = (): Open[] => [...open].filter(({ kind }) => kind === 'traffic');
  return {
    begin(request, kind) {
      counts[kind] += 1;
      const { method = '', url = '', socket } = request;
      const exchange = { method: method.slice(0, 10), path: pathOf(url), kind, startedMs: now(), socket };
      open.add(exchange);
      return { socket, end: () => void open.delete(exchange) };
    },
    count: (kind) => counts[kind],
    inFlight: () => traffic().length,
    list: () =>
      traffic().map(({ method, path, startedMs }) => ({
        method,
        path,
        ageMs: Math.max(0, now() - startedMs),
      })),
    sockets: () => [...open].filter(({ kind }) => kind !== 'check').map(({ socket }) => socket),
  };
}

/** Without its query, which may hold what a report should not. */
const pathOf = (url: string): string => (url.split('?', 1)[0] ?? '').slice(0, 200);
