import { describe, expect, test } from 'vitest';
import { quietSituation } from '../../test/doubles/situation.ts';
import { batteryCheckMs, kinds, periodMs, type Kind, type Situation } from './cadence.ts';

const seconds = (kind: Kind, given: Partial<Situation>) => {
  const period = periodMs(kind, { ...quietSituation, ...given });
  return period === null ? null : period / 1000;
};

describe('sampling periods in seconds', () => {
  test.each([
    ['memory', 30, 15, 2],
    ['load', 30, 15, 2],
    ['thermal', 120, 30, 5],
    ['vm', null, 60, 10],
    ['disk', 300, 60, 10],
    ['lid', 120, 600, 5],
  ] as const)('%s: hidden %s, cluster %s, live %s', (kind, hidden, cluster, live) => {
    expect(seconds(kind, {})).toBe(hidden);
    expect(seconds(kind, { clusterRunning: true })).toBe(cluster);
    expect(seconds(kind, { clusterRunning: true, live: true })).toBe(live);
  });

  test('on battery with a cluster heat is read each 60 s', () => {
    expect(seconds('thermal', { clusterRunning: true, onAC: false })).toBe(60);
    expect(seconds('thermal', { clusterRunning: true, onAC: null })).toBe(30);
  });

  test('under pressure what presses is read faster, and never slower', () => {
    expect(seconds('memory', { memoryHigh: true })).toBe(5);
    expect(seconds('memory', { memoryHigh: true, live: true })).toBe(2);
    expect(seconds('thermal', { thermalHigh: true })).toBe(15);
    expect(seconds('thermal', { thermalHigh: true, live: true })).toBe(5);
  });

  test('the gauge: on battery each minute, on AC each half hour, or each minute while somebody looks', () => {
    expect(seconds('gauge', { onAC: false })).toBe(60);
    expect(seconds('gauge', {})).toBe(1800);
    expect(seconds('gauge', { live: true })).toBe(60);
    expect(seconds('gauge', { battery: 'absent' })).toBeNull();
    expect(seconds('gauge', { battery: 'unknown' })).toBeNull();
    expect(seconds('gauge', { mode: 'linux', onAC: false })).toBeNull();
  });

  test('the check of the stream: 10 min, or 60 s on battery when no gauge confirms it', () => {
    expect(seconds('battery', {})).toBe(600);
    expect(seconds('battery', { onAC: false })).toBe(600);
    expect(seconds('battery', { onAC: false, gaugeAnswers: false })).toBe(60);
    expect(seconds('battery', { percentInDoubt: true })).toBe(7.5);
    expect(seconds('battery', { battery: 'absentOnce' })).toBe(5);
    expect(seconds('battery', { battery: 'absent' })).toBeNull();
  });

  test('the battery of Linux is read by files', () => {
    expect(seconds('battery', { mode: 'linux' })).toBe(30);
    expect(seconds('battery', { mode: 'linux', live: true })).toBe(5);
    expect(seconds('battery', { mode: 'linux', percentInDoubt: true })).toBe(5);
  });

  test('under VITALS_ROOT every file is read each second, and the host never', () => {
    const root = { mode: 'root' as const, live: true, clusterRunning: true };
    expect(kinds.map((kind) => seconds(kind, root))).toEqual([1, 1, null, 1, 1, null, 1, null]);
    expect(periodMs('memory', { ...quietSituation, ...root, timeScale: 20 })).toBe(50);
  });

  test('a time scale divides periods', () => {
    expect(seconds('memory', { timeScale: 10 })).toBe(3);
  });

  test('what makes the battery stale: 60 s on battery, 10 min on AC, its period elsewhere', () => {
    expect(batteryCheckMs({ ...quietSituation, onAC: false })).toBe(60_000);
    expect(batteryCheckMs(quietSituation)).toBe(600_000);
    expect(batteryCheckMs({ ...quietSituation, mode: 'root', timeScale: 10 })).toBe(100);
  });
});
