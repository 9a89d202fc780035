import { connect, type TLSSocket } from 'node:tls';
import type { Clock, Scheduler } from '../../platform/clock.ts';
import type { Identity } from '../ports.ts';
import { factsOf, judgePeer, type PeerVerdict } from './peer-check.ts';
import { clientOptions, type Alpn } from './tls-options.ts';
import { wireOf, type Wire } from './wire.ts';

/**
 * Why a dial came to nothing. Before the connection: `refused`, `timeout`, `unreachable`, `denied`.
 * After it: `hung` (the kernel answers, the program does not), `closed`, `alpnRefused`, `notTls`.
 */
export type DialFailure =
  'refused' | 'timeout' | 'unreachable' | 'denied' | 'hung' | 'closed' | 'alpnRefused' | 'notTls';

export type Dialled =
  | { readonly kind: 'wire'; readonly wire: Wire }
  | { readonly kind: 'judged'; readonly verdict: Exclude<PeerVerdict, 'ok'>; readonly pin: string | null }
  | {
      readonly kind: 'failed';
      readonly why: DialFailure;
      /** The errno or the code of the TLS alert; null when nothing came. */
      readonly detail: string | null;
      readonly localPort: number | null;
    };

export interface DialPorts {
  readonly identity: Identity;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

export interface DialRequest {
  readonly host: string;
  readonly port: number;
  readonly alpn: Alpn;
  /** Where to dial from, an IP address; when that cannot be, it is left to the kernel. */
  readonly localAddress?: string;
  /** Null: any key. */
  readonly pin: string | null;
  /** Until the TCP connection stands, milliseconds. */
  readonly connectMs: number;
  /** From the start until the TLS handshake is over, milliseconds. */
  readonly limitMs: number;
  readonly signal?: AbortSignal;
}

/** The address is gone since, or is of another family than the host's. */
const UNBINDABLE = ['EADDRNOTAVAIL', 'EINVAL'];

/** TCP, TLS and the check of who answers; nothing is said yet. Never rejects. */
export async function dial(ports: DialPorts, request: DialRequest): Promise<Dialled> {
  const dialled = await dialOnce(ports, request);
  const { localAddress, ...anywhere } = request;
  if (localAddress === undefined || dialled.kind !== 'failed') return dialled;
  return UNBINDABLE.includes(dialled.detail ?? '') ? dialOnce(ports, anywhere) : dialled;
}

function dialOnce(ports: DialPorts, request: DialRequest): Promise<Dialled> {
  return new Promise((resolve) => {
    const socket = connect(clientOptions(ports.identity, request, request.alpn));
    let connected = false;
    const { scheduler } = ports;
    const timers = [
      scheduler.after(request.connectMs, () => connected || settle(failed('timeout'))),
      scheduler.after(request.limitMs, () => settle(failed(connected ? 'hung' : 'timeout'))),
    ];
    const abort = (): void => settle(failed('closed'));

    function failed(why: DialFailure, detail: string | null = null): Dialled {
      return { kind: 'failed', why, detail, localPort: socket.localPort ?? null };
    }

    function settle(outcome: Dialled): void {
      for (const timer of timers) timer.dispose();
      request.signal?.removeEventListener('abort', abort);
      if (outcome.kind !== 'wire') socket.destroy();
      resolve(outcome);
    }

    socket.setNoDelay(true);
    socket.once('connect', () => (connected = true));
    socket.once('secureConnect', () => settle(met(ports, request, socket)));
    socket.on('error', ({ code }: NodeJS.ErrnoException) =>
      settle(failed(failureOf(code, connected), code ?? null)),
    );
    socket.once('close', () => settle(failed(connected ? 'closed' : 'unreachable')));
    if (request.signal?.aborted) abort();
    else request.signal?.addEventListener('abort', abort);
  });
}

function met(ports: DialPorts, request: DialRequest, socket: TLSSocket): Dialled {
  const facts = factsOf(socket);
  const verdict = judgePeer(facts, { alpn: request.alpn, ownPin: ports.identity.pin, pin: request.pin });
  if (verdict !== 'ok') return { kind: 'judged', verdict, pin: facts.pin };
  return { kind: 'wire', wire: wireOf(socket, facts.pin ?? '', ports.scheduler) };
}

/** What an errno or a TLS alert says of the other end. */
export function failureOf(code: string | undefined, connected: boolean): DialFailure {
  if (code?.includes('NO_APPLICATION_PROTOCOL')) return 'alpnRefused';
  if (code?.startsWith('ERR_SSL') || code === 'EPROTO') return 'notTls';
  if (connected) return 'closed';
  switch (code) {
    case 'ECONNREFUSED':
      return 'refused';
    case 'ECONNRESET':
      return 'closed';
    case 'ETIMEDOUT':
      return 'timeout';
    case 'EPERM':
    case 'EACCES':
      return 'denied';
    default:
      return 'unreachable';
  }
}
