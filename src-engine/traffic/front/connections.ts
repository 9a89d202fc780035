import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { Address } from '../ports.ts';
import type { PairProof } from './secure.ts';

/** Told once: a connection that was made and proven, or why there is none (the socket is then of no use). */
export type Opened = (error: Error | null, socket: Duplex) => void;

/** Opens connections to one address and knows all that are open. */
export interface Connections {
  /** Returns a function that gives the attempt, or the connection, up. */
  open(done: Opened): () => void;
  /** Ends all at once by RST: nothing that is still on its way is sent again by the kernel. */
  reset(): void;
}

/**
 * The limit is counted in so many parts. A process that stood still is woken by its timers first: it would take a
 * connection that was made meanwhile for one that was not.
 */
const TICKS = 3;

/**
 * @param limitMs for TCP and TLS together: what is not proven by then counts as not connected
 * @param proof null: plain TCP
 */
export function createConnections(address: Address, limitMs: number, proof: PairProof | null): Connections {
  // TCP sockets, below TLS: only they can be reset.
  const sockets = new Set<Socket>();
  return {
    open(done) {
      // A name may have addresses of both kinds; for a number trying two is only a risk (nodejs/node #48323).
      const raw = connect({ ...address, noDelay: true, autoSelectFamily: isIP(address.host) === 0 });
      sockets.add(raw);
      let waiting = true;
      const settle: Opened = (error, socket) => {
        if (!waiting) return;
        waiting = false;
        clearTimeout(timer);
        done(error, socket);
      };
      let ticks = TICKS;
      const tick = (): NodeJS.Timeout =>
        setTimeout(() => {
          ticks -= 1;
          if (ticks === 0) raw.destroy(new Error('not connected in time'));
          else timer = tick();
        }, limitMs / TICKS);
      let timer = tick();
      // Stays for the connection's whole life: between two requests nobody else listens.
      raw.on('error', (error) => settle(error, raw));
      raw.once('close', () => {
        sockets.delete(raw);
        settle(new Error('closed before it was connected'), raw);
      });
      raw.once('connect', () => (proof === null ? settle(null, raw) : secure(raw, proof, settle)));
      return () => void raw.destroy();
    },
    reset() {
      for (const socket of sockets) {
        if (socket.connecting) socket.destroy();
        else socket.resetAndDestroy();
      }
    },
  };
}

function secure(raw: Socket, proof: PairProof, settle: Opened): void {
  const socket = connectTls({ socket: raw, secureContext: proof.context, rejectUnauthorized: false });
  socket.on('error', (error) => settle(error, socket));
  socket.once('secureConnect', () => {
    if (proof.proves(socket)) settle(null, socket);
    else socket.destroy(new Error('another key'));
  });
}
