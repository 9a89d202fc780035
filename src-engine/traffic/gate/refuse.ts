import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { UNSENT_HEADER } from '../ports.ts';

export interface Refusal {
  readonly status: 400 | 502 | 503;
  /** For people who look at the wire. */
  readonly why: string;
  /** Nothing of the request was given to the workload: it may be sent elsewhere, whatever its method. */
  readonly unsent: boolean;
}

const STATUS_TEXT = { 400: 'Bad Request', 502: 'Bad Gateway', 503: 'Service Unavailable' } as const;

/**
 * Answers a request that is not passed on. The answer is whole at once, but the connection is closed only behind the
 * request's own end: a socket that is closed while its peer still sends is reset by the kernel, and the answer,
 * with its `unsent`, would be lost on the way.
 */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const text = bodyOf(refusal);
  response.writeHead(refusal.status, linesOf(refusal, text));
  response.write(request.method === 'HEAD' ? '' : text);
  if (request.complete || request.destroyed) return void response.end();
  request.once('end', () => response.end());
  request.resume();
}

/**
 * Refuses in the way with which a front can help its client best. What was not given to the workload may be sent
 * elsewhere, and the embedded front does so when it reads `unsent`; HAProxy cannot read it, but repeats a GET or HEAD
 * whose connection breaks before an answer (`retry-on empty-response`), where it would pass a 503 on. So those two
 * are reset, and everything else is answered.
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
  const lines = linesOf(refusal, text);
  const head = [`HTTP/1.1 ${refusal.status} ${STATUS_TEXT[refusal.status]}`];
  for (let at = 0; at + 1 < lines.length; at += 2) head.push(`${lines[at]}: ${lines[at + 1]}`);
  socket.end([...head, '', text].join('\r\n'));
}

const bodyOf = ({ why }: Refusal): string => `${JSON.stringify({ gate: why })}\n`;

function linesOf({ unsent }: Refusal, text: string): string[] {
  const lines = ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(text))];
  if (unsent) lines.push(UNSENT_HEADER, '1');
  return [...lines, 'connection', 'close'];
}
