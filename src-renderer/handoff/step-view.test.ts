import { expect, test } from 'vitest';
import { translator } from '../../src-shared/language/translate.ts';
import { say } from '../../src-shared/world/sentence.ts';
import { handoff, step } from '../../test/doubles/handoff-parts.ts';
import { coreWorlds, edgeWorlds } from '../../test/doubles/handoff-worlds.ts';
import { WORLD_AT } from '../../test/doubles/worlds.ts';
import { stepViews } from './step-view.ts';

const nowMs = Date.parse(WORLD_AT);
const english = { t: translator('en'), now: new Date(WORLD_AT) };
const told = (of: Parameters<typeof stepViews>[0]) =>
  stepViews(of, nowMs).map(({ step, status, time }) => [step, status, time && say(time, english)]);

test('a departure shows what was measured, what runs with its limit, and what is still to come', () => {
  expect(told(edgeWorlds.draining.handoff!)).toEqual([
    ['PREPARING', 'done', '2.9 s'],
    ['SHIFTING', 'done', '4.1 s'],
    ['VERIFYING', 'done', '900 ms'],
    ['DRAINING', 'running', '9 s of at most 45 s'],
    ['RELEASED', 'waiting', 'at most 30 s'],
  ]);
});

test('what has ended has no step to come', () => {
  expect(told(edgeWorlds.offline.handoff!).map(([name]) => name)).toEqual([
    'PREPARING',
    'SHIFTING',
    'VERIFYING',
    'DRAINING',
    'RELEASED',
  ]);
  const cut = handoff({ state: 'HOLD', steps: [step('PREPARING'), step('SHIFTING', { outcome: 'failed' })] });
  expect(told(cut)).toHaveLength(2);
});

test('a loss has its own steps, and a lid that closed skipped the first ones', () => {
  expect(told(coreWorlds.lost.handoff!).map(([name]) => name)).toEqual(['SUSPECT', 'LOST']);
  const slept = handoff({ state: 'DRAINING', unplanned: true, steps: [step('DRAINING')] });
  expect(told(slept).map(([name]) => name)).toEqual(['DRAINING']);
});

test('a step that came twice is shown as it was the second time', () => {
  const twice = handoff({
    state: 'VERIFYING',
    steps: [
      step('SHIFTING', { outcome: 'failed' }),
      step('SHIFTING', { elapsedMs: 800 }),
      step('VERIFYING', { outcome: 'running', elapsedMs: null, limitMs: null }),
    ],
  });
  expect(told(twice)[0]).toEqual(['SHIFTING', 'done', '800 ms']);
});

test('a clock that is ahead on the other Mac makes no negative time', () => {
  const startedAt = new Date(nowMs + 4000).toISOString();
  const ahead = handoff({
    state: 'DRAINING',
    steps: [step('DRAINING', { startedAt, elapsedMs: null, outcome: 'running' })],
  });
  expect(told(ahead)[0]?.[2]).toBe('0 s of at most 20 s');
});
