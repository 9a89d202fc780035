import { expect, test } from 'vitest';
import { drainLimits, lastDrainMs, stopLimitMs, waitForCoreMs } from './limits.ts';

test('a usual departure drains for 10 s at least and 45 s at most, and looks for 5 s of quiet', () => {
  const usual = { minMs: 10_000, quietMs: 5_000, maxMs: 45_000 };
  // 120 s less the most that PREPARING, SHIFTING and VERIFYING take.
  expect(drainLimits(120_000 - 20_000 - 8_000 - 10_000)).toEqual(usual);
  expect(drainLimits(null)).toEqual(usual);
});

test('with less time it shrinks, and 10 s stay for the stop', () => {
  const short = drainLimits(15_000);
  expect(short.minMs).toBe(2_000);
  expect(short.quietMs).toBe(1_000);
  expect(short.maxMs).toBe(5_000);
  expect(drainLimits(30_000).maxMs + 10_000).toBeLessThanOrEqual(30_000);
});

test('a deadline that is past leaves no time to drain, and 10 s to stop', () => {
  for (const left of [0, -5_000]) {
    expect(drainLimits(left)).toEqual({ minMs: 0, quietMs: 0, maxMs: 0 });
    expect(stopLimitMs(left)).toBe(10_000);
  }
});

test('the stop takes 30 s at most', () => {
  expect([null, 90_000, 25_000, 4_000].map(stopLimitMs)).toEqual([30_000, 30_000, 25_000, 10_000]);
});

test("the core's word is waited for 15 s, in a shutdown a quarter of what is left", () => {
  expect([null, 120_000, 20_000, 1_000].map(waitForCoreMs)).toEqual([15_000, 15_000, 5_000, 1_000]);
});

test('a forced departure of 120 s drains by itself when 55 s are left, one of 20 s in proportion', () => {
  expect(lastDrainMs(120_000, 120_000)).toBeCloseTo(65_000);
  expect(lastDrainMs(20_000, 20_000)).toBeCloseTo(20_000 - (20_000 * 55) / 120);
  expect(lastDrainMs(null, null)).toBeNull();
});
