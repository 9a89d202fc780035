import { expect, test } from 'vitest';
import type { HandoffMessage } from '../../src-shared/handoff-messages.ts';
import { reasonNameSchema } from '../../src-shared/world/handoff.ts';
import { leaveNowBytes, readLeaveNow } from './leave-now-bytes.ts';

type LeaveNow = Extract<HandoffMessage, { type: 'LEAVE_NOW' }>;
const message = (change: Partial<LeaveNow> = {}): LeaveNow => ({
  type: 'LEAVE_NOW',
  handoffId: 'h-7',
  epoch: 7,
  seq: 4_000_000_000,
  reason: { name: 'suspend', level: 'forced', since: '2026-11-30T04:00:00.123Z', detail: null },
  ...change,
});

test('every reason and level comes out as it went in, within the 24 bytes of the datagram', () => {
  for (const name of reasonNameSchema.options)
    for (const level of ['warn', 'drain', 'forced'] as const) {
      const sent = message({ reason: { ...message().reason, name, level } });
      const bytes = leaveNowBytes(sent);
      expect(bytes.length).toBeLessThanOrEqual(24);
      expect(readLeaveNow(bytes, (epoch) => `h-${epoch}`)).toEqual(sent);
    }
});

test('what a person wrote stays out, and an unknown departure has no id', () => {
  const sent = message({ reason: { ...message().reason, detail: 'to the train' } });
  expect(readLeaveNow(leaveNowBytes(sent), () => '')).toMatchObject({
    handoffId: '',
    epoch: 7,
    reason: { detail: null },
  });
});

test('a clock that is not set is no reason to say nothing', () => {
  const sent = message({ reason: { ...message().reason, since: 'never' } });
  expect(readLeaveNow(leaveNowBytes(sent), () => '')?.reason.since).toBe('1970-01-01T00:00:00.000Z');
});

test('anything else is nobody', () => {
  const good = leaveNowBytes(message());
  const changed = (at: number, value: number): Buffer => {
    const bytes = Buffer.from(good);
    bytes[at] = value;
    return bytes;
  };
  const bad = [
    Buffer.alloc(0),
    Buffer.alloc(24),
    good.subarray(1),
    Buffer.concat([good, Buffer.alloc(1)]),
    changed(0, 2),
    changed(1, reasonNameSchema.options.length),
    changed(1, 255),
    changed(2, 3),
  ];
  for (const bytes of bad) expect(readLeaveNow(bytes, () => '')).toBeNull();
});
