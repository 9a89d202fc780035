import type { Disposable } from '../../platform/clock.ts';
import type { BeatFacts } from '../ports.ts';
import type { BeatPorts } from './beat-ports.ts';
import type { BeatSocket, Endpoint } from './beat-socket.ts';
import type { Channel } from './channel.ts';
import type { BeatBody } from './beat-body.ts';
import type { ByeBody, Message } from './datagram.ts';
import {
  detect,
  echoStallMs,
  OWN_PAUSE_MS,
  silenceMs,
  startDetector,
  type DetectorInput,
  type DetectorState,
} from './detector.ts';
import type { Farewell } from './farewell.ts';
import { isSameSleep, withPause, type PauseRecord } from './own-pauses.ts';
import type { Pace } from './pace.ts';
import type { Heard } from './quality.ts';
import { noGaps, type GapHistory } from './seen-gaps.ts';

/** How long the keys of a session before are still heard (research/link.md 5). */
export const OLD_KEYS_MS = 5000;

/** What the heartbeat remembers between two turns. Only the files of this folder touch it. */
export interface Heart {
  readonly ports: BeatPorts;
  detector: DetectorState;
  /** Current first; those before until they expire. */
  channels: { readonly channel: Channel; readonly expiresAtMs: number }[];
  socket: BeatSocket | null;
  route: { readonly own: Endpoint; readonly peer: Endpoint } | null;
  /** A socket that could not be bound is tried again then. */
  reopenAtMs: number | null;
  /** Why it could not be bound, as last told. */
  unboundCode: string | null;
  pace: Pace;
  timer: Disposable | null;
  farewell: Farewell | null;
  resumedAtMs: number | null;
  pauses: readonly PauseRecord[];
  gaps: GapHistory;
  /** Of the current session. */
  heard: Heard[];
  rttMs: number | null;
  peerFacts: BeatFacts | null;
  lastBye: { readonly bye: ByeBody; readonly atMs: number } | null;
  lastLeaveId: number | null;
  /** Who waits for which acknowledgement, by `ackKey`. */
  readonly acks: Map<string, () => void>;
  disposed: boolean;
}

export function startHeart(ports: BeatPorts): Heart {
  const nowMs = ports.clock.monotonicMs();
  return {
    ...noPeer(ports),
    ports,
    unboundCode: null,
    pace: { beatDueMs: nowMs, probeDueMs: nowMs },
    timer: null,
    resumedAtMs: null,
    pauses: [],
    acks: new Map(),
    disposed: false,
  };
}

/** All that is of the other Mac: before the first session, and after unpairing. */
export function noPeer({ clock, limits }: BeatPorts) {
  return {
    detector: startDetector(clock.monotonicMs(), limits()),
    channels: [],
    socket: null,
    route: null,
    reopenAtMs: null,
    farewell: null,
    gaps: noGaps,
    heard: [],
    rttMs: null,
    peerFacts: null,
    lastBye: null,
    lastLeaveId: null,
  } satisfies Partial<Heart>;
}

export function intervalMs({ ports }: Heart): number {
  const { beatMs, beatOnBatteryMs } = ports.limits();
  return ports.onBattery() ? Math.max(beatMs, beatOnBatteryMs) : beatMs;
}

/** The one place where the detector steps: own pauses are noticed before, changes of phase told after. */
export function feed(heart: Heart, input: DetectorInput): void {
  const before = heart.detector;
  if (input.kind === 'tick') noticePause(heart, before.tickedAtMs, input.atMs);
  // After an own good-bye nothing is judged: nobody answers one who left.
  if (heart.farewell !== null && input.kind !== 'session' && input.kind !== 'resumed') {
    if (input.kind === 'tick') heart.detector = { ...before, tickedAtMs: input.atMs };
    return;
  }
  const state = detect(before, input, heart.ports.limits());
  heart.detector = state;
  // A flood of hints is not for the disk.
  if (state !== before || input.kind !== 'hint') heart.ports.record?.(input, state.phase);
  if (state.phase === before.phase) return;
  heart.pace = { ...heart.pace, probeDueMs: input.atMs };
  heart.ports.events.onPhase({
    phase: state.phase,
    before: before.phase,
    atMs: input.atMs,
    silenceMs: silenceMs(state, input.atMs),
    echoStallMs: echoStallMs(state, input.atMs),
    cause: state.cause,
    byeReason: state.byeReason,
  });
}

function noticePause(heart: Heart, tickedAtMs: number | null, nowMs: number): void {
  const lastedMs = tickedAtMs === null ? 0 : nowMs - tickedAtMs;
  if (lastedMs <= OWN_PAUSE_MS) return;
  const pause = { endedAtMs: nowMs, lastedMs, slept: isSameSleep(heart.resumedAtMs, nowMs) };
  heart.pauses = withPause(heart.pauses, pause);
  if (heart.farewell !== null) heart.farewell = { ...heart.farewell, wokeAtMs: nowMs };
  heart.ports.events.onOwnPause({ agoMs: 0, lastedMs, slept: pause.slept });
}

/** Seals and sends, by `sender` unless told. @returns its sequence number, null when it could not */
export function send(heart: Heart, message: Message, channel = sender(heart)): number | null {
  if (channel === undefined || heart.socket === null) return null;
  const { datagram, seq } = channel.seal(message, heart.ports.clock.monotonicMs());
  heart.socket.send(datagram);
  return seq;
}

/**
 * By which session this side speaks: the newest that the other side surely has. Who was dialled knows that only from
 * a datagram of it, since WELCOME may be late or lost; without any such session, the newest.
 */
export function sender({ channels, ports }: Heart): Channel | undefined {
  const nowMs = ports.clock.monotonicMs();
  const sure = channels.find(({ channel, expiresAtMs }) => expiresAtMs > nowMs && isShared(channel));
  return (sure ?? channels[0])?.channel;
}

/** The other side has its keys: it was dialled from here, or it was heard. */
export function isShared(channel: Channel): boolean {
  return !channel.incoming || channel.newest().seq > 0;
}

/** Sequence numbers belong to a session. */
export function ackKey(channel: Channel, seq: number): string {
  return `${channel.sessionId} ${seq}`;
}

/** What every beat and probe says. */
export function beatBody(heart: Heart, channel = sender(heart)): BeatBody {
  const newest = channel?.newest();
  const heldMs = heart.ports.clock.monotonicMs() - (newest?.atMs ?? 0);
  return {
    intervalMs: intervalMs(heart),
    echoSeq: newest?.seq ?? 0,
    echoAgeMs: newest === undefined || newest.seq === 0 ? 0 : heldMs,
    facts: heart.ports.facts(),
  };
}
