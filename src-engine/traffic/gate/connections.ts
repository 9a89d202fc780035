import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/**
 * Connections that have not shown the core's key: with one more the oldest is reset, or anybody could use up the
 * gate's files. Those from where the core is have a place of their own, or a flood from elsewhere would push the core
 * out of its handshake; it is wide, since under load the front opens many at once.
 */
export const MOST_STRANGERS = 64;
export const MOST_FROM_CORE = 1024;
/** Addresses that the core has shown its key from: its Wi-Fi, its cable, and those of before. */
const MOST_ADDRESSES = 4;

/** Every connection that the gate holds, and which of them the core has proven to be its own. */
export interface Connections {
  /** A connection has come; nothing is known of it. */
  add(raw: Socket): void;
  /** Its TLS side showed the pinned key. False when it is gone already. */
  mark(tls: TLSSocket): boolean;
  /** Still open, and marked. A request of any other is not served. */
  isMarked(socket: Socket): boolean;
  /** What a marked one is used for: a question of the core's engine for the gate's readiness, or anything else. */
  use(socket: Socket, isQuestion: boolean): void;
  /** Of the marked ones. */
  count(): number;
  /** One of the marked is open that is not for the engine's questions alone: no client waits behind those. */
  holds(): boolean;
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
 *
 * @param coreHost where the pairing says that the core is: for a gate that the core has not come to yet
 */
export function openConnections(coreHost: () => string | null = () => null): Connections {
  const raws = new Map<string, Socket>();
  const marked = openMarked();
  const doomed = openDoomed();
  const waiting = openWaiting(coreHost);
  function doom(raw: Socket): void {
    waiting.delete(raw);
    doomed.add(raw);
  }
  return {
    add(raw) {
      const key = keyOf(raw);
      raws.set(key, raw);
      raw.on('error', () => undefined);
      raw.once('close', () => {
        waiting.delete(raw);
        if (raws.get(key) === raw) raws.delete(key);
      });
      const tooMany = waiting.add(raw);
      if (tooMany !== null) doom(tooMany);
    },
    mark(tls) {
      const raw = raws.get(keyOf(tls));
      if (raw === undefined || raw.destroyed || doomed.has(raw)) return false;
      waiting.delete(raw);
      waiting.coreIsAt(raw);
      marked.set(tls, raw);
      raw.once('close', () => marked.delete(tls));
      tls.once('close', () => marked.delete(tls));
      return true;
    },
    isMarked: (socket) => marked.get(socket)?.destroyed === false,
    use: marked.use,
    count: marked.count,
    holds: marked.holds,
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

/** Those that have shown the key, each with what it stands on. */
function openMarked() {
  const marked = new Map<Socket, Socket>();
  /** Of them, those that have carried nothing but questions so far, and those that have. */
  const asking = new Set<Socket>();
  const carrying = new WeakSet<Socket>();
  return {
    set: (tls: Socket, raw: Socket): void => void marked.set(tls, raw),
    get: (tls: Socket): Socket | undefined => marked.get(tls),
    delete(tls: Socket): void {
      marked.delete(tls);
      asking.delete(tls);
    },
    clear(): void {
      marked.clear();
      asking.clear();
    },
    use(socket: Socket, isQuestion: boolean): void {
      if (!isQuestion) {
        carrying.add(socket);
        asking.delete(socket);
      } else if (marked.has(socket) && !carrying.has(socket)) asking.add(socket);
    },
    count: (): number => marked.size,
    holds: (): boolean => marked.size > asking.size,
  };
}

/** Those that have not shown a key yet, the oldest first: from where the core is, and from anywhere else. */
function openWaiting(coreHost: () => string | null) {
  const known = new Set<string>();
  const strangers = new Set<Socket>();
  const neighbours = new Set<Socket>();
  return {
    /** The one that goes for it; null: there is room. */
    add(raw: Socket): Socket | null {
      const address = addressOf(raw);
      const isNeighbour = known.has(address) || address === coreHost();
      const group = isNeighbour ? neighbours : strangers;
      group.add(raw);
      const [oldest] = group;
      return group.size > (isNeighbour ? MOST_FROM_CORE : MOST_STRANGERS) ? (oldest ?? null) : null;
    },
    delete(raw: Socket): void {
      strangers.delete(raw);
      neighbours.delete(raw);
    },
    coreIsAt(raw: Socket): void {
      const address = addressOf(raw);
      known.delete(address);
      known.add(address);
      const [longestAgo] = known;
      if (known.size > MOST_ADDRESSES && longestAgo !== undefined) known.delete(longestAgo);
    },
  };
}

/** A socket that takes both kinds names an IPv4 address in the way of IPv6. */
const addressOf = ({ remoteAddress = '' }: Socket): string => remoteAddress.replace(/^::ffff:/, '');

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
