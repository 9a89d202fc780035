import { V1MicroTime } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { isDead } from './dead-lease.ts';

const STARTED = new Date('2026-03-01T10:00:20.500Z');
const nodes = new Map([['lab-control-plane', STARTED]]);
const lease = (holderIdentity: string, renewedAt: string) => ({
  spec: { holderIdentity, renewTime: new V1MicroTime(renewedAt) },
});
const UUID = 'd1a0e6c2-3a07-4a3c-9e7f-0d8a5f0b1c22';

test('whoever renewed before its node was started has ended with it', () => {
  expect(isDead(lease(`lab-control-plane_${UUID}`, '2026-03-01T10:00:20.499Z'), nodes)).toBe(true);
});

test('whoever has renewed since lives', () => {
  expect(isDead(lease(`lab-control-plane_${UUID}`, '2026-03-01T10:00:20.500Z'), nodes)).toBe(false);
});

test.each([`lab-control-plane2_${UUID}`, `other_${UUID}`, UUID, 'lab-control-plane', ''])(
  'a holder on no node that is known is left alone: %s',
  (holder) => {
    expect(isDead(lease(holder, '2020-01-01T00:00:00Z'), nodes)).toBe(false);
  },
);

test('a lease that nobody holds, or that was never renewed, has no dead holder', () => {
  expect(isDead({}, nodes)).toBe(false);
  expect(isDead({ spec: { holderIdentity: `lab-control-plane_${UUID}` } }, nodes)).toBe(false);
});
