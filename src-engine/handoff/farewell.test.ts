import { expect, test } from 'vitest';
import { handoff } from '../../test/doubles/handoff-parts.ts';
import type { LeaveReason } from '../../src-shared/world/handoff.ts';
import { farewellOf } from './farewell.ts';

const because = (name: LeaveReason['name'], level: LeaveReason['level'] = 'drain', safe = true) =>
  handoff({
    state: 'OFFLINE',
    safeToCloseLid: safe,
    reasons: [{ name, level, since: '2026-03-02T09:30:00.000Z', detail: null }],
  });

test('an edge whose drain is over says so, and why it left', () => {
  expect(farewellOf('sleep', 'edge', because('battery'))).toEqual({ reason: 'lowBattery', drainDone: true });
  expect(farewellOf('quit', 'edge', because('user'))).toEqual({ reason: 'userStop', drainDone: true });
  expect(farewellOf('sleep', 'edge', because('user'))).toEqual({ reason: 'sleep', drainDone: true });
  expect(farewellOf('quit', 'edge', because('thermal'))).toEqual({ reason: 'quit', drainDone: true });
});

test('who still serves, or is no edge, says no more than what happens', () => {
  expect(farewellOf('sleep', 'edge', because('battery', 'drain', false))).toEqual({
    reason: 'sleep',
    drainDone: false,
  });
  expect(farewellOf('quit', 'core', because('user'))).toEqual({ reason: 'quit', drainDone: false });
  expect(farewellOf('quit', 'single', null)).toEqual({ reason: 'quit', drainDone: false });
});

test('a warning is no departure, and another network is no battery', () => {
  expect(farewellOf('sleep', 'edge', because('battery', 'warn')).reason).toBe('sleep');
  expect(farewellOf('otherNetwork', 'edge', because('battery')).reason).toBe('otherNetwork');
});
