import { expect, test } from 'vitest';
import { defaultLimits } from '../handoff-limits.ts';
import { CUT_LIMIT_MS, LOOK_LIMIT_MS } from '../leaver/perform.ts';
import { drainLimits } from '../leaver/limits.ts';
import { WORD_GRACE_MS, stepLimits } from './limits.ts';

test('with the whole time the steps have their own limits', () => {
  expect(stepLimits(120_000)).toEqual({ preparingMs: 20_000, leastDrainMs: 10_000, drainingMs: 45_000 });
});

test('with less left both shrink, each in proportion to what comes then', () => {
  const half = stepLimits(56_500);
  expect(half).toEqual({ preparingMs: 10_000, leastDrainMs: 5_000, drainingMs: 33_900 });
});

test('a short drain leaves a third for the stop, and nothing is ever below 0', () => {
  expect(stepLimits(12_000).drainingMs).toBe(7_200);
  expect(stepLimits(9_000).drainingMs).toBe(5_400);
  expect(stepLimits(-5)).toEqual({ preparingMs: 0, leastDrainMs: 0, drainingMs: 0 });
});

test('whatever is left, a gate that hangs until its cut gave up does not run into the limit of the core', () => {
  for (const leftMs of [5_000, 20_000, 60_000, 80_000, 95_000, 110_000, 120_000]) {
    const edgeMs = drainLimits(leftMs).maxMs + LOOK_LIMIT_MS + CUT_LIMIT_MS;
    expect(stepLimits(leftMs).drainingMs + WORD_GRACE_MS).toBeGreaterThan(edgeMs + 1_000);
  }
});

test('the settings say how long a drain and a stop may take', () => {
  const limits = { ...defaultLimits, drainMaxSeconds: 20, releaseSeconds: 10 };
  expect(stepLimits(120_000, limits).drainingMs).toBe(20_000);
});
