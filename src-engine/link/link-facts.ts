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

export interface FactSources {
  readonly os: NodeJS.Platform;
  readonly limits: { readonly decideMs: number; readonly suspectMs: number };
  readonly nowMs: number;
  readonly beat: BeatNow;
  readonly sessionUp: boolean;
  readonly bye: ByeReason | null;
  readonly sendError: string | null;
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
    ownSendError: facts.sendError,
    addressChanged:
      facts.moved === null
        ? null
        : {
            who: facts.moved.who,
            from: facts.moved.from,
            to: facts.moved.to,
            agoMs: nowMs - facts.moved.atMs,
          },
    neverSeen: beat.silenceMs === null,
    peerFacts: beat.peerFacts,
    // No tunnel yet: its room will tell.
    tunnel: null,
    gatewayUsuallyAnswers: facts.gatewayUsuallyAnswers,
  };
}
