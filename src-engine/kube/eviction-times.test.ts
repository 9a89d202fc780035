import { expect, test } from 'vitest';
import { evictionTimes } from './eviction-times.ts';

/** What Docker takes for the control plane of kind when it is given 10 s (measured.md). */
const DOCKER_STOP_MS = 11_000;

test('the whole time: ten seconds of asking, and the stop still ends within its limit', () => {
  const { evictMs, deleteMs } = evictionTimes(30_000);
  expect(evictMs).toBe(10_000);
  expect(evictMs + deleteMs + DOCKER_STOP_MS).toBeLessThan(30_000);
});

test('less time: both shrink, and the stop keeps its own', () => {
  for (const limitMs of [15_000, 20_000, 27_000]) {
    const { evictMs, deleteMs } = evictionTimes(limitMs);
    expect(evictMs).toBeGreaterThan(deleteMs);
    expect(evictMs + deleteMs + DOCKER_STOP_MS).toBeLessThan(limitMs);
  }
});

test('hardly any: nobody is asked', () => {
  expect(evictionTimes(10_000)).toEqual({ evictMs: 0, deleteMs: 0 });
  expect(evictionTimes(0)).toEqual({ evictMs: 0, deleteMs: 0 });
});
