import { expect, test } from 'vitest';
import { clockOf } from './countdown.ts';

test('the clock shows zero only when the time is over', () => {
  expect([65_000, 60_000, 45_001, 9000, 1, 0].map(clockOf)).toEqual([
    '1:05',
    '1:00',
    '0:46',
    '0:09',
    '0:01',
    '0:00',
  ]);
});
