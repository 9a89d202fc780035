import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/**
 * Connections that have not shown the core's key: with one more the oldest is reset, or anybody could use up the
 * gate's files. The core needs milliseconds for it, and is back at once when it was the oldest.
 */
export const MOST_STRANGERS = 64;

/** Every connection that the gate holds, and which of them the core has proven to be its own. */
export interface Connections {
  /** A connection has come; nothing is known of it. */
  add(raw: Socket): void;
  /** Its TLS side showed the pinned key. False when it is gone already. */
  mark(tls: TLSSocket): boolean;
  /** Still open, and marked. A request of any other is not served. */
  isMarked(socket: Socket): boolean;
  /** Of the marked ones. */
  count(): number;
  reset(socket: Socket): void;
  /** Marked or not. How many there were. */
  resetAll(): number;
}

/**
 * A reset (RST) and not a close (FIN): what the other end sends after it is refused by the kernel, and what it sent
 * before is not waited for; a FIN lets a POST through (decision 21). TLS sockets cannot be reset, what they stand on
 * can; the two are matched by the peer's port.
 *
 * What is reset is unmarked at once, so that nothing more of it is served, and reset behind the events of this turn:
 * Node 20 dies (SIGSEGV) of a socket that loses its ground inside a callback of its own TLS.
 */
export function openConnections(): Connections {
  const raws = new Map<string, Socket>();
  const marked = new Map<Socket, Socket>();
  const doomed = openDoomed();
  /** Not marked yet, the oldest first. */
  const strangers = new Set<Socket>();
  function doom(raw: Socket): void {
    strangers.delete(raw);
    doomed.add(raw);
  }
  return {
    add(raw) {
      const key = keyOf(raw);
      raws.set(key, raw);
      raw.on('error', () => undefined);
      raw.once('close', () => {
        strangers.delete(raw);
        if (raws.get(key) === raw) raws.delete(key);
      });
      strangers.add(raw);
      const [oldest] = strangers;
      if (oldest !== undefined && strangers.size > MOST_STRANGERS) doom(oldest);
    },
    mark(tls) {
      const raw = raws.get(keyOf(tls));
      if (raw === undefined || raw.destroyed || doomed.has(raw)) return false;
      strangers.delete(raw);
      marked.set(tls, raw);
      raw.once('close', () => marked.delete(tls));
      tls.once('close', () => marked.delete(tls));
      return true;
    },
    isMarked: (socket) => marked.get(socket)?.destroyed === false,
    count: () => marked.size,
    reset(socket) {
      const raw = marked.get(socket) ?? raws.get(keyOf(socket));
      marked.delete(socket);
      if (raw === undefined) socket.destroy();
      else doom(raw);
    },
    resetAll() {
      const all = [...raws.values()];
      marked.clear();
      for (const raw of all) doom(raw);
      return all.length;
    },
  };
}

const keyOf = ({ remoteAddress, remotePort, localPort }: Socket): string =>
  `${remoteAddress}|${remotePort}|${localPort}`;

/** Reset behind the events of this turn. */
function openDoomed(): { add(raw: Socket): void; has(raw: Socket): boolean } {
  const doomed = new Set<Socket>();
  return {
    has: (raw) => doomed.has(raw),
    add(raw) {
      if (raw.destroyed) return;
      if (doomed.size === 0)
        setImmediate(() => {
          const all = [...doomed];
          doomed.clear();
          for (const each of all) resetNow(each);
        });
      doomed.add(raw);
    },
  };
}

function resetNow(raw: Socket): void {
  if (raw.destroyed) return;
  try {
    raw.resetAndDestroy();
  } catch {
    // Not a TCP socket, or already closing.
    raw.destroy();
  }
}
