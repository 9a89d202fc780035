import { expect, test } from 'vitest';
import { nextDelayMs } from './back-off.ts';

test('doubles from half a second to thirty, and begins anew after a minute of health', () => {
  const waits: number[] = [];
  let wait: number | null = null;
  for (let fall = 0; fall < 9; fall += 1) waits.push((wait = nextDelayMs(wait, 0)));
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  expect(nextDelayMs(30_000, 59_999)).toBe(30_000);
  expect(nextDelayMs(30_000, 60_000)).toBe(500);
});
