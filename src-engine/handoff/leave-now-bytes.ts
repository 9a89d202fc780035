import { handoffMessageSchema, type HandoffMessage } from '../../src-shared/handoff-messages.ts';
import { reasonNameSchema, type LeaveReason } from '../../src-shared/world/handoff.ts';

/**
 * LEAVE_NOW in the 24 bytes that the link's datagram carries: format, reason, level (a byte each), epoch and seq
 * (u32), since (u48, milliseconds of wall time). Big-endian. What a person wrote stays out, and so does the id of
 * the departure: the epoch says whose word it is, and the frame that goes beside it carries both.
 */
const FORMAT = 1;
const BYTES = 17;
const levels: readonly LeaveReason['level'][] = ['warn', 'drain', 'forced'];
const names = reasonNameSchema.options;
/** The year 10889: a date still. */
const LATEST_MS = 2 ** 48 - 1;

type LeaveNow = Extract<HandoffMessage, { type: 'LEAVE_NOW' }>;

export function leaveNowBytes({ epoch, seq, reason }: LeaveNow): Buffer {
  const bytes = Buffer.alloc(BYTES);
  bytes[0] = FORMAT;
  bytes[1] = names.indexOf(reason.name);
  bytes[2] = levels.indexOf(reason.level);
  bytes.writeUInt32BE(epoch % 2 ** 32, 3);
  bytes.writeUInt32BE(seq % 2 ** 32, 7);
  const sinceMs = Date.parse(reason.since);
  bytes.writeUIntBE(Number.isFinite(sinceMs) ? Math.min(Math.max(0, sinceMs), LATEST_MS) : 0, 11, 6);
  return bytes;
}

/**
 * What the datagram says; null for anything else.
 *
 * @param handoffIdOf the id of the departure of an epoch, as far as the reader knows it
 */
export function readLeaveNow(bytes: Buffer, handoffIdOf: (epoch: number) => string): LeaveNow | null {
  if (bytes.length !== BYTES || bytes[0] !== FORMAT) return null;
  const epoch = bytes.readUInt32BE(3);
  const since = new Date(bytes.readUIntBE(11, 6)).toISOString();
  const parsed = handoffMessageSchema.safeParse({
    type: 'LEAVE_NOW',
    handoffId: handoffIdOf(epoch),
    epoch,
    seq: bytes.readUInt32BE(7),
    reason: { name: names[bytes[1] ?? -1], level: levels[bytes[2] ?? -1], since, detail: null },
  });
  return parsed.success && parsed.data.type === 'LEAVE_NOW' ? parsed.data : null;
}
