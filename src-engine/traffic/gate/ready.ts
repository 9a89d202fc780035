import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GateView } from '../../../src-shared/world/traffic.ts';
import { ENGINE_PROBE, GATE_READY_PATH, PROBE_HEADER } from '../ports.ts';
import type { Told } from './gate-config.ts';

export interface Readiness {
  readonly ready: boolean;
  readonly notReady: GateView['notReady'];
}

/**
 * Ready is: told so, and the workload's health path answered 2xx.
 *
 * @param healthy null: the workload was never asked
 */
export function readinessOf(told: Told, healthy: boolean | null): Readiness {
  if (told !== null) return { ready: false, notReady: told };
  if (healthy === null) return { ready: false, notReady: 'starting' };
  return healthy ? { ready: true, notReady: null } : { ready: false, notReady: 'upstreamDown' };
}

/** Gives nothing to the workload. One who leaves still serves what comes. */
export const keepsOut = (told: Told): boolean => told === 'stayOut' || told === 'paused';

/** The core's engine asks, over a connection that carries nothing else. */
export const isQuestion = (request: IncomingMessage): boolean =>
  isReadyCheck(request) && request.headers[PROBE_HEADER] === ENGINE_PROBE;

export const isReadyCheck = ({ method, url = '' }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && url.split('?', 1)[0] === GATE_READY_PATH;

/**
 * 200 or 503 and a small document. A front's connection carries requests, too, and is closed with a word that sends
 * them elsewhere; that of the core's engine carries nothing else, and a handshake a second would cost more than all
 * else of an idle pair.
 */
export function answerReady(
  request: IncomingMessage,
  response: ServerResponse,
  readiness: Readiness,
  facts: { readonly requests: number; readonly inFlight: number; readonly generation: string },
): void {
  if (response.destroyed) return;
  const text = `${JSON.stringify({ ...readiness, ...facts })}\n`;
  const goesElsewhere = readiness.notReady !== null && readiness.notReady !== 'upstreamDown';
  const close = (goesElsewhere && !isQuestion(request)) || !response.shouldKeepAlive;
  response.writeHead(readiness.ready ? 200 : 503, [
    'content-type',
    'application/json',
    'content-length',
    String(Buffer.byteLength(text)),
    'connection',
    close ? 'close' : 'keep-alive',
  ]);
  response.end(text);
}
