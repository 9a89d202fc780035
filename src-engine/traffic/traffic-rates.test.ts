import { expect, test } from 'vitest';
import { kept, noRates, ratesOf, type Reading } from './traffic-rates.ts';

/** A reading each `periodMs`, with so many requests to each side in between. */
function steady(periodMs: number, times: number, core: number, edge: number): readonly Reading[] {
  let readings: readonly Reading[] = [];
  for (let index = 0; index <= times; index += 1)
    readings = kept(readings, { atMs: index * periodMs, core: index * core, edge: index * edge });
  return readings;
}

test('80 to 20, and a second of it', () => {
  expect(ratesOf(steady(1000, 30, 40, 160))).toEqual({
    seen: { core: 20, edge: 80 },
    requestsPerSecond: 200,
    perSecond: { core: 40, edge: 160 },
  });
});

test('a change of the share is whole after 5 s, and only then', () => {
  let readings = steady(1000, 10, 40, 160);
  for (let second = 1; second <= 5; second += 1) {
    readings = kept(readings, { atMs: 10_000 + second * 1000, core: 400 + second * 200, edge: 1600 });
    const edge = ratesOf(readings).seen?.edge ?? -1;
    if (second < 5) expect(edge).toBeGreaterThan(0);
    else expect(edge).toBe(0);
  }
});

test('read every 5 s, with a timer that is a little early, the window is one period', () => {
  const readings = kept(steady(5000, 3, 0, 50), { atMs: 19_980, core: 100, edge: 150 });
  expect(ratesOf(readings).seen).toEqual({ core: 100, edge: 0 });
});

test('no request is no share; no second reading is no rate', () => {
  const idle = ratesOf(steady(1000, 10, 0, 0));
  expect(idle).toEqual({ seen: null, requestsPerSecond: 0, perSecond: { core: 0, edge: 0 } });
  expect(ratesOf([])).toEqual(noRates);
  expect(ratesOf([{ atMs: 0, core: 5, edge: 5 }])).toEqual(noRates);
});

test('counters that fell began anew: nothing is told before two readings of the new ones', () => {
  const readings = kept(steady(1000, 10, 40, 160), { atMs: 11_000, core: 1, edge: 0 });
  expect(ratesOf(readings)).toEqual(noRates);
});

test('memory stays small whatever the pace', () => {
  expect(steady(1, 10_000, 1, 1).length).toBeLessThanOrEqual(32);
  expect(steady(1000, 1000, 1, 1).length).toBeLessThanOrEqual(7);
});
