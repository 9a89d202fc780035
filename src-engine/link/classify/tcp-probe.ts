import { connect } from 'node:net';
import type { Look, PortOutcome } from './looks.ts';

export interface TcpTarget {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Knocks once and hangs up. Never rejects. */
export type TcpProbe = (target: TcpTarget) => Promise<Look<PortOutcome>>;

const outcomes: Readonly<Record<string, PortOutcome>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'refused',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EPERM: 'denied',
  EACCES: 'denied',
  ETIMEDOUT: 'timeout',
};

/** What an errno of connect(2) says of the other end. */
export function outcomeOfErrno(code: string | undefined): PortOutcome {
  return outcomes[code ?? ''] ?? 'error';
}

/** By a socket of this process; closed with RST, so that no TIME_WAIT is left. `host` is numeric. */
export const tcpProbe: TcpProbe = ({ host, port, timeoutMs, signal }) =>
  new Promise((resolve) => {
    const startedMs = performance.now();
    const socket = connect({ host, port, autoSelectFamily: false });
    const limit = setTimeout(() => end('timeout', null), timeoutMs);
    const cancel = (): void => end('timeout', null);
    let ended = false;
    function end(outcome: PortOutcome, detail: string | null): void {
      if (ended) return;
      ended = true;
      clearTimeout(limit);
      signal.removeEventListener('abort', cancel);
      socket.on('error', () => undefined);
      socket.resetAndDestroy();
      resolve({ outcome, ms: performance.now() - startedMs, detail });
    }
    socket.once('connect', () => end('ok', String(port)));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const outcome = outcomeOfErrno(error.code);
      end(outcome, outcome === 'refused' ? String(port) : (error.code ?? null));
    });
    signal.addEventListener('abort', cancel);
    if (signal.aborted) cancel();
  });
