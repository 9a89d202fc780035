import { describe, expect, test } from 'vitest';
import { freshThermal, isUnproven, noteBusy, noteLevel, secondsAtLevel } from './thermal-track.ts';

const DAY = 24 * 3_600_000;

/** Level 0 for some days, with a CPU that is busy for some minutes on the first. */
function quietDays(days: number, busyMinutes: number, level = 0) {
  let track = noteLevel(freshThermal, 0, 0);
  for (let minute = 0; minute <= busyMinutes; minute += 1) track = noteBusy(track, 95, minute * 60_000);
  track = noteBusy(track, 10, (busyMinutes + 1) * 60_000);
  track = noteLevel(track, level, DAY);
  return noteLevel(track, 0, days * DAY);
}

describe('vitals 9: a level of 0 that never moved', () => {
  test('vitals 9: constant 0 for 7 days with CPU > 80 % for 10 min is unproven', () => {
    expect(isUnproven(quietDays(7, 10), 7 * DAY)).toBe(true);
    expect(isUnproven(quietDays(6.9, 10), 6.9 * DAY)).toBe(false);
    expect(isUnproven(quietDays(7, 9), 7 * DAY)).toBe(false);
  });

  test('vitals 9: a level that has moved once is proven', () => {
    expect(isUnproven(quietDays(8, 10, 1), 8 * DAY)).toBe(false);
  });
});

test('seconds at the level count from its last change', () => {
  let track = noteLevel(freshThermal, 0, 1000);
  track = noteLevel(track, 0, 9000);
  expect(secondsAtLevel(track, 11_500)).toBe(10);
  track = noteLevel(track, 2, 20_000);
  expect(secondsAtLevel(track, 21_000)).toBe(1);
  expect(secondsAtLevel(freshThermal, 5000)).toBe(0);
});
