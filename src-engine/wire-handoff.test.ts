import { expect, test } from 'vitest';
import { reason, vitals, worlds } from '../test/doubles/worlds.ts';
import { handoffMessageSchema, type HandoffMessage } from '../src-shared/handoff-messages.ts';
import { unknownVitals, type Vitals } from '../src-shared/world/vitals.ts';
import type { World } from '../src-shared/world/world.ts';
import { readLeaveNow } from './handoff/leave-now-bytes.ts';
import { courierOver, stageFact } from './wire-handoff.ts';

const [some] = Object.values<World>(worlds);
const host = (change: Partial<Vitals>) => ({ host: { ...some!.host, vitals: vitals(change) } });

test('an engine that has read nothing yet knows of no stage', () => {
  expect(stageFact({ host: { ...some!.host, vitals: unknownVitals } })).toBeNull();
  expect(stageFact(host({ stage: 'ok', reasons: [] }))).toEqual({ stage: 'ok', reasons: [] });
  const reasons = [reason()];
  expect(stageFact(host({ stage: 'drain', reasons }))).toEqual({ stage: 'drain', reasons });
});

const leaveNow: HandoffMessage = {
  type: 'LEAVE_NOW',
  handoffId: 'h',
  epoch: 1,
  seq: 2,
  reason: { name: 'suspend', level: 'forced', since: '2026-03-02T09:30:00.000Z', detail: null },
};

test('LEAVE_NOW goes by both ways with the same seq; true only when the datagram was acknowledged', async () => {
  const frames: unknown[] = [];
  const datagrams: Buffer[] = [];
  const courier = (acked: boolean) =>
    courierOver({
      send: (payload) => frames.push(payload) > 0,
      leaveNow: async (payload) => {
        datagrams.push(payload);
        return acked;
      },
    });
  expect(await courier(true).leaveNow(leaveNow)).toBe(true);
  expect(await courier(false).leaveNow(leaveNow)).toBe(false);
  expect(handoffMessageSchema.parse(frames[0])).toEqual(leaveNow);
  expect(readLeaveNow(datagrams[0]!, () => 'h')).toEqual(leaveNow);
});
