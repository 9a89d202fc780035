import type { Readable, Writable } from 'node:stream';

/**
 * Passes on what comes, as fast as it is taken. `mayPass` is asked of every piece: after a pause of this process the
 * rest of a request that its client has given up comes out of the kernel before any timer runs.
 * The end is the caller's: trailers come before it.
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
