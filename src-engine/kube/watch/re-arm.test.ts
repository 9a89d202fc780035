import { expect, test } from 'vitest';
import { reArmMs } from './re-arm.ts';

test('at once after an orderly end, then slower and slower, up to a minute', () => {
  expect([0, 1, 2, 3, 6].map(reArmMs)).toEqual([0, 1000, 2000, 4000, 32_000]);
  expect([7, 8, 100, 5000].map(reArmMs)).toEqual([60_000, 60_000, 60_000, 60_000]);
});
