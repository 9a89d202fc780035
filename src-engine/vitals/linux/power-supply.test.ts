import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePowerSupplies, SUPPLY_FILE_NAMES } from './power-supply.ts';

const supply = (files: Record<string, string | number>) =>
  new Map(Object.entries(files).map(([name, value]) => [name, `${value}\n`]));

const mains = (online: number) => supply({ type: 'Mains', online });
/** A ThinkPad's, in micro watt-hours and micro watts. */
const battery = {
  type: 'Battery',
  present: 1,
  status: 'Discharging',
  capacity: 98,
  energy_now: 49_450_000,
  energy_full: 50_060_000,
  energy_full_design: 47_520_000,
  power_now: 4_830_000,
  voltage_now: 12_229_000,
  cycle_count: 0,
  temp: 301,
};

describe('vitals 13: power_supply', () => {
  test('vitals 13: AC and BAT0', () => {
    expect(parsePowerSupplies([mains(0), supply(battery)])).toEqual({
      present: true,
      percent: 98,
      onAC: false,
      state: 'discharging',
      powerWatts: -4.83,
      energyWattHours: 49.45,
      fullWattHours: 50.06,
      designWattHours: 47.52,
      osMinutes: null,
      temperatureCelsius: 30.1,
      cycles: 0,
      healthPercent: 105.3,
    });
  });

  test.each([
    ['Charging', 1, 'charging', true, 4.83],
    ['Full', 1, 'charged', true, 4.83],
    ['Not charging', 1, 'notCharging', true, 4.83],
    ['Unknown', 1, 'unknown', true, 4.83],
    ['Discharging', 0, 'discharging', false, -4.83],
    // A weak adapter: plugged, and drained all the same.
    ['Discharging', 1, 'discharging', true, -4.83],
  ])('vitals 13: %s with online %i is %s', (status, online, state, onAC, powerWatts) => {
    expect(parsePowerSupplies([mains(online), supply({ ...battery, status })])).toMatchObject({
      state,
      onAC,
      powerWatts,
    });
  });

  test('vitals 13: uAh, uA and uV', () => {
    const reading = parsePowerSupplies([
      supply({
        type: 'Battery',
        status: 'Discharging',
        charge_now: 2_000_000,
        charge_full: 4_000_000,
        charge_full_design: 5_000_000,
        current_now: -1_000_000,
        voltage_now: 11_500_000,
      }),
    ]);
    expect(reading).toMatchObject({
      percent: 50,
      energyWattHours: 23,
      fullWattHours: 46,
      designWattHours: 57.5,
      powerWatts: -11.5,
      healthPercent: 80,
      onAC: false,
    });
  });

  test('vitals 13: chosen by type and scope, never by name', () => {
    const mouse = supply({ type: 'Battery', scope: 'Device', capacity: 7, status: 'Discharging' });
    expect(parsePowerSupplies([mouse])).toBeNull();
    expect(parsePowerSupplies([mouse, supply(battery), supply({ type: 'USB', online: 1 })])).toMatchObject({
      percent: 98,
      onAC: true,
    });
    expect(
      parsePowerSupplies([supply({ type: 'Battery', scope: 'System', capacity: 30, status: 'Full' })]),
    ).toMatchObject({
      percent: 30,
    });
  });

  test('vitals 13: several batteries add up by energy', () => {
    const small = supply({ ...battery, energy_now: 5_000_000, energy_full: 10_000_000, capacity: 50 });
    const large = supply({ ...battery, energy_now: 9_000_000, energy_full: 90_000_000, capacity: 10 });
    expect(parsePowerSupplies([small, large])).toMatchObject({
      percent: 14,
      energyWattHours: 14,
      fullWattHours: 100,
      powerWatts: -9.66,
    });
    // Without energies the mean is the best that can be said.
    const bare = (capacity: number) => supply({ type: 'Battery', status: 'Discharging', capacity });
    expect(parsePowerSupplies([bare(10), bare(50)])).toMatchObject({ percent: 30, energyWattHours: null });
    expect(parsePowerSupplies([small, bare(50)])).toMatchObject({ percent: 50, energyWattHours: null });
  });

  test('vitals 13: empty folders are unknown, mains alone a machine without a battery', () => {
    expect(parsePowerSupplies([])).toBeNull();
    expect(parsePowerSupplies([new Map(), new Map()])).toBeNull();
    expect(parsePowerSupplies([mains(1)])).toMatchObject({ present: false, onAC: true });
    expect(parsePowerSupplies([mains(1), supply({ ...battery, present: 0 })])).toMatchObject({
      present: false,
    });
  });

  test('vitals 13: 0 W while discharging is not measured, not "no load"', () => {
    expect(parsePowerSupplies([supply({ ...battery, power_now: 0 })])?.powerWatts).toBeNull();
    expect(parsePowerSupplies([supply({ ...battery, power_now: 0, status: 'Full' })])?.powerWatts).toBe(0);
    expect(parsePowerSupplies([supply({ ...battery, power_now: 999_000_000 })])?.powerWatts).toBeNull();
  });

  test('vitals 4: minutes of the driver without sentinels', () => {
    const minutes = (seconds: number, status = 'Discharging') =>
      parsePowerSupplies([supply({ ...battery, status, time_to_empty_now: seconds })])?.osMinutes;
    expect(minutes(7200)).toBe(120);
    for (const seconds of [0, -1, 65_535 * 60, 1200 * 60]) expect(minutes(seconds)).toBeNull();
    expect(minutes(7200, 'Charging')).toBeNull();
  });

  test('vitals 13: test_power odd values give no NaN, no infinity, nothing out of range', () => {
    const odd = fc.oneof(
      fc.integer().map(String),
      fc.constantFrom('', '-1', '0', 'nan', '1e9', '18446744073709551386', '100', 'test', '3300'),
      fc.string(),
    );
    const files = fc
      .dictionary(fc.constantFrom(...SUPPLY_FILE_NAMES), odd)
      .map((given) => supply({ type: 'Battery', ...given }));
    fc.assert(
      fc.property(fc.array(files), (supplies) => {
        const reading = parsePowerSupplies(supplies);
        const ranges: Record<string, readonly [number, number]> = {
          percent: [0, 100],
          powerWatts: [-150, 150],
          energyWattHours: [0, 120],
          fullWattHours: [0, 120],
          designWattHours: [0, 120],
          osMinutes: [1, 1199],
          temperatureCelsius: [0, 80],
          healthPercent: [0, 120],
        };
        for (const [name, value] of Object.entries(reading ?? {})) {
          const [low, high] = ranges[name] ?? [-Infinity, Infinity];
          if (typeof value === 'number') expect([name, value >= low && value <= high]).toEqual([name, true]);
        }
      }),
    );
  });
});
