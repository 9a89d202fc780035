import type { Settings } from '../../../src-shared/settings.ts';
import type { ByeReason, LinkState } from '../../../src-shared/world/peer.ts';
import type { Clock, Scheduler } from '../../platform/clock.ts';
import type { BeatFacts, OwnPause, SeenGap, Session } from '../ports.ts';
import type { Endpoint, OpenBeatSocket } from './beat-socket.ts';
import type { ByeBody } from './datagram.ts';
import type { DetectorInput, DownCause } from './detector.ts';
import type { LinkQuality } from './quality.ts';

/** A change of phase, with what it stands on. */
export interface Detection {
  readonly phase: LinkState;
  readonly before: LinkState;
  /** Monotonic. */
  readonly atMs: number;
  readonly silenceMs: number | null;
  readonly echoStallMs: number | null;
  /** Only with `down`. */
  readonly cause: DownCause | null;
  /** Only with `left`. */
  readonly byeReason: ByeReason | null;
}

export interface BeatEvents {
  onPhase(detection: Detection): void;
  /** Once for each good-bye, by whichever way it came first. */
  onBye(bye: ByeBody): void;
  /** Once for each LEAVE_NOW. */
  onLeaveNow(payload: Buffer): void;
  /** What the other Mac says of itself changed. */
  onFacts(facts: BeatFacts): void;
  /** This process stood still. */
  onOwnPause(pause: OwnPause): void;
  /** ENETUNREACH and the like: evidence about this Mac. Also when the socket cannot be bound. */
  onSendError(code: string): void;
  /**
   * The UDP port cannot be had: EADDRINUSE, EACCES, or EADDRNOTAVAIL when the address went away. Once for each
   * change; null: it is bound again, or no longer wanted. Tried again each second meanwhile.
   */
  onUnbound(code: string | null): void;
}

export interface BeatPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  facts(): BeatFacts;
  limits(): Settings['link'];
  onBattery(): boolean;
  readonly events: BeatEvents;
  /** Every input of the detector, for the trace. */
  readonly record?: (input: DetectorInput, phase: LinkState) => void;
  /** Test doubles only. */
  readonly openSocket?: OpenBeatSocket;
  /** Runs a task once what waits in the sockets was read; `setImmediate` by default. */
  readonly afterPoll?: (task: () => void) => void;
}

export interface BeatNow {
  readonly phase: LinkState;
  /** Monotonic. */
  readonly phaseSinceMs: number;
  readonly cause: DownCause | null;
  readonly silenceMs: number | null;
  readonly echoStallMs: number | null;
  readonly rttMs: number | null;
  readonly quality: LinkQuality | null;
  /** For HELLO: the newest datagram of the session that stands or stood last. */
  readonly lastSeqSeen: number | null;
  readonly peerFacts: BeatFacts | null;
  readonly pauses: OwnPause[];
  /** Silences over a second, the one that lasts included. */
  readonly gaps: SeenGap[];
  /** The longest gap of each 5 s of the last ten minutes, oldest first; null: nothing arrived. */
  readonly gapSeries: (number | null)[];
  /** Sends that a full queue took. */
  readonly droppedSends: number;
}

export interface Beat {
  /**
   * A session is current: its keys are heard from now on, those before for 5 s more. Who was dialled speaks by those
   * before until it has heard the new ones, and the 5 s begin then; after 10 s they end all the same.
   * Called again with the same session it only moves the socket.
   */
  setSession(session: Session, own: Endpoint, peer: Endpoint): void;
  /** The TCP connection is gone; datagrams go on with its keys. */
  clearSession(): void;
  /** Unpaired: nothing is sent or believed any more, and the state is `never`. */
  forget(): void;
  /** Three datagrams, gone when this returns. Nothing is sent afterwards until a session, `resumed`, or it is plain that this Mac stayed. */
  bye(bye: ByeBody): void;
  /** A BYE that came over TLS. */
  heardBye(bye: ByeBody): void;
  /** @param payload at most 24 bytes @returns whether the other Mac acknowledged within 1 s */
  leaveNow(payload: Buffer): Promise<boolean>;
  /** The system woke up. */
  resumed(): void;
  /** FIN, RST or a refused connection: looked at once nothing was heard for a beat and 100 ms. */
  hint(): void;
  /** Probes say that the other Mac's program is gone. */
  crashed(): void;
  now(): BeatNow;
  dispose(): void;
}
