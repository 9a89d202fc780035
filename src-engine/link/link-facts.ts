import type { ByeReason } from '../../src-shared/world/peer.ts';
import type { BeatNow } from './beat/beat-ports.ts';
import type { LinkFacts } from './classify/looks.ts';

/** A change of address, of either Mac, at a monotonic time. */
export interface Moved {
  readonly who: 'self' | 'peer';
  readonly from: string;
  readonly to: string;
  readonly atMs: number;
}

export interface SendError {
  readonly code: string;
  readonly atMs: number;
}

/** A send that fails is tried again within 1.25 s (beat/turn.ts): an older failure says nothing of now. */
const SEND_ERROR_MS = 2000;
/** A move is news for so long; then what is weak in the link shows again. */
const MOVED_MS = 60_000;

export interface FactSources {
  readonly os: NodeJS.Platform;
  readonly limits: { readonly decideMs: number; readonly suspectMs: number };
  readonly nowMs: number;
  readonly beat: BeatNow;
  readonly sessionUp: boolean;
  readonly bye: ByeReason | null;
  /** The newest failure of a send: an errno, and when (monotonic). */
  readonly sendError: SendError | null;
  readonly moved: Moved | null;
  readonly gatewayUsuallyAnswers: boolean | null;
}

/** What the link knows without looking anywhere, in the words of the classification. */
export function linkFacts({ os, limits, nowMs, beat, ...facts }: FactSources): LinkFacts {
  const inSilence = beat.pauses.filter(({ agoMs }) => agoMs < (beat.silenceMs ?? 0));
  const newestAgoMs = Math.min(...beat.pauses.map(({ agoMs }) => agoMs));
  return {
    platform: os,
    decideMs: limits.decideMs,
    suspectMs: limits.suspectMs,
    silentMs: beat.silenceMs,
    freshBeats: beat.silenceMs === null ? null : beat.silenceMs < limits.suspectMs,
    echoStalledMs: beat.echoStallMs,
    ownPauseMs: inSilence.length === 0 ? null : inSilence.reduce((sum, { lastedMs }) => sum + lastedMs, 0),
    resumedAgoMs: Number.isFinite(newestAgoMs) ? newestAgoMs : null,
    bye: facts.bye,
    sessionUp: facts.sessionUp,
    ownSendError: isRecent(facts.sendError, nowMs, SEND_ERROR_MS) ? facts.sendError.code : null,
    addressChanged: isRecent(facts.moved, nowMs, MOVED_MS) ? changeOf(facts.moved, nowMs) : null,
    neverSeen: beat.silenceMs === null,
    peerFacts: beat.peerFacts,
    // No tunnel yet: its room will tell.
    tunnel: null,
    gatewayUsuallyAnswers: facts.gatewayUsuallyAnswers,
  };
}

function isRecent<T extends { readonly atMs: number }>(
  event: T | null,
  nowMs: number,
  withinMs: number,
): event is T {
  return event !== null && nowMs - event.atMs < withinMs;
}

function changeOf({ who, from, to, atMs }: Moved, nowMs: number): LinkFacts['addressChanged'] {
  return { who, from, to, agoMs: nowMs - atMs };
}
