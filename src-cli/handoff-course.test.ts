import { expect, test } from 'vitest';
import { handoff, step } from '../test/doubles/handoff-parts.ts';
import type { Handoff, HandoffState } from '../src-shared/world/handoff.ts';
import { endedSteps, leaveEnd, returnEnd, type Look } from './handoff-course.ts';

const look = (now: Handoff | null, seen: readonly HandoffState[] = [], change: Partial<Look> = {}): Look => ({
  before: handoff(),
  now,
  seen: new Set(seen),
  sinceAcceptedMs: 1000,
  inStateMs: 0,
  ...change,
});
const state = (name: HandoffState) => handoff({ state: name });
const hold = { code: 'coreUnfit', params: { why: 'memory' } } as const;

test('leave: on its way it goes on, OFFLINE is its end', () => {
  for (const name of [
    'SERVING',
    'WARNED',
    'PREPARING',
    'SHIFTING',
    'VERIFYING',
    'DRAINING',
    'RELEASED',
  ] as const)
    expect(leaveEnd(look(state(name))), name).toBe('goesOn');
  expect(leaveEnd(look(state('OFFLINE'), ['DRAINING']))).toBe('done');
});

test('leave: the last step is waited for, but not long', () => {
  const last = handoff({
    state: 'OFFLINE',
    steps: [step('OFFLINE', { outcome: 'running', elapsedMs: null })],
  });
  expect(leaveEnd(look(last, [], { inStateMs: 2900 }))).toBe('goesOn');
  expect(leaveEnd(look(last, [], { inStateMs: 3000 }))).toBe('done');
});

test('leave: cancelled, held, lost and unpaired each end it by name', () => {
  expect(leaveEnd(look(state('SERVING'), ['PREPARING']))).toMatchObject({ code: 'cancelled' });
  expect(leaveEnd(look(state('RETURNING'), ['DRAINING']))).toMatchObject({ code: 'cancelled' });
  expect(leaveEnd(look(handoff({ state: 'HOLD', since: 'later', hold })))).toEqual(hold);
  expect(leaveEnd(look(handoff({ state: 'SERVING', hold })))).toEqual(hold);
  expect(leaveEnd(look(state('LOST')))).toMatchObject({ code: 'peerSilent' });
  expect(leaveEnd(look(null))).toMatchObject({ code: 'singleMac' });
});

test('what held it before the verb came has time to end', () => {
  const held = handoff({ state: 'HOLD', hold });
  const at = (sinceAcceptedMs: number) => leaveEnd(look(held, ['HOLD'], { before: held, sinceAcceptedMs }));
  expect(at(1000)).toBe('goesOn');
  expect(at(16_000)).toEqual(hold);
});

test('return: OFFLINE and RETURNING go on until SERVING; back out again is a failure', () => {
  expect(returnEnd(look(state('OFFLINE')))).toBe('goesOn');
  expect(returnEnd(look(state('RETURNING'), ['OFFLINE']))).toBe('goesOn');
  expect(returnEnd(look(state('SERVING'), ['RETURNING']))).toBe('done');
  expect(returnEnd(look(state('OFFLINE'), ['RETURNING']))).toMatchObject({ code: 'returnFailed' });
  expect(returnEnd(look(state('LOST'), ['RETURNING']))).toMatchObject({ code: 'returnFailed' });
  expect(returnEnd(look(state('SHIFTING'), ['RETURNING']))).toMatchObject({ code: 'departureRuns' });
  expect(returnEnd(look(handoff({ state: 'HOLD', since: 'later', hold })))).toEqual(hold);
});

test('a step is told once, when it has ended; the same share tried again is another one', () => {
  const told = new Set<string>();
  const running = step('RETURN_10', { outcome: 'running', elapsedMs: null, startedAt: 'a' });
  const first = handoff({ handoffId: 'h', steps: [running] });
  expect(endedSteps(told, first)).toEqual([]);
  const failed = { ...running, outcome: 'failed', elapsedMs: 60_000 } as const;
  const ended = handoff({ handoffId: 'h', steps: [failed] });
  expect(endedSteps(told, ended)).toEqual([failed]);
  expect(endedSteps(told, ended)).toEqual([]);
  const again = { ...failed, startedAt: 'b' };
  expect(endedSteps(told, handoff({ handoffId: 'h', steps: [failed, again] }))).toEqual([again]);
});
