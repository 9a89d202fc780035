import type { PeerCommand } from '../../src-shared/commands/peer.ts';
import type { Result, TandemError } from '../../src-shared/errors/result.ts';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import type { ByeReason } from '../../src-shared/world/peer.ts';
import type { Role } from '../../src-shared/world/role.ts';
import type { Vitals } from '../../src-shared/world/vitals.ts';

/** What the parts of the link know of each other: types only. */

/** This Mac's key and self-signed certificate (P-256), made once. */
export interface Identity {
  readonly keyPem: string;
  readonly certificatePem: string;
  /** SHA-256 of the public key (SPKI), hex: what the other Mac remembers. */
  readonly pin: string;
}

/** The other Mac, as pairing left it; `identity/peer.json`, 0600. */
export interface PairedPeer {
  readonly pin: string;
  readonly name: string;
  /** What the other Mac is. */
  readonly role: Exclude<Role, 'single'>;
  readonly pairedAt: string;
  /** Where it was reached last. */
  readonly address: string;
  readonly port: number;
  /** The highest minor protocol version agreed with it; a lower one is refused (ratchet). */
  readonly minor: number;
  /** Routers by key (`RouterKey`) of networks where this Mac listens, the pairing's first; null stands for "no router". */
  readonly homeRouters: readonly (string | null)[];
  /** Networks where a person said no. */
  readonly refusedRouters: readonly string[];
}

/** The network this Mac is on, as the operating system tells. */
export interface OwnNetwork {
  readonly interfaceName: string;
  /** IPv4. */
  readonly address: string;
  readonly prefixLength: number;
  /** IPv4 of the default gateway on this interface; null when there is none. */
  readonly gateway: string | null;
  /** `aa:bb:cc:dd:ee:ff`; null when it cannot be read. */
  readonly gatewayMac: string | null;
}

/** Things in a few bytes that every heartbeat carries. Unknown is null. */
export interface BeatFacts {
  readonly onAC: boolean | null;
  readonly lidClosed: boolean | null;
  readonly sleepSoon: boolean | null;
  readonly draining: boolean | null;
  readonly clusterUp: boolean | null;
  readonly apiOk: boolean | null;
  readonly gatewayOk: boolean | null;
  readonly tunnelOk: boolean | null;
  readonly batteryPercent: number | null;
  readonly thermalLevel: number | null;
  readonly memoryFreePercent: number | null;
  readonly loopLagMs: number | null;
}

/** A pause of this process that its own ticks noticed: sleep, SIGSTOP, a stalled event loop. */
export interface OwnPause {
  /** Age of its end, milliseconds. */
  readonly agoMs: number;
  readonly lastedMs: number;
  /** True when the system said that it slept. */
  readonly slept: boolean;
}

/** A silence that this Mac saw of the other. */
export interface SeenGap {
  readonly agoMs: number;
  readonly lastedMs: number;
}

/** What each side says of itself first. Durations only: the other clock is not ours. */
export interface HelloData {
  readonly protoMin: number;
  readonly protoMax: number;
  readonly app: string;
  readonly name: string;
  readonly role: Role;
  /** Changes with each start of the machine. */
  readonly bootId: string;
  /** Changes with each start of the engine. */
  readonly appStartId: string;
  readonly uptimeSeconds: number;
  readonly pauses: readonly OwnPause[];
  readonly gaps: readonly SeenGap[];
  /** The newest heartbeat of the other side that arrived, of the session before; null when none did. */
  readonly lastSeqSeen: number | null;
  readonly features: readonly string[];
}

/** What one Mac shows of itself to the other: its slice of the World. */
export interface PeerStatus {
  readonly name: string;
  readonly role: Role;
  readonly version: string;
  readonly vitals: Vitals;
  readonly clusters: readonly Cluster[];
  /** `HOST:PORT` of an API server that the LAN can reach; null when there is none. */
  readonly api: string | null;
}

/** Frames that other rooms send and hear; HELLO, WELCOME and ERROR are the session's own. */
export type Frame =
  | { readonly type: 'STATUS'; readonly status: PeerStatus }
  | {
      readonly type: 'EVENT';
      readonly class: string;
      readonly sinceMs: number;
      readonly evidence: readonly unknown[];
    }
  | {
      readonly type: 'BYE';
      readonly reason: ByeReason;
      readonly drainDone: boolean;
      readonly expectReturnSeconds: number | null;
    }
  | { readonly type: 'UNPAIR' }
  | { readonly type: 'HANDOFF'; readonly payload: unknown }
  | { readonly type: 'TUNNEL'; readonly payload: unknown }
  /** Used once, never logged. */
  | { readonly type: 'SECRET'; readonly name: string; readonly value: string }
  | { readonly type: 'CMD'; readonly id: string; readonly command: PeerCommand; readonly name: string | null }
  | {
      readonly type: 'CMD_RESULT';
      readonly id: string;
      readonly ok: boolean;
      readonly error: TandemError | null;
    };

/** How a session ended. `closed`: FIN or RST, which a killed program's kernel sends at once. */
export type SessionEnd = 'closed' | 'superseded' | 'bye' | 'unpaired' | 'ours' | 'protocol';

/** One authenticated connection to the other Mac: after WELCOME, not before. */
export interface Session {
  /** The listener's random u64; both sides know it. */
  readonly id: bigint;
  /** True when the other Mac dialled. */
  readonly incoming: boolean;
  readonly localAddress: string;
  readonly remoteAddress: string;
  /** Where the other Mac listens: TCP and UDP. */
  readonly remotePort: number;
  readonly peer: HelloData;
  readonly minor: number;
  /** RFC 5705; the datagram keys come from it. */
  exportKey(label: string, bytes: number): Buffer;
  /** False when the connection is gone or its buffer is full. */
  send(frame: Frame): boolean;
}

export interface SessionEvents {
  /** A session is current from now on: the first, or a newer one. */
  onSession(session: Session): void;
  /** The current session ended and no other stands. */
  onEnd(how: SessionEnd): void;
  onFrame(frame: Frame): void;
  /** Somebody was refused, or a dial failed in a way a person should hear of. */
  onRefused(error: TandemError): void;
}

/** Both ends of TLS: listens, dials with back-off, keeps one current session. */
export interface Sessions {
  /** Listens on `address:port` for the paired peer (null: for nobody yet) and for a pairing while one is open. */
  listen(address: string, port: number): Promise<Result<{ address: string; port: number }>>;
  stopListening(): Promise<void>;
  /** Null ends the session and the dialling. */
  setPeer(peer: PairedPeer | null): void;
  /** Addresses to try, best first; asked before each dial. */
  dialNow(): void;
  current(): Session | null;
  /** While set, connections by `tandem-pair/1` are handed over. */
  setPairing(accept: ((wire: PairWire) => void) | null): void;
  /** Dials for pairing: any certificate is taken, what counts comes afterwards. */
  dialForPairing(host: string, port: number): Promise<Result<PairWire>>;
  dispose(): Promise<void>;
}

/** A TLS connection of two who do not know each other yet. Frames are junk until parsed. */
export interface PairWire {
  readonly remoteAddress: string;
  readonly remotePin: string;
  exportKey(label: string, bytes: number): Buffer;
  send(frame: unknown): void;
  onFrame(listener: (frame: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
