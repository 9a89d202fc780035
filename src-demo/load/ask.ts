import { Agent, request, type ClientRequest } from 'node:http';
import type { ClientRecord } from './ledger.ts';
import { nowMs } from './now.ts';
import { PATIENCE_MS, type LoadPlan, type RequestKind } from './plan.ts';

/** How the client's requests go out. */
export interface Clients {
  readonly plan: LoadPlan;
  /** Quick requests share these connections. */
  readonly kept: Agent;
  /** Slow ones have their own, so that nobody stands behind them. */
  readonly slow: Agent;
}

export function openClients(plan: LoadPlan): Clients {
  return {
    plan,
    kept: new Agent({
      keepAlive: true,
      maxSockets: Infinity,
      maxFreeSockets: plan.keptClients,
      scheduling: 'fifo',
    }),
    slow: new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 40 }),
  };
}

export function closeClients({ kept, slow }: Clients): void {
  kept.destroy();
  slow.destroy();
}

const expectedMs = ({ plan }: Clients, kind: RequestKind): number =>
  kind === 'slow' ? plan.slowMs : kind === 'post' ? plan.postMs : 0;

/** One request; resolves with its record, whatever became of it. */
export function ask(
  clients: Clients,
  id: string,
  kind: Exclude<RequestKind, 'stream'>,
): Promise<ClientRecord> {
  const delayMs = expectedMs(clients, kind);
  const url = new URL(clients.plan.url);
  url.searchParams.set('id', id);
  url.searchParams.set('kind', kind);
  if (delayMs > 0) url.searchParams.set('delayMs', String(delayMs));
  const sentMs = nowMs();
  return new Promise((resolve) => {
    let over = false;
    const end = (status: number | null, backend: string | null, lost: string | null): void => {
      if (over) return;
      over = true;
      clearTimeout(limit);
      resolve({ id, kind, sentMs, endedMs: nowMs(), status, backend, lost });
    };
    const call = begin(clients, url, id, kind, end);
    const limit = setTimeout(() => {
      end(null, null, 'timedOut');
      call.destroy();
    }, delayMs + PATIENCE_MS);
  });
}

type End = (status: number | null, backend: string | null, lost: string | null) => void;

function begin(clients: Clients, url: URL, id: string, kind: RequestKind, end: End): ClientRequest {
  const agent = kind === 'slow' ? clients.slow : clients.kept;
  const method = kind === 'post' ? 'POST' : 'GET';
  const headers = kind === 'post' ? { 'content-type': 'application/json', 'idempotency-key': id } : {};
  const call = request(url, { agent, method, headers }, (response) => {
    const backend = String(response.headers['x-tandem-backend'] ?? '') || null;
    const status = response.statusCode ?? 0;
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => (text += chunk));
    response.on('error', (error) => end(null, backend, codeOf(error)));
    response.on('close', () => end(null, backend, 'cutShort'));
    response.on('end', () => end(status, backend, whyLost(status, text, id)));
  });
  call.on('error', (error) => end(null, null, codeOf(error)));
  call.end(kind === 'post' ? JSON.stringify({ id }) : undefined);
  return call;
}

/** Null when it is the answer that was asked for. */
function whyLost(status: number, text: string, id: string): string | null {
  if (status < 200 || status > 299) return `status ${status}`;
  return text.includes(`"${id}"`) ? null : 'anotherAnswer';
}

const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : error.message;
