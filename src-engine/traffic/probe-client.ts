import {
  Agent as PlainAgent,
  request as plainRequest,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { BACKEND_HEADER, ENGINE_PROBE, PROBE_HEADER, type Address } from './ports.ts';
import { contextOf, isPinned, type ProbeTls } from './probe-tls.ts';

export interface ProbeTarget extends Address {
  readonly path: string;
  /** Null: plain HTTP. */
  readonly tls: ProbeTls | null;
  /** Sent with `PROBE_HEADER`: not counted as traffic. */
  readonly marked: boolean;
  /** The host that is asked for, where it is not the address's: a gateway routes by it. */
  readonly hostname?: string | undefined;
}

export interface ProbeAnswer {
  /** Null: no answer, by the limits below or a connection that failed. */
  readonly status: number | null;
  /** What `BACKEND_HEADER` says; null without it. */
  readonly backend: string | null;
  /** The first 64 KiB. */
  readonly text: string;
  /** From the begin to the end of the answer. */
  readonly elapsedMs: number;
}

export interface ProbeLimits {
  /** Until the connection stands, its TLS handshake included: a hung process accepts and says nothing. */
  readonly connectMs: number;
  /** Until the answer is whole. */
  readonly answerMs: number;
}

/** limits.md, Sudden loss; the connect limit is the front's own (research/haproxy.md B). */
export const probeLimits: ProbeLimits = { connectMs: 300, answerMs: 1000 };
/** Where nothing else doubts the other end: a busy machine may need longer than 300 ms for a handshake. */
export const patientLimits: ProbeLimits = { connectMs: 1000, answerMs: 1000 };

/** GETs to one place, one connection each or over connections that are kept until `dispose`. */
export interface ProbeClient {
  get(target: ProbeTarget, limits?: ProbeLimits): Promise<ProbeAnswer>;
  dispose(): void;
}

const MOST_CHARACTERS = 64 * 1024;

export function probeClient(kept: boolean): ProbeClient {
  // Without cached sessions every connection shows its key anew.
  const plain = new PlainAgent({ keepAlive: kept, maxSockets: 8 });
  const tls = new TlsAgent({ keepAlive: kept, maxSockets: 8, maxCachedSessions: 0 });
  return {
    get: (target, limits = probeLimits) => get(target.tls === null ? plain : tls, target, limits),
    dispose() {
      plain.destroy();
      tls.destroy();
    },
  };
}

function get(agent: PlainAgent | TlsAgent, target: ProbeTarget, limits: ProbeLimits): Promise<ProbeAnswer> {
  const { tls } = target;
  const begunMs = performance.now();
  return new Promise((resolve) => {
    const call = opened(agent, target);
    if (call === null) return resolve({ status: null, backend: null, text: '', elapsedMs: 0 });
    const giveUp = (): void => {
      end(null);
      call.destroy();
    };
    const stopConnecting = inTicks(limits.connectMs, giveUp);
    const stopAnswering = inTicks(limits.answerMs, giveUp);
    function end(status: number | null, backend: string | null = null, text = ''): void {
      stopConnecting();
      stopAnswering();
      resolve({ status, backend, text, elapsedMs: performance.now() - begunMs });
    }
    call.on('socket', (socket) => {
      // A kept connection stands already.
      if (call.reusedSocket) stopConnecting();
      else socket.once(tls === null ? 'connect' : 'secureConnect', stopConnecting);
    });
    call.on('response', (response) => {
      if (tls !== null && !isPinned(response.socket, tls.peerPin)) return giveUp();
      void readText(response).then((text) =>
        text === null ? giveUp() : end(response.statusCode ?? null, backendOf(response), text),
      );
    });
    call.on('error', () => end(null));
    call.end();
  });
}

/** In three parts: after a standstill of this very process what arrived meanwhile is heard before time is up. */
const TICKS = 3;

function inTicks(limitMs: number, act: () => void): () => void {
  let left = TICKS;
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    act();
  }, limitMs / TICKS);
  return () => clearInterval(timer);
}

/** Null: a path that Node does not send, or keys that it cannot read. */
function opened(agent: PlainAgent | TlsAgent, target: ProbeTarget): ClientRequest | null {
  try {
    return open(agent, target);
  } catch {
    return null;
  }
}

function open(
  agent: PlainAgent | TlsAgent,
  { host, port, path, tls, marked, hostname }: ProbeTarget,
): ClientRequest {
  const common = {
    agent,
    host,
    port,
    path,
    method: 'GET',
    // A Mac that changes its network has crashed on this (nodejs/node #48323, #47644).
    autoSelectFamily: false,
    headers: {
      ...(marked ? { [PROBE_HEADER]: ENGINE_PROBE } : {}),
      ...(hostname === undefined ? {} : { host: hostname }),
    },
  };
  if (tls === null) return plainRequest(common);
  const secured = {
    ...common,
    secureContext: contextOf(tls),
    // The agent tells kept connections apart by these two.
    key: tls.keyPem,
    cert: tls.certificatePem,
    // Self-signed: the key is compared with the pin instead.
    rejectUnauthorized: false,
    servername: '',
  };
  return tlsRequest(secured);
}

function backendOf(response: IncomingMessage): string | null {
  const value = response.headers[BACKEND_HEADER];
  return typeof value === 'string' ? value : null;
}

/** Null: it broke off. */
function readText(response: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      if (text.length < MOST_CHARACTERS) text += chunk;
    });
    response.on('end', () => resolve(text));
    response.on('close', () => resolve(null));
    response.on('error', () => resolve(null));
  });
}
