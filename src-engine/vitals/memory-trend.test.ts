import { describe, expect, test } from 'vitest';
import {
  freshTrend,
  minutesToWarn,
  noteMemory,
  swapBytesPerMinute,
  type MemoryTrend,
} from './memory-trend.ts';

const MINUTE = 60_000;

/** One sample each 15 s for so many minutes. */
function sampled(
  minutes: number,
  ratio: (minute: number) => number | null,
  swap: (minute: number) => number | null,
): MemoryTrend {
  let trend = freshTrend;
  for (let ms = 0; ms <= minutes * MINUTE; ms += 15_000)
    trend = noteMemory(trend, ms, ratio(ms / MINUTE), swap(ms / MINUTE));
  return trend;
}
const flat = () => 0;

describe('minutes to the memory warning', () => {
  test('the slope to 0.50, when it has lasted five minutes', () => {
    const falling = (minute: number) => 0.8 - 0.01 * minute;
    expect(minutesToWarn(sampled(4.5, falling, flat))).toBeNull();
    expect(minutesToWarn(sampled(8, falling, flat))).toBeCloseTo(22, 5);
  });

  test('the spikes of a garbage collector do not move it', () => {
    const spiky = (minute: number) => 0.8 - 0.01 * minute + (Math.round(minute * 4) % 7 === 0 ? 0.1 : 0);
    expect(minutesToWarn(sampled(9.75, spiky, flat))).toBeGreaterThan(15);
    expect(minutesToWarn(sampled(9.75, spiky, flat))).toBeLessThan(25);
  });

  test('flat, rising, or further than an hour: unknown', () => {
    expect(minutesToWarn(sampled(10, () => 0.8, flat))).toBeNull();
    expect(minutesToWarn(sampled(10, (minute) => 0.6 + 0.01 * minute, flat))).toBeNull();
    expect(minutesToWarn(sampled(10, (minute) => 0.8 - 0.001 * minute, flat))).toBeNull();
    expect(minutesToWarn(sampled(10, () => null, flat))).toBeNull();
  });

  test('under 0.50 it is now', () => {
    expect(minutesToWarn(sampled(10, () => 0.45, flat))).toBe(0);
  });

  test('the history stays small however often it is sampled', () => {
    let trend = freshTrend;
    for (let ms = 0; ms < 3_600_000; ms += 2000) trend = noteMemory(trend, ms, 0.8, ms);
    expect(trend.ratios.length).toBeLessThanOrEqual(62);
    expect(trend.swaps.length).toBeLessThanOrEqual(62);
  });
});

describe('growth of swap', () => {
  test('per minute over the window; unknown before 45 s are seen', () => {
    const growing = (minute: number) => minute * 150;
    expect(
      swapBytesPerMinute(
        sampled(0.5, () => null, growing),
        MINUTE,
      ),
    ).toBeNull();
    expect(
      swapBytesPerMinute(
        sampled(5, () => null, growing),
        MINUTE,
      ),
    ).toBeCloseTo(150, 6);
  });

  test('a burst leaves the minute soon, the three minutes later', () => {
    const burst = (minute: number) => (minute < 5 ? 0 : 400);
    const trend = sampled(6.5, () => null, burst);
    expect(swapBytesPerMinute(trend, MINUTE)).toBe(0);
    expect(swapBytesPerMinute(trend, 3 * MINUTE)).toBeCloseTo(400 / 3, 6);
  });

  test('it may shrink', () => {
    expect(
      swapBytesPerMinute(
        sampled(
          5,
          () => null,
          (minute) => 1000 - minute * 10,
        ),
        MINUTE,
      ),
    ).toBeCloseTo(-10, 6);
  });
});
