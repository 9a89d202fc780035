import { assertNever } from '../../../src-shared/assert-never.ts';
import { sameFacts } from './beat-body.ts';
import { silenceMs } from './detector.ts';
import { ackKey, beatBody, feed, isShared, OLD_KEYS_MS, send, type Heart } from './heart.ts';
import type { Channel, Opened } from './channel.ts';
import type { ByeBody, Message } from './datagram.ts';
import { noteHeard } from './quality.ts';
import { smoothedRtt } from './rtt.ts';
import { withGap } from './seen-gaps.ts';

/** A good-bye is said several times, by datagram and by TLS. */
const SAME_BYE_MS = 5000;

/**
 * A datagram from the socket: junk until a session's key says otherwise.
 *
 * @returns what it was; null: junk
 */
export function hear(heart: Heart, datagram: Buffer): Message['type'] | null {
  const nowMs = heart.ports.clock.monotonicMs();
  for (const { channel, expiresAtMs } of heart.channels) {
    const wasShared = isShared(channel);
    const opened = expiresAtMs > nowMs ? channel.open(datagram, nowMs) : null;
    if (opened === null) continue;
    if (!wasShared) retireOlder(heart, channel, nowMs);
    authentic(heart, channel, opened, nowMs);
    return opened.message.type;
  }
  return null;
}

/** The other side has the new keys, so those before are needed only for what is under way. */
function retireOlder(heart: Heart, channel: Channel, nowMs: number): void {
  const index = heart.channels.findIndex((kept) => kept.channel === channel);
  heart.channels = heart.channels.map((kept, at) =>
    at > index ? { ...kept, expiresAtMs: Math.min(kept.expiresAtMs, nowMs + OLD_KEYS_MS) } : kept,
  );
}

function authentic(heart: Heart, channel: Channel, { message, seq }: Opened, nowMs: number): void {
  // Word that this Mac left crossed theirs; what they say now is for the next session.
  if (heart.farewell !== null && message.type !== 'ack') return;
  switch (message.type) {
    case 'hb':
    case 'probe':
    case 'probeAck':
      beaten(heart, channel, { message, seq }, nowMs);
      return;
    case 'bye':
      heardBye(heart, message);
      return;
    case 'leaveNow':
      heardLeave(heart, channel, { message, seq });
      return;
    case 'ack':
      heart.acks.get(ackKey(channel, message.ackedSeq))?.();
      return;
    default:
      assertNever(message);
  }
}

type BeatMessage = Extract<Message, { type: 'hb' | 'probe' | 'probeAck' }>;

function beaten(
  heart: Heart,
  channel: Channel,
  { message, seq }: { message: BeatMessage; seq: number },
  nowMs: number,
): void {
  const { beat } = message;
  // Silence after a good-bye is no gap.
  const gapMs = heart.detector.phase === 'left' ? null : silenceMs(heart.detector, nowMs);
  if (gapMs !== null) heart.gaps = withGap(heart.gaps, nowMs, gapMs);
  if (channel === heart.channels[0]?.channel) noteHeard(heart.heard, { atMs: nowMs, seq, gapMs });
  const echo = channel.echoed(beat.echoSeq);
  if (echo !== null && echo.sentAtMs !== null)
    heart.rttMs = smoothedRtt(heart.rttMs, {
      sentAtMs: echo.sentAtMs,
      heardAtMs: nowMs,
      heldMs: beat.echoAgeMs,
    });
  // By the session it came in: the other side may not know a newer one yet.
  if (message.type === 'probe') send(heart, { type: 'probeAck', beat: beatBody(heart, channel) }, channel);
  feed(heart, {
    kind: 'arrival',
    atMs: nowMs,
    echoSeqAdvanced: echo !== null,
    echoAgeMs: beat.echoAgeMs,
    beat: message.type === 'hb',
    peerIntervalMs: beat.intervalMs > 0 ? beat.intervalMs : null,
  });
  if (heart.peerFacts === null || !sameFacts(heart.peerFacts, beat.facts)) {
    heart.peerFacts = beat.facts;
    heart.ports.events.onFacts(beat.facts);
  }
}

export function heardBye(heart: Heart, { reason, drainDone, expectReturnSeconds }: ByeBody): void {
  const atMs = heart.ports.clock.monotonicMs();
  const last = heart.lastBye;
  const bye = { reason, drainDone, expectReturnSeconds };
  heart.lastBye = { bye, atMs };
  if (last !== null && last.bye.reason === reason && atMs - last.atMs < SAME_BYE_MS) return;
  feed(heart, { kind: 'bye', atMs, reason });
  heart.ports.events.onBye(bye);
}

type LeaveMessage = Extract<Message, { type: 'leaveNow' }>;

function heardLeave(
  heart: Heart,
  channel: Channel,
  { message: { id, payload }, seq }: { message: LeaveMessage; seq: number },
): void {
  send(heart, { type: 'ack', ackedSeq: seq }, channel);
  if (id === heart.lastLeaveId) return;
  heart.lastLeaveId = id;
  heart.ports.events.onLeaveNow(payload);
}
