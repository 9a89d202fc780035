import { describe, expect, test } from 'vitest';
import {
  currentBattery,
  freshBattery,
  noteAC,
  noteGauge,
  noteStatus,
  noteWake,
  type BatteryTrack,
} from './battery-track.ts';
import { noBattery, unknownBattery, type BatteryReading, type Sample } from './readings.ts';

const sample = (
  seconds: number,
  value: Partial<BatteryReading>,
  periodSeconds = 60,
): Sample<BatteryReading> => ({
  value: { ...unknownBattery, ...value },
  source: value.powerWatts === undefined ? 'pslog' : 'ioreg',
  atMs: seconds * 1000,
  sampledAt: '',
  periodMs: periodSeconds * 1000,
});
const status = (track: BatteryTrack, seconds: number, percent: number, onAC = false) =>
  noteStatus(track, sample(seconds, { percent, onAC, state: onAC ? 'charging' : 'discharging' }), 1);
const gauge = (track: BatteryTrack, seconds: number, percent: number, onAC = false) =>
  noteGauge(track, sample(seconds, { percent, onAC, powerWatts: onAC ? 20 : -10, fullWattHours: 50 }), 1);
const at = (track: BatteryTrack, seconds: number) => currentBattery(track, seconds * 1000)?.value;

describe('two voices, one battery', () => {
  test('the stream is right within its minute; then the gauge corrects it', () => {
    let track = gauge(status(freshBattery, 0, 80), 30, 79);
    expect(at(track, 30)).toMatchObject({ percent: 80, powerWatts: -10, state: 'discharging' });
    track = gauge(track, 60, 79);
    expect(at(track, 60)).toMatchObject({ percent: 79, powerWatts: -10 });
    track = status(track, 61, 78);
    expect(at(track, 61)).toMatchObject({ percent: 78, powerWatts: -10 });
  });

  test('watts of another supply are not shown', () => {
    const track = status(gauge(status(freshBattery, 0, 80, true), 1, 80, true), 5, 80);
    expect(at(track, 5)).toMatchObject({ onAC: false, powerWatts: null, fullWattHours: 50 });
  });

  test('a gauge that falls silent takes its watts with it after three periods', () => {
    let track = gauge(status(freshBattery, 0, 80), 1, 80);
    track = status(track, 170, 79);
    expect(at(track, 181)?.powerWatts).toBe(-10);
    expect(at(track, 182)?.powerWatts).toBeNull();
  });

  test('a jump waits, whoever says it, and AC does not wait with it', () => {
    let track = status(freshBattery, 0, 80, true);
    track = status(track, 10, 30);
    expect(at(track, 10)).toMatchObject({ percent: 80, onAC: false });
    // Nor is the charge believed that came with it: minutes would be made from it.
    const cell = sample(10, { percent: 30, onAC: false, energyWattHours: 15 });
    expect(at(noteStatus(track, cell, 1), 10)).toMatchObject({ percent: 80, energyWattHours: null });
    track = status(status(track, 17, 30), 25, 30);
    expect(at(track, 25)?.percent).toBe(30);
  });

  test('each estimate is counted once: by the gauge where there is one', () => {
    let track = status(freshBattery, 0, 80);
    expect(track.estimates).toBe(1);
    track = gauge(track, 1, 80);
    track = status(track, 30, 79);
    expect(track.estimates).toBe(2);
    expect(status(freshBattery, 0, 80, true).estimates).toBe(1);
  });

  test('plug and unplug restart the estimate, the same word twice does not', () => {
    let track = gauge(gauge(status(freshBattery, 0, 80), 60, 80), 120, 79);
    expect(track.estimator.samples).toBe(3);
    expect(noteAC(track, false).estimator.samples).toBe(3);
    track = noteAC(track, true);
    expect(track.estimator.samples).toBe(0);
    expect(track.onAC).toBe(true);
  });

  test('after a wake nothing of before counts, not even against a jump', () => {
    let track = noteWake(gauge(status(freshBattery, 0, 80), 1, 80));
    expect(currentBattery(track, 2000)?.atMs).toBe(-Infinity);
    track = status(track, 3, 20);
    expect(at(track, 3)).toMatchObject({ percent: 20, powerWatts: null });
  });
});

describe('presence', () => {
  const absent: Sample<BatteryReading> = { ...sample(0, {}), value: noBattery };

  test('no battery is believed when it was said twice', () => {
    const once = noteStatus(freshBattery, absent, 1);
    expect(once.presence).toBe('absentOnce');
    expect(noteStatus(once, absent, 1).presence).toBe('absent');
    expect(status(once, 5, 80).presence).toBe('present');
  });

  test('a battery that was seen is not forgotten: silence makes it stale', () => {
    const track = noteStatus(status(freshBattery, 0, 80), absent, 1);
    expect(track).toMatchObject({ presence: 'present', onAC: false });
    expect(at(track, 5)?.percent).toBe(80);
  });
});
