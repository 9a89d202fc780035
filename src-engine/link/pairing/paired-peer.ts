import type { PairedPeer } from '../ports.ts';
import { samePin } from '../identity/pin.ts';
import type { Known } from './pairing-state.ts';

/** Networks that are remembered of one pair; the newest stay. */
const MOST_ROUTERS = 64;

/**
 * What is remembered of the other Mac. Paired again with the same key, the networks that a person trusted
 * stay; this one is trusted from now on, since a person pairs on it. A lower minor version than before is
 * a person's word too.
 */
export function pairedPeerOf(
  known: Known,
  at: {
    readonly before: PairedPeer | null;
    /** Of the connection. */
    readonly address: string;
    /** What this Mac dialled and found; null on the listener, which has only the other's word. */
    readonly dialledPort: number | null;
    readonly router: string | null;
    readonly wall: Date;
  },
): PairedPeer {
  const before = at.before && samePin(at.before.pin, known.pin) ? at.before : null;
  const others = (before?.homeRouters ?? []).filter((router) => router !== at.router);
  return {
    pin: known.pin,
    name: known.name,
    role: known.peerRole,
    pairedAt: at.wall.toISOString(),
    address: at.address,
    port: at.dialledPort ?? known.port,
    minor: known.minor,
    homeRouters: [at.router, ...others].slice(0, MOST_ROUTERS),
    refusedRouters: (before?.refusedRouters ?? []).filter((router) => router !== at.router),
  };
}
