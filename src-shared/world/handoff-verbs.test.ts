import { expect, test } from 'vitest';
import { handoff, leaveReason } from '../../test/doubles/handoff-parts.ts';
import { firstReason, handoffVerbs } from './handoff-verbs.ts';
import { handoffStateSchema, type HandoffState } from './handoff.ts';

const verbs = (state: HandoffState, change: Parameters<typeof handoff>[0] = {}) =>
  handoffVerbs(handoff({ state, ...change }));

test('a countdown has three choices; without one only leaving is left', () => {
  expect(verbs('WARNED', { countdownEndsAt: '2026-03-02T09:30:40.000Z' })).toEqual([
    'leave',
    'delay',
    'cancel',
  ]);
  expect(verbs('WARNED')).toEqual(['leave']);
  expect(verbs('WARNED', { delayedUntil: '2026-03-02T09:40:00.000Z' })).toEqual(['leave', 'cancel']);
});

test('a departure can be called off until its end is promised, unless it must be', () => {
  const byPerson = [leaveReason({ name: 'user', level: 'forced' })];
  const byBattery = [leaveReason({ level: 'forced' })];
  for (const state of ['PREPARING', 'SHIFTING', 'VERIFYING', 'DRAINING'] as const) {
    expect(verbs(state)).toEqual(['cancel']);
    expect(verbs(state, { reasons: byPerson })).toEqual(['cancel']);
    expect(verbs(state, { reasons: byBattery })).toEqual([]);
  }
  expect(verbs('RELEASED')).toEqual([]);
});

test('nobody is offered to leave twice, nor to return while serving', () => {
  for (const state of handoffStateSchema.options) {
    const offered = verbs(state);
    if (['OFFLINE', 'LOST', 'RELEASED'].includes(state)) expect(offered, state).not.toContain('leave');
    if (['SERVING', 'WARNED', 'SUSPECT'].includes(state)) expect(offered, state).not.toContain('return');
  }
});

test('the most serious reason speaks, then the oldest', () => {
  const older = leaveReason({ name: 'thermal', since: '2026-03-02T09:00:00.000Z' });
  const newer = leaveReason({ name: 'battery', since: '2026-03-02T09:20:00.000Z' });
  const forced = leaveReason({ name: 'shutdown', level: 'forced', since: '2026-03-02T09:29:00.000Z' });
  expect(firstReason({ reasons: [newer, older] })?.name).toBe('thermal');
  expect(firstReason({ reasons: [newer, older, forced] })?.name).toBe('shutdown');
  expect(firstReason({ reasons: [] })).toBeNull();
});
