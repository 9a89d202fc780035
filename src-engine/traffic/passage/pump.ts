import type { IncomingMessage, OutgoingMessage, ServerResponse } from 'node:http';
import type { Readable, Writable } from 'node:stream';

/**
 * Passes on what comes, as fast as it is taken: while it is not, nothing is read, and nothing piles up here.
 * `mayPass` is asked of every piece: after a pause of this process the rest of a request that its client has given
 * up comes out of the kernel before any timer runs. The end is the caller's: trailers come before it.
 */
export function pump(from: Readable, to: Writable, mayPass: () => boolean = () => true): void {
  from.on('data', (piece: Buffer) => {
    if (!mayPass() || to.destroyed || to.writableEnded) return;
    if (to.write(piece)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
  // Who takes no more must not hold up the rest: it is read and thrown away.
  to.once('close', () => from.resume());
}

/** Passes the body of an answer on whose head is written; the end is the caller's. */
export function pumpAnswer(answer: IncomingMessage, response: ServerResponse): void {
  pump(answer, response);
  // Node keeps the head back for the first piece, which a stream may not have for long.
  setImmediate(() => {
    if (!answer.readableDidRead && !response.writableEnded && !response.destroyed) response.flushHeaders();
  });
}

/**
 * What came behind the body goes behind it again, where it comes in chunks. What Node reads but does not write is
 * left out, as any server on the way may do (RFC 9110, 6.5.1).
 */
export function passTrailers({ rawTrailers }: IncomingMessage, to: OutgoingMessage): void {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < rawTrailers.length; at += 2)
    pairs.push([rawTrailers[at] ?? '', rawTrailers[at + 1] ?? '']);
  try {
    if (pairs.length > 0) to.addTrailers(pairs);
  } catch {
    // The message is whole without them.
  }
}
