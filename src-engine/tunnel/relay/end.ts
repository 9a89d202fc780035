import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** One end of what is carried. */
export interface End {
  readonly stream: Duplex;
  /** At once, so that the other side sees a broken connection and not an end. */
  reset(): void;
}

/** Behind the events of this turn: Node 20 dies of a socket that loses its ground inside a callback of its own TLS. */
export function endOn(stream: Duplex, ground: Socket): End {
  return {
    stream,
    reset: () =>
      void setImmediate(() => {
        try {
          if (!ground.destroyed) ground.resetAndDestroy();
        } catch {
          // Not a TCP socket, or already closing.
          ground.destroy();
        }
        stream.destroy();
      }),
  };
}

/**
 * Both directions, each with the end that its sender gave it: half a connection may end before the other. What breaks
 * on one side is reset on the other. Resolves when both are closed.
 */
export async function carry(one: End, other: End): Promise<void> {
  await Promise.all([passOn(one, other), passOn(other, one)]);
}

function passOn(from: End, to: End): Promise<void> {
  return new Promise((resolve) => {
    from.stream.pipe(to.stream);
    from.stream.on('error', () => to.reset());
    const closed = (): void => {
      const isWhole = from.stream.readableEnded && from.stream.writableFinished;
      if (!isWhole) to.reset();
      resolve();
    };
    if (from.stream.destroyed) closed();
    else from.stream.once('close', closed);
  });
}
