import { expect, test } from 'vitest';
import { restartDelayMs } from './restart-delay.ts';

test('the first death is answered at once, the next ones ever later, and never later than 5 s', () => {
  expect([1, 2, 3, 4, 5].map(restartDelayMs)).toEqual([0, 100, 200, 400, 800]);
  expect(restartDelayMs(8)).toBe(5000);
  expect(restartDelayMs(5000)).toBe(5000);
});
