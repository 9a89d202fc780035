import type { ByeReason, LinkState } from '../../../src-shared/world/peer.ts';

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

export interface DetectorState {
  readonly phase: LinkState;
  /** Since when, in this phase. */
  readonly sinceMs: number;
  readonly cause: DownCause | null;
  readonly byeReason: ByeReason | null;
  /** Last arrival, moved forward by own pauses; null: never heard. */
  readonly heardAtMs: number | null;
  /** Last arrival whose echo was new; moved likewise. */
  readonly echoAtMs: number | null;
  /** When the peer heard this side last, as its echo and the age of it tell; moved likewise. */
  readonly peerHeardAtMs: number | null;
  /** Last arrival that ended a silence which was suspect. */
  readonly brokenAtMs: number | null;
  readonly tickedAtMs: number | null;
  readonly noDecisionBeforeMs: number;
  readonly crashed: boolean;
  /** While up: somebody says that the peer is gone, and nothing was heard since. */
  readonly hintPending: boolean;
  /** When a hint last made the link suspect. */
  readonly hintTookAtMs: number | null;
  readonly sessionUp: boolean;
  readonly ownIntervalMs: number;
  readonly peerIntervalMs: number;
  /** While down or left: since when nothing was wrong, and the beats since. */
  readonly cleanSinceMs: number | null;
  readonly beatsAtMs: readonly number[];
}
