import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIoregBattery } from './ioreg-battery.ts';

/** The shape of `ioreg -rn AppleSmartBattery -w0` on Apple silicon; values of research/vitals.md, test 5. */
const lines = [
  '+-o AppleSmartBattery  <class AppleSmartBattery, id 0x100000123, registered, matched, active, busy 0 (0 ms), retain 8>',
  '    {',
  '      "AppleRawCurrentCapacity" = 2629',
  '      "BatteryData" = {"Ra03"=78,"DesignCapacity"=4700,"CycleCount"=999,"Voltage"=9999,"Serial"="D86XYZ"}',
  '      "LegacyBatteryInfo" = {"Amperage"=77,"Capacity"=1,"Current"=1,"Voltage"=1}',
  '      "Amperage" = 18446744073709551386',
  '      "InstantAmperage" = 18446744073709550000',
  '      "Temperature" = 3040',
  '      "DesignCapacity" = 4629',
  '      "Voltage" = 11696',
  '      "CycleCount" = 41',
  '      "AppleRawMaxCapacity" = 4795',
  '      "CurrentCapacity" = 55',
  '      "MaxCapacity" = 100',
  '      "ExternalConnected" = No',
  '      "IsCharging" = No',
  '      "FullyCharged" = No',
  '      "TimeRemaining" = 312',
  '    }',
];
const dump = lines.join('\n');
const without = (key: string) => lines.filter((line) => !line.trim().startsWith(`"${key}" =`)).join('\n');
const withValue = (key: string, value: string) => `${without(key)}\n      "${key}" = ${value}\n`;

describe('vitals 5: ioreg', () => {
  test('vitals 5: mAh and mV -> Wh, amperes as 2^64 - x -> W, temperature in 0.01 C', () => {
    const reading = parseIoregBattery(dump);
    expect(reading).toMatchObject({
      present: true,
      percent: 55,
      onAC: false,
      state: 'discharging',
      osMinutes: 312,
      cycles: 41,
    });
    expect(reading?.energyWattHours).toBeCloseTo(30.75, 2);
    expect(reading?.fullWattHours).toBeCloseTo(56.08, 2);
    expect(reading?.powerWatts).toBeCloseTo(-2.69, 2);
    expect(reading?.temperatureCelsius).toBeCloseTo(30.4, 5);
    expect(reading?.healthPercent).toBeCloseTo(103.6, 1);
  });

  test('vitals 5: nested duplicates are ignored, whatever their order', () => {
    const reversed = [lines[0], ...lines.slice(1).reverse()].join('\n');
    expect(parseIoregBattery(reversed)).toEqual(parseIoregBattery(dump));
    const piped = lines.map((line) => line.replace(/^ {6}/, '    | |           ')).join('\n');
    expect(parseIoregBattery(piped)).toEqual(parseIoregBattery(dump));
  });

  test('vitals 5: missing raw keys leave the percentage; the battery stays present', () => {
    const bare = lines.filter((line) => !/AppleRaw|BatteryData|Design/.test(line)).join('\n');
    expect(parseIoregBattery(bare)).toMatchObject({
      present: true,
      percent: 55,
      energyWattHours: null,
      fullWattHours: null,
      healthPercent: null,
    });
  });

  test('vitals 5: the fallbacks of later systems: NominalChargeCapacity, BatteryData', () => {
    const nominal = without('AppleRawMaxCapacity') + '\n      "NominalChargeCapacity" = 4800\n';
    expect(parseIoregBattery(nominal)?.fullWattHours).toBeCloseTo(56.14, 2);
    expect(parseIoregBattery(without('DesignCapacity'))?.designWattHours).toBeCloseTo(4700 * 0.011696, 5);
  });

  test('a Mac whose CurrentCapacity is mAh', () => {
    const old = lines
      .map((line) => line.replace('"CurrentCapacity" = 55', '"CurrentCapacity" = 3265'))
      .map((line) => line.replace('"MaxCapacity" = 100', '"MaxCapacity" = 4420'))
      .join('\n');
    expect(parseIoregBattery(old)?.percent).toBeCloseTo(73.9, 1);
  });

  test('states on AC', () => {
    const onAC = (charging: string, full: string) =>
      dump
        .replace('"ExternalConnected" = No', '"ExternalConnected" = Yes')
        .replace('"IsCharging" = No', `"IsCharging" = ${charging}`)
        .replace('"FullyCharged" = No', `"FullyCharged" = ${full}`);
    expect(parseIoregBattery(onAC('Yes', 'No'))).toMatchObject({ state: 'charging', osMinutes: null });
    expect(parseIoregBattery(onAC('No', 'Yes'))?.state).toBe('charged');
    expect(parseIoregBattery(onAC('No', 'No'))?.state).toBe('notCharging');
  });

  test('no battery at all is unknown', () => {
    expect(parseIoregBattery('')).toBeNull();
    expect(parseIoregBattery('-')).toBeNull();
  });
});

describe('vitals 4: sentinels of ioreg', () => {
  test.each(['65535', '1200', '0', '-1', '18446744073709551615', 'null', '"312"', '12e2'])(
    'vitals 4: TimeRemaining %s is unknown',
    (value) => expect(parseIoregBattery(withValue('TimeRemaining', value))?.osMinutes).toBeNull(),
  );

  test.each(['65535', '0', '-27315', '8001', '18446744073709551000'])(
    'vitals 4: Temperature %s never leaves 0..80',
    (value) => {
      const celsius = parseIoregBattery(withValue('Temperature', value))?.temperatureCelsius ?? null;
      expect(celsius === null || celsius === 0).toBe(true);
    },
  );

  test('no junk yields NaN, infinity or a number out of range', () => {
    const key = fc.constantFrom(
      'AppleRawCurrentCapacity',
      'AppleRawMaxCapacity',
      'CurrentCapacity',
      'MaxCapacity',
      'Voltage',
      'Amperage',
      'DesignCapacity',
      'CycleCount',
      'Temperature',
      'TimeRemaining',
    );
    const value = fc.oneof(
      fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
      fc.string(),
      fc.constantFrom('0', '65535'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value)), (entries) => {
        const text = entries.reduce((all, [name, said]) => `      "${name}" = ${said}\n${all}`, dump);
        const reading = parseIoregBattery(text);
        const inRange = (number: number | null | undefined, low: number, high: number) =>
          number == null || (number >= low && number <= high);
        expect(inRange(reading?.percent, 0, 100)).toBe(true);
        expect(inRange(reading?.powerWatts, -150, 150)).toBe(true);
        expect(inRange(reading?.energyWattHours, 0, 120)).toBe(true);
        expect(inRange(reading?.fullWattHours, 0, 120)).toBe(true);
        expect(inRange(reading?.designWattHours, 0, 120)).toBe(true);
        expect(inRange(reading?.healthPercent, 0, 120)).toBe(true);
        expect(inRange(reading?.temperatureCelsius, 0, 80)).toBe(true);
        expect(inRange(reading?.osMinutes, 1, 1199)).toBe(true);
      }),
    );
  });
});
