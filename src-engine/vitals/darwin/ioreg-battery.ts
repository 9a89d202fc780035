import type { BatteryState } from '../../../src-shared/world/vitals.ts';
import { honestMinutes, unknownBattery, wholeNumber, within, type BatteryReading } from '../readings.ts';

/**
 * Reads `ioreg -rn AppleSmartBattery -w0`.
 *
 * Only top-level lines (`"Key" = value`) count: nested dictionaries repeat the keys without blanks.
 * On Apple silicon CurrentCapacity and MaxCapacity are percent and the charge stands in AppleRaw*;
 * where those are missing, `BatteryData` may hold them (exelban/stats Modules/Battery/readers.swift).
 *
 * @returns null when the output describes no battery
 */
export function parseIoregBattery(output: string): BatteryReading | null {
  if (!/AppleSmartBattery|"MaxCapacity" = /.test(output)) return null;
  const value = (key: string): string | null =>
    new RegExp(`^[\\s|]*"${key}" = (.+?)\\s*$`, 'm').exec(output)?.[1] ?? null;
  const nested = value('BatteryData') ?? '';
  const number = (key: string): number | null =>
    signed64(value(key) ?? new RegExp(`"${key}"=(\\d+)`).exec(nested)?.[1]);
  const onAC = yesNo(value('ExternalConnected'));
  const volts = within(scaled(number('Voltage'), 1e-3), 1, 60);
  const rawFull = number('AppleRawMaxCapacity') ?? number('NominalChargeCapacity');
  const energy = (milliampereHours: number | null): number | null =>
    volts === null || milliampereHours === null ? null : within((milliampereHours * volts) / 1000, 0, 120);
  const full = energy(rawFull);
  const amperes = scaled(number('Amperage') ?? number('InstantAmperage'), 1e-3);
  return {
    ...unknownBattery,
    percent: shareOf(number('CurrentCapacity'), number('MaxCapacity'), 100),
    onAC,
    state: stateOf(onAC, yesNo(value('IsCharging')), yesNo(value('FullyCharged'))),
    powerWatts: volts === null || amperes === null ? null : within(amperes * volts, -150, 150),
    energyWattHours: energy(number('AppleRawCurrentCapacity')),
    // A battery of 0 Wh is a gauge that has not answered.
    fullWattHours: full === 0 ? null : full,
    designWattHours: energy(number('DesignCapacity')),
    // On AC it is the time to full.
    osMinutes: onAC === false ? honestMinutes(number('TimeRemaining')) : null,
    temperatureCelsius: within(scaled(number('Temperature'), 1e-2), 0, 80),
    cycles: within(number('CycleCount'), 0, 100_000),
    healthPercent: shareOf(rawFull, number('DesignCapacity'), 120),
  };
}

/** ioreg prints negative numbers as 2^64 - x, which a double cannot hold: BigInt, then wrapped. */
function signed64(text: string | null | undefined): number | null {
  const trimmed = text?.trim() ?? '';
  if (!/^-?\d{1,20}$/.test(trimmed)) return null;
  const wrapped = BigInt.asIntN(64, BigInt(trimmed));
  return wholeNumber(wrapped.toString());
}

function scaled(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor;
}

function yesNo(text: string | null): boolean | null {
  if (text === 'Yes') return true;
  return text === 'No' ? false : null;
}

function shareOf(part: number | null, whole: number | null, highest: number): number | null {
  if (part === null || whole === null || whole <= 0) return null;
  return within(Math.round((part / whole) * 1000) / 10, 0, highest);
}

function stateOf(onAC: boolean | null, charging: boolean | null, full: boolean | null): BatteryState {
  if (onAC === null) return 'unknown';
  if (!onAC) return 'discharging';
  if (charging === true) return 'charging';
  if (full === true) return 'charged';
  return charging === false ? 'notCharging' : 'unknown';
}
