import { expect, test } from 'vitest';
import { isStale, madeStale } from './staleness.ts';

const sample = { value: 1, source: 's', sampledAt: '', atMs: 1000, periodMs: 60_000 };

test('stale is older than three periods, not exactly three', () => {
  expect(isStale(sample, 181_000)).toBe(false);
  expect(isStale(sample, 181_001)).toBe(true);
});

test('a period that a time scale has made short is not shorter than the I/O limit', () => {
  expect(isStale({ atMs: 0, periodMs: 100 }, 2000)).toBe(false);
  expect(isStale({ atMs: 0, periodMs: 100 }, 2001)).toBe(true);
});

test('what a sleep has made doubtful is stale at once', () => {
  expect(isStale(madeStale(sample), 1001)).toBe(true);
});
