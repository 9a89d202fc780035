import type { TandemError } from '../../../src-shared/errors/result.ts';
import type { MinorRange } from '../session/version.ts';
import type { AbortCode, Claim, PairFrame } from './pairing-frames.ts';
import type { RoleClaim, SettledRole } from './roles.ts';

/** The listener's window (research/link.md 5). */
export const WINDOW_MS = 120_000;
/** To say yes on both screens, from the moment that digits stand on them. */
export const COMPARE_MS = 60_000;
/** Longer on the side that has said yes: the other's yes of the last moment is still under way. */
export const COMPARE_GRACE_MS = 5000;
/** For a connection, its handshake included. */
export const DIAL_MS = 10_000;
/** For the next frame of an exchange in which no person takes part. */
export const STEP_MS = 5000;
/** How long an outcome stays on the screen when nothing follows it. */
export const OUTCOME_MS = 60_000;

export type Side = 'listener' | 'dialler';

/** What a step is decided by besides state and event. */
export interface PairingContext {
  readonly own: RoleClaim & {
    readonly pin: string;
    readonly name: string;
    /** Where this Mac listens for the link. */
    readonly port: number;
    readonly minors: MinorRange;
  };
  /** Whom this Mac is paired with already. */
  readonly paired: { readonly pin: string; readonly name: string } | null;
}

/** The connection of a pairing, as values. */
export interface WireFacts {
  readonly remoteAddress: string;
  readonly remotePin: string;
  /** Of `SAS_EXPORTER`. */
  readonly exporter: Buffer;
  /** Drawn anew for each connection; hex. */
  readonly ownNonce: string;
}

export interface Window {
  /** `ADDRESS:PORT`. */
  readonly listening: string;
  readonly untilMs: number;
}

/** What both agreed on, if the digits are the same. */
export interface Known {
  readonly digits: string;
  readonly name: string;
  readonly pin: string;
  readonly ownRole: SettledRole;
  readonly peerRole: SettledRole;
  /** Where the other Mac says that it listens. */
  readonly port: number;
  readonly minor: number;
}

/** `untilMs` is on the monotonic clock. */
export type PairingState =
  | { readonly stage: 'idle' }
  | { readonly stage: 'listening'; readonly window: Window; readonly untilMs: number }
  | { readonly stage: 'dialling'; readonly host: string; readonly port: number; readonly untilMs: number }
  /** Listener: somebody is connected and has said nothing. */
  | {
      readonly stage: 'commit';
      readonly window: Window;
      readonly wire: WireFacts;
      readonly untilMs: number;
    }
  /** Dialler: COMMIT is out. */
  | { readonly stage: 'nonce'; readonly wire: WireFacts; readonly untilMs: number }
  /** Listener: NONCE is out; from here on a try counts. */
  | {
      readonly stage: 'reveal';
      readonly window: Window;
      readonly wire: WireFacts;
      readonly claim: Claim;
      readonly commit: string;
      readonly untilMs: number;
    }
  | {
      readonly stage: 'compare';
      readonly side: Side;
      readonly listening: string | null;
      readonly known: Known;
      /** Who has said yes. */
      readonly mine: boolean;
      readonly theirs: boolean;
      readonly untilMs: number;
    }
  /** Both said yes. */
  | {
      readonly stage: 'storing';
      readonly side: Side;
      readonly listening: string | null;
      readonly known: Known;
    }
  | { readonly stage: 'done'; readonly side: Side; readonly known: Known; readonly untilMs: number }
  | {
      readonly stage: 'failed';
      readonly side: Side;
      readonly known: Known | null;
      readonly error: TandemError;
      readonly untilMs: number;
    };

export type PairingEvent =
  | { readonly type: 'open'; readonly listening: string }
  | { readonly type: 'dial'; readonly host: string; readonly port: number }
  /** `incoming`: somebody knocked; else this Mac's dial came through. */
  | { readonly type: 'wire'; readonly incoming: boolean; readonly wire: WireFacts }
  | { readonly type: 'dialFailed'; readonly error: TandemError }
  /** As it came from the other side: anything. */
  | { readonly type: 'frame'; readonly frame: unknown }
  | { readonly type: 'closed' }
  | { readonly type: 'answer'; readonly same: boolean }
  | { readonly type: 'cancel' }
  /** Something of this Mac ended it: its network changed. */
  | { readonly type: 'interrupt'; readonly error: TandemError }
  | { readonly type: 'time' }
  | { readonly type: 'stored'; readonly error: TandemError | null };

export type PairingEffect =
  | { readonly type: 'send'; readonly frame: PairFrame }
  /** Closes the connection of this pairing; what was sent still leaves. */
  | { readonly type: 'close' }
  /** Turns away the connection that this event brought. */
  | { readonly type: 'refuse'; readonly code: AbortCode }
  | { readonly type: 'store'; readonly known: Known }
  | { readonly type: 'countFailure' }
  | { readonly type: 'clearFailures' };

export interface Step {
  readonly state: PairingState;
  readonly effects: readonly PairingEffect[];
}

/** True while an end would be one of the three tries: somebody may have drawn digits and thrown them away. */
export function isTry(state: PairingState): boolean {
  return state.stage === 'reveal' || state.stage === 'compare';
}

/** True while another `open` or `dial` has to wait. An open window that nobody has come to is not. */
export function isBusy(state: PairingState): boolean {
  return ['dialling', 'commit', 'nonce', 'reveal', 'compare', 'storing'].includes(state.stage);
}

/** True while strangers may connect, be it to hear that it is busy: else the pairing's protocol is not even offered. */
export function takesWires(state: PairingState): boolean {
  return sideOf(state) === 'listener' && (state.stage === 'listening' || isBusy(state));
}

export function sideOf(state: PairingState): Side {
  switch (state.stage) {
    case 'dialling':
    case 'nonce':
      return 'dialler';
    case 'compare':
    case 'storing':
    case 'done':
    case 'failed':
      return state.side;
    case 'idle':
    case 'listening':
    case 'commit':
    case 'reveal':
      return 'listener';
  }
}
