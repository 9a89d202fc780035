import type { ByeReason, LinkState } from '../../../src-shared/world/peer.ts';
import type { DetectorLimits, DownCause } from './detector-types.ts';

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

export function startDetector(atMs: number, limits: DetectorLimits): DetectorState {
  return {
    phase: 'never',
    sinceMs: atMs,
    cause: null,
    byeReason: null,
    heardAtMs: null,
    echoAtMs: null,
    peerHeardAtMs: null,
    brokenAtMs: null,
    tickedAtMs: null,
    noDecisionBeforeMs: 0,
    crashed: false,
    hintPending: false,
    hintTookAtMs: null,
    sessionUp: false,
    ownIntervalMs: limits.beatMs,
    peerIntervalMs: limits.beatMs,
    cleanSinceMs: null,
    beatsAtMs: [],
  };
}

/**
 * A state of its own, to be changed. Field by field: V8 spreads an object of this size forty times slower, and that was
 * a tenth of what a heartbeat costs.
 */
export function copyOf(state: DetectorState): {
  -readonly [Name in keyof DetectorState]: DetectorState[Name];
} {
  return {
    phase: state.phase,
    sinceMs: state.sinceMs,
    cause: state.cause,
    byeReason: state.byeReason,
    heardAtMs: state.heardAtMs,
    echoAtMs: state.echoAtMs,
    peerHeardAtMs: state.peerHeardAtMs,
    brokenAtMs: state.brokenAtMs,
    tickedAtMs: state.tickedAtMs,
    noDecisionBeforeMs: state.noDecisionBeforeMs,
    crashed: state.crashed,
    hintPending: state.hintPending,
    hintTookAtMs: state.hintTookAtMs,
    sessionUp: state.sessionUp,
    ownIntervalMs: state.ownIntervalMs,
    peerIntervalMs: state.peerIntervalMs,
    cleanSinceMs: state.cleanSinceMs,
    beatsAtMs: state.beatsAtMs,
  };
}
