import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { headText } from '../passage/heads.ts';
import { UNSENT_HEADER } from '../ports.ts';

export interface Refusal {
  readonly status: 400 | 502 | 503;
  /** For people who look at the wire. */
  readonly why: string;
  /** Nothing of the request was given to the workload: it may be sent elsewhere, whatever its method. */
  readonly unsent: boolean;
}

/**
 * What says it to HAProxy, which cannot read our header: of the statuses that its `retry-on` takes, the one that no
 * workload of ours means otherwise (RFC 8470: not processed, to be sent again).
 */
const UNSENT_STATUS = 425;
const STATUS_TEXT = {
  400: 'Bad Request',
  425: 'Too Early',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
} as const;

const statusOf = ({ status, unsent }: Refusal): keyof typeof STATUS_TEXT =>
  unsent && status !== 400 ? UNSENT_STATUS : status;

/**
 * Answers a request that is not passed on. The answer is whole at once, but the connection is closed only behind the
 * request's own end: a socket that is closed while its peer still sends is reset by the kernel, and the answer,
 * with its `unsent`, would be lost on the way.
 */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const text = bodyOf(refusal);
  response.writeHead(statusOf(refusal), linesOf(refusal, text));
  response.write(request.method === 'HEAD' ? '' : text);
  if (request.complete || request.destroyed) return void response.end();
  request.once('end', () => response.end());
  request.resume();
}

/**
 * Refuses in the way with which a front can help its client best: a GET or HEAD is reset, which both fronts repeat,
 * also when it had reached the workload; what must not be repeated is answered, with `unsent` where that holds.
 */
export function turnAway(
  ports: { reset(request: IncomingMessage): void },
  request: IncomingMessage,
  response: ServerResponse,
  refusal: Refusal,
): void {
  if (request.method === 'GET' || request.method === 'HEAD') ports.reset(request);
  else refuse(request, response, refusal);
}

/** The same on a connection that HTTP has been taken off. */
export function refuseRaw(socket: Duplex, refusal: Refusal): void {
  const text = bodyOf(refusal);
  const status = statusOf(refusal);
  socket.end(headText(`HTTP/1.1 ${status} ${STATUS_TEXT[status]}`, linesOf(refusal, text)) + text);
}

const bodyOf = ({ why }: Refusal): string => `${JSON.stringify({ gate: why })}\n`;

function linesOf({ unsent }: Refusal, text: string): string[] {
  const lines = ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(text))];
  if (unsent) lines.push(UNSENT_HEADER, '1');
  return [...lines, 'connection', 'close'];
}
