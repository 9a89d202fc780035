import type { BatteryState } from '../../../src-shared/world/vitals.ts';
import {
  honestMinutes,
  noBattery,
  unknownBattery,
  wholeNumber,
  within,
  type BatteryReading,
} from '../readings.ts';

/** The files of one folder of `/sys/class/power_supply` that could be read, by name. */
export type SupplyFiles = ReadonlyMap<string, string>;

/** The files that are read, of those that the folder has. */
export const SUPPLY_FILE_NAMES: readonly string[] = [
  'type',
  'scope',
  'present',
  'online',
  'status',
  'capacity',
  'energy_now',
  'energy_full',
  'energy_full_design',
  'power_now',
  'charge_now',
  'charge_full',
  'charge_full_design',
  'current_now',
  'voltage_now',
  'temp',
  'cycle_count',
  'time_to_empty_now',
];

const STATES: Readonly<Record<string, BatteryState>> = {
  Charging: 'charging',
  Discharging: 'discharging',
  Full: 'charged',
  'Not charging': 'notCharging',
};

/**
 * All supplies of a machine as one reading. Batteries are chosen by `type` with a `scope` that is not
 * Device (a mouse has a battery too), mains by Mains or USB; names such as BAT0 mean nothing.
 * Several batteries are one: energies add up, and the percentage follows from the sums.
 *
 * @returns null when nothing is listed (a virtual machine), `present: false` with mains alone
 */
export function parsePowerSupplies(supplies: readonly SupplyFiles[]): BatteryReading | null {
  const ofType = (...types: string[]): SupplyFiles[] =>
    supplies.filter((supply) => types.includes(word(supply, 'type')));
  const cells = ofType('Battery')
    .filter((supply) => word(supply, 'scope') !== 'Device' && word(supply, 'present') !== '0')
    .map(cellOf);
  const mains = ofType('Mains', 'USB').map((supply) => number(supply, 'online'));
  if (cells.length === 0) return mains.length === 0 ? null : noBattery;
  const state = stateOf(cells);
  const energy = sum(cells.map((cell) => cell.energyWattHours));
  const full = sum(cells.map((cell) => cell.fullWattHours));
  const design = sum(cells.map((cell) => cell.designWattHours));
  return {
    ...unknownBattery,
    percent: percentOf(cells, energy, full),
    onAC: onACOf(mains, state),
    state,
    powerWatts: within(sum(cells.map((cell) => cell.powerWatts)), -150, 150),
    energyWattHours: within(energy, 0, 120),
    fullWattHours: full ? within(full, 0, 120) : null,
    designWattHours: design ? within(design, 0, 120) : null,
    osMinutes: cells.length === 1 ? (cells[0]?.osMinutes ?? null) : null,
    temperatureCelsius: highest(cells.map((cell) => cell.temperatureCelsius)),
    cycles: highest(cells.map((cell) => cell.cycles)),
    healthPercent: full && design ? within(tenth((full / design) * 100), 0, 120) : null,
  };
}

type Cell = Omit<BatteryReading, 'present' | 'onAC' | 'healthPercent'>;

function cellOf(supply: SupplyFiles): Cell {
  const volts = within(micro(supply, 'voltage_now'), 0.5, 60);
  const wattHours = (energy: string, charge: string): number | null => {
    const direct = within(micro(supply, energy), 0, 1000);
    if (direct !== null) return direct;
    const ampereHours = within(micro(supply, charge), 0, 1000);
    return ampereHours === null || volts === null ? null : ampereHours * volts;
  };
  const state = STATES[word(supply, 'status')] ?? 'unknown';
  const tenths = number(supply, 'temp');
  const seconds = number(supply, 'time_to_empty_now');
  return {
    percent: within(number(supply, 'capacity'), 0, 100),
    state,
    powerWatts: powerOf(supply, volts, state),
    energyWattHours: wattHours('energy_now', 'charge_now'),
    fullWattHours: wattHours('energy_full', 'charge_full'),
    designWattHours: wattHours('energy_full_design', 'charge_full_design'),
    osMinutes: state === 'discharging' && seconds !== null ? honestMinutes(seconds / 60) : null,
    temperatureCelsius: tenths === null ? null : within(tenths / 10, 0, 80),
    cycles: within(number(supply, 'cycle_count'), 0, 100_000),
  };
}

/** Drivers disagree on the sign, so the status decides it; 0 W while discharging is "not measured". */
function powerOf(supply: SupplyFiles, volts: number | null, state: BatteryState): number | null {
  const amperes = micro(supply, 'current_now');
  const direct = micro(supply, 'power_now');
  const watts = direct ?? (amperes === null || volts === null ? null : amperes * volts);
  if (watts === null || Math.abs(watts) > 150) return null;
  if (state === 'discharging') return watts === 0 ? null : -Math.abs(watts);
  return state === 'charging' ? Math.abs(watts) : watts;
}

function percentOf(cells: readonly Cell[], energy: number | null, full: number | null): number | null {
  const only = cells.length === 1 ? cells[0]?.percent : null;
  if (typeof only === 'number') return only;
  if (energy !== null && full) return within(tenth((energy / full) * 100), 0, 100);
  const total = sum(cells.map((cell) => cell.percent));
  return total === null ? null : tenth(total / cells.length);
}

function stateOf(cells: readonly Cell[]): BatteryState {
  const states = cells.map((cell) => cell.state);
  for (const state of ['discharging', 'charging', 'unknown', 'notCharging'] as const)
    if (states.includes(state)) return state;
  return 'charged';
}

/** `online` is 1, or 2 for a supply that can be programmed. Without any mains the battery's word counts. */
function onACOf(mains: readonly (number | null)[], state: BatteryState): boolean | null {
  if (mains.some((online) => online === 1 || online === 2)) return true;
  if (mains.includes(0)) return false;
  return state === 'unknown' ? null : state !== 'discharging';
}

function word(supply: SupplyFiles, name: string): string {
  return supply.get(name)?.trim() ?? '';
}

function number(supply: SupplyFiles, name: string): number | null {
  return wholeNumber(supply.get(name));
}

function micro(supply: SupplyFiles, name: string): number | null {
  const value = number(supply, name);
  return value === null ? null : value / 1_000_000;
}

/** The sum, or null when any part is unknown: an incomplete sum would be a wrong number. */
function sum(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (total, value) => (total === null || value === null ? null : total + value),
    0,
  );
}

function highest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
