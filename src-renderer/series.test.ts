import { expect, test } from 'vitest';
import { battery, vitals, world } from '../test/doubles/worlds.ts';
import { noSeries, seriesFrom, withWorld } from './series.ts';

const samples = {
  agesMs: [20_000, 10_000, 0],
  memoryPercent: [60, null, 62],
  batteryPercent: [null, null, null],
  thermalLevel: [0, 1, 1],
  cpuPercent: [5, 5, 5],
  peerGapMs: [null, 260, 255],
};

test('the record of the engine becomes points in time, unknown ones included', () => {
  expect(seriesFrom(samples, 100_000).memory).toEqual([
    { atMs: 80_000, value: 60 },
    { atMs: 90_000, value: null },
    { atMs: 100_000, value: 62 },
  ]);
});

test('a World adds its measurements; what is old falls out after ten minutes', () => {
  const first = withWorld(seriesFrom(samples, 100_000), world(), 110_000);
  expect(first.battery.at(-1)).toEqual({ atMs: 110_000, value: 62 });
  expect(withWorld(first, world(), 711_000).thermal).toEqual([{ atMs: 711_000, value: 1 }]);
});

test('live Worlds two seconds apart do not pile up', () => {
  let series = noSeries;
  for (let second = 0; second <= 600; second += 2) series = withWorld(series, world(), second * 1000);
  expect(series.memory.length).toBeLessThanOrEqual(151);
  expect(series.memory.at(-1)?.atMs).toBe(600_000);
});

test('a stale value is a gap, never the old value again', () => {
  const stale = world({ vitals: vitals({ battery: battery({ stale: true }) }) });
  expect(withWorld(noSeries, stale, 1).battery).toEqual([{ atMs: 1, value: null }]);
});
