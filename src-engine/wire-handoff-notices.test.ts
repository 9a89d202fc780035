import { expect, test } from 'vitest';
import type { Handoff } from '../src-shared/world/handoff.ts';
import { handoff, leaveReason, step } from '../test/doubles/handoff-parts.ts';
import { handoffHappenings } from './wire-handoff-notices.ts';

const kinds = (before: Handoff | null, now: Handoff | null, role: 'core' | 'edge' | 'single' = 'edge') =>
  handoffHappenings(before, now, role).map((one) => (one.type === 'handoff' ? one.kind : one.type));
const serving = handoff();
const countdown = handoff({
  state: 'WARNED',
  countdownEndsAt: '2026-03-02T09:30:40.000Z',
  reasons: [leaveReason()],
});
const draining = handoff({ state: 'DRAINING' });
const released = handoff({
  state: 'RELEASED',
  safeToCloseLid: true,
  steps: [step('DRAINING', { facts: { requestsMoved: 3214, cut: 0 } })],
});
const offline = handoff({ state: 'OFFLINE', safeToCloseLid: true });
const hold = handoff({ state: 'HOLD', hold: { code: 'flapping', params: { count: 3 } } });
const lost = handoff({ state: 'LOST' });
const returning = handoff({
  state: 'RETURNING',
  returning: { share: 50, target: 80, requests: 20, requestsNeeded: 500, untilAt: null },
});

test('a planned departure: warned, and once that the lid may be closed', () => {
  expect(kinds(serving, countdown)).toEqual(['handoffWarned']);
  expect(kinds(countdown, draining)).toEqual(['settled']);
  expect(kinds(draining, released)).toEqual(['handoffMoved']);
  expect(kinds(released, offline)).toEqual([]);
  expect(handoffHappenings(serving, countdown, 'edge', 'Mac mini')[0]).toMatchObject({
    params: { side: 'edge', name: 'Mac mini', reason: 'battery', detail: '24 %' },
  });
  expect(handoffHappenings(draining, released, 'core')[0]).toMatchObject({
    params: { side: 'core', moved: 3214, cut: 0 },
  });
});

test('what was told when nothing was known before is only what waits for a person', () => {
  expect(kinds(null, hold)).toEqual(['handoffHeld']);
  expect(kinds(null, offline)).toEqual([]);
  expect(kinds(null, serving)).toEqual([]);
});

test('a hold is told with its reason until it is over', () => {
  expect(handoffHappenings(serving, hold, 'core')).toMatchObject([
    { kind: 'handoffHeld', params: { code: 'flapping', count: 3 } },
  ]);
  expect(kinds(hold, hold)).toEqual([]);
  expect(kinds(hold, serving)).toEqual(['settled']);
  expect(kinds(hold, offline)).toEqual(['settled']);
});

test('a loss is told by the core alone, and its end by the return', () => {
  const suspect = handoff({ state: 'SUSPECT' });
  expect(kinds(suspect, lost, 'core')).toEqual(['handoffLost']);
  expect(kinds(suspect, lost, 'edge')).toEqual([]);
  expect(kinds(lost, returning, 'core')).toEqual(['settled']);
  expect(kinds(returning, serving, 'core')).toEqual(['handoffReturned']);
  expect(handoffHappenings(returning, serving, 'core')).toMatchObject([{ params: { share: 80 } }]);
});

test('a return that failed is no departure', () => {
  expect(kinds(returning, offline)).toEqual([]);
});

test('an unpaired Mac forgets what waited', () => {
  expect(kinds(hold, null, 'single')).toEqual(['settled']);
  expect(kinds(serving, null, 'single')).toEqual([]);
});
