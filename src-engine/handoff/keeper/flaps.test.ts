import { expect, test } from 'vitest';
import { defaultLimits } from '../handoff-limits.ts';
import { coolDownMs, isFlapping, recentDepartures, returnsFailed } from './flaps.ts';

const minutes = (count: number) => count * 60_000;
const past = (departures: number[], failedReturns = 0) => ({ departures, failedReturns });

test('5 min, doubled by the third departure within an hour and by each one after it', () => {
  const now = minutes(100);
  expect(coolDownMs(past([now]), now, 1)).toBe(minutes(5));
  expect(coolDownMs(past([minutes(90), now]), now, 1)).toBe(minutes(5));
  expect(coolDownMs(past([minutes(80), minutes(90), now]), now, 1)).toBe(minutes(10));
  expect(coolDownMs(past([minutes(70), minutes(80), minutes(90), now]), now, 1)).toBe(minutes(20));
});

test('a failed return doubles it as well; 60 min is the most', () => {
  expect(coolDownMs(past([], 1), 0, 1)).toBe(minutes(10));
  expect(coolDownMs(past([], 9), 0, 1)).toBe(minutes(60));
});

test('what is an hour old is no flapping any more', () => {
  const departures = [minutes(0), minutes(30), minutes(59)];
  expect(isFlapping(past(departures), minutes(59.9), 1)).toBe(true);
  expect(isFlapping(past(departures), minutes(60), 1)).toBe(false);
  expect(recentDepartures(past(departures), minutes(60), 1)).toEqual([minutes(30), minutes(59)]);
});

test('the time scale divides the cool-down and the window in which departures count', () => {
  expect(coolDownMs(past([]), 0, 10)).toBe(minutes(0.5));
  expect(recentDepartures(past([0]), minutes(6), 10)).toEqual([]);
});

test('the second failed return in a row is one too many', () => {
  expect([0, 1, 2].map((count) => returnsFailed(past([], count)))).toEqual([false, false, true]);
});

test('the settings say how long, how often and within what', () => {
  const limits = {
    ...defaultLimits,
    coolDownSeconds: 20,
    coolDownMaxSeconds: 60,
    flapDepartures: 2,
    flapMinutes: 5,
  };
  expect(coolDownMs(past([0]), 0, 1, limits)).toBe(20_000);
  expect(coolDownMs(past([0, 0]), 0, 2, limits)).toBe(20_000);
  expect(coolDownMs(past([], 9), 0, 1, limits)).toBe(60_000);
  expect(isFlapping(past([0, 1]), minutes(4), 1, limits)).toBe(true);
  expect(isFlapping(past([0, 1]), minutes(6), 1, limits)).toBe(false);
});
