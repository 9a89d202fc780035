import { wholeNumber, within, type ThermalReading } from '../readings.ts';

/** One `/sys/class/thermal/thermal_zoneN`, as text; trips in their order. */
export interface ZoneFiles {
  readonly type: string | null;
  /** Millidegrees. */
  readonly temp: string | null;
  readonly trips: readonly { readonly type: string | null; readonly temp: string | null }[];
}

/** This near to the critical trip the machine is about to switch itself off. */
const NEAR_CRITICAL_CELSIUS = 5;
/** This near to the passive trip it is moderate, not nominal. */
const NEAR_PASSIVE_CELSIUS = 5;

/**
 * The level of the hottest zone by its own trips (research/vitals.md, section 6): passive 2, hot 3,
 * within 5 degrees of critical 4, else 0 or 1. A zone without usable trips says nothing about a level.
 *
 * @returns null when no zone says anything (a virtual machine)
 */
export function parseThermalZones(zones: readonly ZoneFiles[]): ThermalReading | null {
  const levels = zones.map(levelOf).filter((level) => level !== null);
  const degrees = zones
    .filter((zone) => /x86_pkg_temp|cpu|coretemp|soc/i.test(zone.type ?? ''))
    .map((zone) => within(celsius(zone.temp), -10, 125))
    .filter((value) => value !== null);
  if (levels.length === 0 && degrees.length === 0) return null;
  return {
    level: levels.length === 0 ? null : Math.max(...levels),
    cpuCelsius: degrees.length === 0 ? null : Math.max(...degrees),
  };
}

function levelOf(zone: ZoneFiles): number | null {
  const temperature = within(celsius(zone.temp), -60, 150);
  if (temperature === null) return null;
  const lowest = (type: string): number => {
    const temps = zone.trips
      .filter((trip) => trip.type?.trim() === type)
      // A trip that is switched off reads as 0 or below.
      .map((trip) => within(celsius(trip.temp), 1, 200))
      .filter((value) => value !== null);
    return Math.min(Infinity, ...temps);
  };
  const [passive, hot, critical] = [lowest('passive'), lowest('hot'), lowest('critical')];
  if (passive === Infinity && hot === Infinity && critical === Infinity) return null;
  if (temperature >= critical - NEAR_CRITICAL_CELSIUS) return 4;
  if (temperature >= hot) return 3;
  if (temperature >= passive) return 2;
  return temperature >= passive - NEAR_PASSIVE_CELSIUS ? 1 : 0;
}

function celsius(millidegrees: string | null): number | null {
  const value = wholeNumber(millidegrees);
  return value === null ? null : value / 1000;
}
