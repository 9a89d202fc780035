import { expect, test } from 'vitest';
import { stepLimits } from './limits.ts';

test('with the whole time the steps have their own limits', () => {
  expect(stepLimits(120_000)).toEqual({ preparingMs: 20_000, leastDrainMs: 10_000, drainingMs: 45_000 });
});

test('with less left both shrink in the same proportion', () => {
  const half = stepLimits(56_500);
  expect(half).toEqual({ preparingMs: 10_000, leastDrainMs: 5_000, drainingMs: 22_500 });
});

test('a drain leaves 10 s for the stop, and nothing is ever below 0', () => {
  expect(stepLimits(12_000).drainingMs).toBe(2_000);
  expect(stepLimits(9_000).drainingMs).toBe(0);
  expect(stepLimits(-5)).toEqual({ preparingMs: 0, leastDrainMs: 0, drainingMs: 0 });
});
