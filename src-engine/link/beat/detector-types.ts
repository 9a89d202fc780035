import type { ByeReason } from '../../../src-shared/world/peer.ts';

/** The part that a person may set (`link` of settings.ts), milliseconds. */
export interface DetectorLimits {
  readonly beatMs: number;
  readonly suspectMs: number;
  /** Holds while either side beats slower than `beatMs`. */
  readonly suspectOnBatteryMs: number;
  readonly decideMs: number;
}

export type DetectorInput =
  /** An authenticated datagram. `beat`: a heartbeat, not a probe or an answer. */
  | {
      readonly kind: 'arrival';
      readonly atMs: number;
      readonly echoSeqAdvanced: boolean;
      /** How long the peer has had what it echoes: it heard this side last then, not now. */
      readonly echoAgeMs: number;
      readonly beat: boolean;
      /** What the peer says of its own beat; null: this datagram does not say. */
      readonly peerIntervalMs: number | null;
    }
  /** This process is alive; fed after a poll phase, so that what waited in the socket was heard first. */
  | { readonly kind: 'tick'; readonly atMs: number }
  /** FIN, RST, ECONNREFUSED: a reason to look, no proof; anybody can forge the last (hint.ts). */
  | { readonly kind: 'hint'; readonly atMs: number }
  /** Probes say that the peer's program is gone. */
  | { readonly kind: 'crashed'; readonly atMs: number }
  | { readonly kind: 'bye'; readonly atMs: number; readonly reason: ByeReason }
  /** The system woke up. */
  | { readonly kind: 'resumed'; readonly atMs: number }
  | { readonly kind: 'session'; readonly atMs: number; readonly up: boolean }
  /** How often this side beats from now on. */
  | { readonly kind: 'pace'; readonly atMs: number; readonly ownIntervalMs: number };

/** What a decision stands on: nothing heard; heard, but not hearing this side (one-way); or a program that is gone. */
export type DownCause = 'silence' | 'echo' | 'crashed';
