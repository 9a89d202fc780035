import { expect, test } from 'vitest';
import { advancedTo, endedWith, etaMs, operationOf, type Progress } from './progress.ts';

const step = (id: string, usualMs: number | null) => ({
  id,
  status: 'waiting' as const,
  startedMs: null,
  endedMs: null,
  usualMs,
});
const fresh: Progress = {
  verb: 'start',
  startedAt: '2026-01-01T00:00:00.000Z',
  steps: [step('a', 100), step('b', 200), step('c', 50)],
  cancelling: false,
  detail: null,
};

test('advancing ends what ran, and what was passed over counts as not needed', () => {
  let progress = advancedTo(fresh, 'a', 1000);
  progress = advancedTo(progress, 'c', 1080);
  expect(progress.steps.map(({ status }) => status)).toEqual(['done', 'skipped', 'running']);
  expect(operationOf(progress, 1100)).toMatchObject({ step: 'c', done: 2, total: 3, etaMs: 30 });
});

test('the time left shrinks with the running step but never below what is still waiting', () => {
  const progress = advancedTo(fresh, 'a', 1000);
  expect(etaMs(progress, 1000)).toBe(350);
  expect(etaMs(progress, 1060)).toBe(290);
  expect(etaMs(progress, 9000)).toBe(250);
});

test('a step that was never timed makes the time left unknown, until it is over', () => {
  const progress = { ...fresh, steps: [step('a', null), step('b', 10)] };
  expect(etaMs(advancedTo(progress, 'a', 0), 5)).toBeNull();
  expect(etaMs(advancedTo(progress, 'b', 5), 5)).toBe(10);
});

test('a failure is shown at the step that failed', () => {
  const failed = endedWith(advancedTo(fresh, 'b', 0), 'failed', 40);
  expect(operationOf(failed, 99).steps[1]).toEqual({
    step: 'b',
    status: 'failed',
    elapsedMs: 40,
    usualMs: 200,
  });
});
