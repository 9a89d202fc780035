import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Side } from '../../../src-shared/world/traffic.ts';
import { pumpAnswer } from '../passage/pump.ts';
import { BACKEND_HEADER } from '../ports.ts';

/** Gives the client the head; false when it is one that Node reads but does not write. */
export function writeHead(answer: IncomingMessage, response: ServerResponse, lines: string[]): boolean {
  try {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', lines);
    return true;
  } catch {
    return false;
  }
}

/** Passes a backend's body on. `done` is called once: the answer was whole, or its connection ended before. */
export function passOn(
  answer: IncomingMessage,
  response: ServerResponse,
  done: (whole: boolean) => void,
): void {
  let open = true;
  const end = (whole: boolean): void => {
    if (!open) return;
    open = false;
    done(whole);
  };
  pumpAnswer(answer, response);
  answer.once('end', () => end(true));
  answer.once('close', () => end(false));
}

const words = {
  400: 'The request cannot be passed on.',
  502: 'No backend answered. The request was not sent again, since it may have been executed.',
  504: 'The backend did not answer in time.',
} as const;

/** An answer of the front's own. */
export function refuse(response: ServerResponse, status: keyof typeof words, side: Side): void {
  if (response.headersSent || response.destroyed) return;
  const body = `${words[status]}\n`;
  response.writeHead(status, [
    BACKEND_HEADER,
    side,
    'content-type',
    'text/plain',
    'content-length',
    String(Buffer.byteLength(body)),
  ]);
  response.end(body);
}

/** RST, not FIN: a client that reads until the end must not take what it has for all there is. */
export function resetClient(socket: Socket): void {
  if (!socket.destroyed) socket.resetAndDestroy();
}
