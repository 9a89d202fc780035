import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { ByeReason } from '../../../src-shared/world/peer.ts';
import { BEAT_BYTES, readBeat, writeBeat, type BeatBody } from './beat-body.ts';

/**
 * The datagrams: header 16 bytes (version u8, type u8, session u64, seq u48; authenticated), body (AES-256-GCM,
 * nonce = 6 zero bytes and seq), tag 16 bytes. All integers big-endian. At most 80 bytes.
 */

export const MAX_DATAGRAM_BYTES = 80;
/** Of LEAVE_NOW: the hand-off's own bytes, carried and not understood. */
export const MAX_LEAVE_BYTES = 24;
const VERSION = 1;
const SESSION_AT = 2;
const SEQ_AT = 10;
const HEADER_BYTES = 16;
const TAG_BYTES = 16;
const BYE_BYTES = 6;
const LEAVE_HEAD_BYTES = 5;
const UNKNOWN_SECONDS = 0xff_ff_ff_ff;
const MAX_SEQ = 2 ** 48 - 1;

const TYPES = { hb: 1, probe: 2, probeAck: 3, bye: 4, leaveNow: 5, ack: 6 } as const;
const REASONS: readonly ByeReason[] = [
  'sleep',
  'shutdown',
  'lowBattery',
  'userStop',
  'quit',
  'update',
  'otherNetwork',
];

export interface ByeBody {
  readonly reason: ByeReason;
  readonly drainDone: boolean;
  readonly expectReturnSeconds: number | null;
}

export type Message =
  | { readonly type: 'hb' | 'probe' | 'probeAck'; readonly beat: BeatBody }
  | ({ readonly type: 'bye' } & ByeBody)
  /** `id` is the same in every repetition. */
  | { readonly type: 'leaveNow'; readonly id: number; readonly payload: Buffer }
  | { readonly type: 'ack'; readonly ackedSeq: number };

/** The part in the clear: whose datagram it claims to be. */
export interface DatagramHeader {
  readonly sessionId: bigint;
  readonly seq: number;
}

/** Null for what cannot be a datagram of this protocol. */
export function readHeader(datagram: Buffer): DatagramHeader | null {
  if (datagram.length < HEADER_BYTES + TAG_BYTES || datagram.length > MAX_DATAGRAM_BYTES) return null;
  if (datagram[0] !== VERSION) return null;
  const seq = datagram.readUIntBE(SEQ_AT, 6);
  return seq === 0 ? null : { sessionId: datagram.readBigUInt64BE(SESSION_AT), seq };
}

/** @param seq 1 to 2^48 - 1, never used before with this key: GCM breaks when it is */
export function sealDatagram(message: Message, { sessionId, seq }: DatagramHeader, key: Buffer): Buffer {
  if (!Number.isSafeInteger(seq) || seq < 1 || seq > MAX_SEQ) throw new RangeError('seq');
  const body = bodyOf(message);
  const tagAt = HEADER_BYTES + body.length;
  const datagram = Buffer.allocUnsafe(tagAt + TAG_BYTES);
  datagram[0] = VERSION;
  datagram[1] = TYPES[message.type];
  datagram.writeBigUInt64BE(sessionId, SESSION_AT);
  datagram.writeUIntBE(seq, SEQ_AT, 6);
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(datagram));
  cipher.setAAD(datagram.subarray(0, HEADER_BYTES));
  datagram.set(cipher.update(body), HEADER_BYTES);
  // GCM is a stream: nothing is left for the end.
  cipher.final();
  datagram.set(cipher.getAuthTag(), tagAt);
  return datagram;
}

/** What it says; null when it was not made with this key, was changed, or makes no sense. Never throws. */
export function openDatagram(datagram: Buffer, key: Buffer): Message | null {
  if (readHeader(datagram) === null) return null;
  const tagAt = datagram.length - TAG_BYTES;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(datagram));
    decipher.setAAD(datagram.subarray(0, HEADER_BYTES));
    decipher.setAuthTag(datagram.subarray(tagAt));
    const body = decipher.update(datagram.subarray(HEADER_BYTES, tagAt));
    // Throws when it is not authentic: until then nothing of it is believed.
    decipher.final();
    return readBody(datagram[1], body);
  } catch {
    return null;
  }
}

/** Filled anew for each datagram: a cipher copies it at once. */
const nonce = Buffer.alloc(12);

/** Unique for as long as seq is. */
function nonceOf(datagram: Buffer): Buffer {
  for (let at = SEQ_AT; at < HEADER_BYTES; at += 1) nonce[at - SEQ_AT + 6] = datagram[at] ?? 0;
  return nonce;
}

function bodyOf(message: Message): Buffer {
  switch (message.type) {
    case 'hb':
    case 'probe':
    case 'probeAck':
      return writeBeat(message.beat);
    case 'bye':
      return writeBye(message);
    case 'leaveNow':
      return writeLeave(message.id, message.payload);
    default: {
      const body = Buffer.alloc(6);
      body.writeUIntBE(message.ackedSeq, 0, 6);
      return body;
    }
  }
}

function readBody(type: number | undefined, body: Buffer): Message | null {
  switch (type) {
    case TYPES.hb:
    case TYPES.probe:
    case TYPES.probeAck: {
      const name = type === TYPES.hb ? 'hb' : type === TYPES.probe ? 'probe' : 'probeAck';
      return body.length === BEAT_BYTES ? { type: name, beat: readBeat(body) } : null;
    }
    case TYPES.bye:
      return readBye(body);
    case TYPES.leaveNow:
      return readLeave(body);
    case TYPES.ack:
      return body.length === 6 ? { type: 'ack', ackedSeq: body.readUIntBE(0, 6) } : null;
    default:
      return null;
  }
}

function writeBye({ reason, drainDone, expectReturnSeconds }: ByeBody): Buffer {
  const body = Buffer.alloc(BYE_BYTES);
  body[0] = REASONS.indexOf(reason);
  body[1] = drainDone ? 1 : 0;
  const seconds = expectReturnSeconds === null ? UNKNOWN_SECONDS : Math.round(expectReturnSeconds);
  body.writeUInt32BE(Math.min(UNKNOWN_SECONDS, Math.max(0, seconds)), 2);
  return body;
}

function readBye(body: Buffer): Message | null {
  const reason = REASONS[body[0] ?? -1];
  if (body.length !== BYE_BYTES || reason === undefined) return null;
  const seconds = body.readUInt32BE(2);
  return {
    type: 'bye',
    reason,
    drainDone: body[1] === 1,
    expectReturnSeconds: seconds === UNKNOWN_SECONDS ? null : seconds,
  };
}

function writeLeave(id: number, payload: Buffer): Buffer {
  if (payload.length > MAX_LEAVE_BYTES) throw new RangeError('payload');
  const body = Buffer.alloc(LEAVE_HEAD_BYTES + payload.length);
  body.writeUInt32BE(id, 0);
  body[4] = payload.length;
  payload.copy(body, LEAVE_HEAD_BYTES);
  return body;
}

function readLeave(body: Buffer): Message | null {
  if (body.length < LEAVE_HEAD_BYTES || body.length > LEAVE_HEAD_BYTES + MAX_LEAVE_BYTES) return null;
  if (body[4] !== body.length - LEAVE_HEAD_BYTES) return null;
  return {
    type: 'leaveNow',
    id: body.readUInt32BE(0),
    payload: Buffer.from(body.subarray(LEAVE_HEAD_BYTES)),
  };
}
