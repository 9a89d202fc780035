import { cpus } from 'node:os';
import { expect, test } from 'vitest';
import { busyPercent, cpuTimesOf } from './cpu-load.ts';

test('the busy share between two moments', () => {
  expect(busyPercent({ idle: 100, total: 200 }, { idle: 150, total: 300 })).toBe(50);
  expect(busyPercent({ idle: 100, total: 200 }, { idle: 100, total: 300 })).toBe(100);
});

test('unknown at first, when nothing moved, and when counters went back', () => {
  expect(busyPercent(null, { idle: 1, total: 2 })).toBeNull();
  expect(busyPercent({ idle: 1, total: 2 }, { idle: 1, total: 2 })).toBeNull();
  expect(busyPercent({ idle: 9, total: 20 }, { idle: 1, total: 2 })).toBeNull();
  expect(busyPercent({ idle: 9, total: 20 }, { idle: 8, total: 30 })).toBeNull();
});

test('the sum over all cores', () => {
  const { idle, total } = cpuTimesOf(cpus());
  expect(idle).toBeGreaterThan(0);
  expect(total).toBeGreaterThanOrEqual(idle);
});
