import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';

/** Where one end of the link is: a numeric address and a UDP port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** One connected UDP socket. Connected: what is sent leaves at once, and a refusal comes back (research/link.md 1.4). */
export interface BeatSocket {
  /** Leaves before it returns, or is dropped. */
  send(datagram: Buffer): void;
  /** How many a full queue took. */
  dropped(): number;
  dispose(): void;
}

export interface BeatSocketEvents {
  onDatagram(datagram: Buffer): void;
  /** The other Mac's kernel says that nobody listens there. */
  onRefused(): void;
  /** This Mac could not send: evidence about itself. */
  onSendError(code: string): void;
  /** The port is this Mac's. */
  onBound(): void;
  /** It could not be bound, and is of no use. */
  onUnbound(code: string): void;
  /** It could not be connected, and is of no use. */
  onBroken(code: string): void;
}

export type OpenBeatSocket = (own: Endpoint, peer: Endpoint, events: BeatSocketEvents) => BeatSocket;

/** A full queue (macOS says so for UDP too): counted, no alarm, the next beat comes anyway. */
const DROPPED = new Set(['ENOBUFS', 'EAGAIN', 'EWOULDBLOCK']);

export const openBeatSocket: OpenBeatSocket = (own, peer, events) => {
  // Numeric addresses only: no resolver, which may block for seconds when the network is away.
  const lookup = (
    host: string,
    _options: unknown,
    answer: (error: null, address: string, family: number) => void,
  ) => answer(null, host, isIPv6(host) ? 6 : 4);
  const socket = createSocket({ type: isIPv6(own.address) ? 'udp6' : 'udp4', lookup });
  let bound = false;
  let connected = false;
  let closed = false;
  let dropped = 0;
  const onError = (error: Error) => {
    if (closed) return;
    const code = (error as NodeJS.ErrnoException).code ?? 'UNKNOWN';
    if (!bound) events.onUnbound(code);
    else if (!connected) events.onBroken(code);
    else if (code === 'ECONNREFUSED') events.onRefused();
    else if (DROPPED.has(code)) dropped += 1;
    else events.onSendError(code);
  };
  const onSent = (error: Error | null) => {
    if (error) onError(error);
  };
  socket.on('error', onError);
  socket.on('message', (datagram) => {
    if (!closed) events.onDatagram(datagram);
  });
  socket.once('listening', () => {
    bound = true;
    if (!closed) events.onBound();
  });
  bindAndConnect(socket, own, peer, onError, () => (connected = !closed));
  return {
    send(datagram) {
      if (!connected || closed) return;
      socket.send(datagram, onSent);
    },
    dropped: () => dropped,
    dispose() {
      if (closed) return;
      closed = true;
      socket.close();
    },
  };
};

function bindAndConnect(
  socket: Socket,
  own: Endpoint,
  peer: Endpoint,
  onError: (error: Error) => void,
  onConnected: () => void,
): void {
  socket.bind({ port: own.port, address: own.address, exclusive: true }, () => {
    try {
      // The callback is a listener of `connect` and, against its documentation, is also given errors.
      socket.connect(peer.port, peer.address, (error?: unknown) => {
        if (error instanceof Error) onError(error);
        else onConnected();
      });
    } catch (error) {
      // Closed between the two.
      if (error instanceof Error) onError(error);
    }
  });
}
