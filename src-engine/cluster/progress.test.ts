import { expect, test } from 'vitest';
import { advancedTo, endedWith, etaMs, operationOf, type Progress } from './progress.ts';

const step = (id: string, usualMs: number | null, slowAfterMs: number | null = null) => ({
  id,
  status: 'waiting' as const,
  startedMs: null,
  endedMs: null,
  usualMs,
  slowAfterMs,
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

test('a step is slow once it takes longer than it may, and stays so when it is over', () => {
  const steps = [step('a', 100, 150), step('b', 200)];
  const running = advancedTo({ ...fresh, steps }, 'a', 0);
  const slowAt = (progress: Progress, nowMs: number) =>
    operationOf(progress, nowMs).steps.map(({ slow = false }) => slow);
  expect(slowAt(running, 150)).toEqual([false, false]);
  expect(slowAt(running, 151)).toEqual([true, false]);
  expect(slowAt(advancedTo(running, 'b', 400), 9000)).toEqual([true, false]);
  expect(slowAt(advancedTo(running, 'b', 140), 9000)).toEqual([false, false]);
});
