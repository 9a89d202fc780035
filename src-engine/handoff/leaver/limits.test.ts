import { expect, test } from 'vitest';
import { defaultLimits } from '../handoff-limits.ts';
import { delayMs, drainLimits, lastDrainMs, lastStopMs, stopLimitMs, waitForCoreMs } from './limits.ts';

test('a usual departure drains for 10 s at least and 45 s at most, and looks for 5 s of quiet', () => {
  const usual = { minMs: 10_000, quietMs: 5_000, maxMs: 45_000 };
  // 120 s less the most that PREPARING, SHIFTING and VERIFYING take.
  expect(drainLimits(120_000 - 20_000 - 8_000 - 10_000)).toEqual(usual);
  expect(drainLimits(null)).toEqual(usual);
});

test('with less time it shrinks, and 10 s or a third of it stay for the stop', () => {
  const short = drainLimits(15_000);
  expect(short.minMs).toBe(2_000);
  expect(short.quietMs).toBe(1_000);
  expect(short.maxMs).toBe(9_000);
  expect(drainLimits(30_000).maxMs + 10_000).toBeLessThanOrEqual(30_000);
});

test('a deadline that is past leaves no time to drain, and 10 s to stop', () => {
  for (const left of [0, -5_000]) {
    expect(drainLimits(left)).toEqual({ minMs: 0, quietMs: 0, maxMs: 0 });
    expect(stopLimitMs(left)).toBe(10_000);
  }
});

test('the stop takes 30 s at most', () => {
  expect([null, 90_000, 25_000, 4_000].map((leftMs) => stopLimitMs(leftMs))).toEqual([
    30_000, 30_000, 25_000, 10_000,
  ]);
});

test("the core's word is waited for 15 s, in a shutdown a quarter of what is left", () => {
  expect([null, 120_000, 20_000, 1_000].map(waitForCoreMs)).toEqual([15_000, 15_000, 5_000, 1_000]);
});

test('a forced departure of 120 s drains by itself when 55 s are left, one of 20 s in proportion', () => {
  expect(lastDrainMs(120_000, 120_000)).toBeCloseTo(65_000);
  expect(lastDrainMs(20_000, 20_000)).toBeCloseTo(20_000 - (20_000 * 55) / 120);
  expect(lastDrainMs(null, null)).toBeNull();
});

test('a shutdown of which 9.2 s are left lets what is open go on for some seconds', () => {
  const { maxMs } = drainLimits(9_200);
  expect(maxMs).toBeGreaterThan(5_000);
  expect(9_200 - maxMs).toBeGreaterThanOrEqual(9_200 / 3);
});

test('who drained waits for RELEASE until 10 s are left, in a shutdown of 20 s until a third is', () => {
  expect(lastStopMs(120_000, 120_000)).toBe(110_000);
  expect(lastStopMs(20_000, 20_000)).toBeCloseTo(20_000 - 20_000 / 3);
  expect(lastStopMs(null, null)).toBeNull();
});

test('the settings say how long a drain, a stop and a delay take', () => {
  const limits = {
    ...defaultLimits,
    drainMinSeconds: 4,
    drainQuietSeconds: 2,
    drainMaxSeconds: 8,
    releaseSeconds: 12,
    delayMinutes: 1,
  };
  expect(drainLimits(null, limits)).toEqual({ minMs: 4_000, quietMs: 2_000, maxMs: 8_000 });
  expect(stopLimitMs(null, limits)).toBe(12_000);
  expect(delayMs({ limits, timeScale: 2 })).toBe(30_000);
});
