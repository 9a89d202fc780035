import { expect, test } from 'vitest';
import { slowAfterMs } from './slow-step.ts';

test('a long step is slow at half as long again, a short one not before five seconds more', () => {
  expect(slowAfterMs({ usualMs: 40_000, runs: 10 })).toBe(60_000);
  expect(slowAfterMs({ usualMs: 10_000, runs: 3 })).toBe(15_000);
  expect(slowAfterMs({ usualMs: 800, runs: 5 })).toBe(5800);
});

test('nothing is claimed of what has hardly ever run here', () => {
  expect(slowAfterMs({ usualMs: 40_000, runs: 2 })).toBeNull();
  expect(slowAfterMs({ usualMs: null, runs: 0 })).toBeNull();
});
