import type { BatteryState } from '../../src-shared/world/vitals.ts';

/**
 * What the sources of this room say, before any judgement. Units are in the names; null is unknown.
 * Sentinels of the operating systems (65535, `20:00`, 2^64-x) never get as far as these types.
 */

/** A reading with the moment it was taken. */
export interface Sample<T> {
  readonly value: T;
  /** The tool, file or API that said it. */
  readonly source: string;
  /** Monotonic milliseconds. */
  readonly atMs: number;
  /** Wall time, ISO-8601; for people. */
  readonly sampledAt: string;
  /** The sampling period that was in force, in milliseconds; three of them make it stale. */
  readonly periodMs: number;
}

export type MemoryLevel = 'normal' | 'warn' | 'critical';

export interface MemoryReading {
  readonly usedBytes: number;
  readonly availableBytes: number;
  readonly totalBytes: number;
  readonly wiredBytes: number | null;
  /** RAM that the compressor occupies. */
  readonly compressedBytes: number | null;
  /** What is in the compressor, at its original size. */
  readonly compressorInputBytes: number | null;
  readonly fileCacheBytes: number | null;
  readonly swapUsedBytes: number | null;
  readonly swapTotalBytes: number | null;
  /** What the stages go by: the kernel's own level (macOS), or what is available (Linux). */
  readonly basis: 'pressureLevel' | 'available';
  /** The kernel's level; null where it has none (Linux). */
  readonly level: MemoryLevel | null;
  /** 0..1, see memorySchema. */
  readonly pressureRatio: number | null;
  readonly stallSomePercent: number | null;
  readonly stallFullPercent: number | null;
}

export interface BatteryReading {
  /** False: this machine has no battery (all else is null then, and it runs on AC). */
  readonly present: boolean;
  readonly percent: number | null;
  readonly onAC: boolean | null;
  readonly state: BatteryState;
  /** Minus means discharge; -150..150. */
  readonly powerWatts: number | null;
  readonly energyWattHours: number | null;
  readonly fullWattHours: number | null;
  readonly designWattHours: number | null;
  readonly osMinutes: number | null;
  readonly temperatureCelsius: number | null;
  readonly cycles: number | null;
  readonly healthPercent: number | null;
}

export interface ThermalReading {
  /** 0..4, see thermalSchema. */
  readonly level: number | null;
  readonly cpuCelsius: number | null;
}

export interface LoadReading {
  readonly cpuPercent: number | null;
  readonly load1: number | null;
}

export interface DiskReading {
  readonly path: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export interface LidReading {
  readonly closed: boolean;
}

export interface VmReading {
  readonly runtime: string;
  readonly configuredBytes: number | null;
  readonly guestTotalBytes: number | null;
  readonly guestUsedBytes: number | null;
}

export const noBattery: BatteryReading = {
  present: false,
  percent: null,
  onAC: true,
  state: 'unknown',
  powerWatts: null,
  energyWattHours: null,
  fullWattHours: null,
  designWattHours: null,
  osMinutes: null,
  temperatureCelsius: null,
  cycles: null,
  healthPercent: null,
};

/** A battery of which nothing is known yet. */
export const unknownBattery: BatteryReading = { ...noBattery, present: true, onAC: null };

/** The value when it is a number of that range, else null: what a sensor may say must be checked. */
export function within(value: number | null | undefined, low: number, high: number): number | null {
  return typeof value === 'number' && value >= low && value <= high ? value : null;
}

/** A whole number in decimal digits, with an optional minus, that a double holds exactly; else null. */
export function wholeNumber(text: string | null | undefined): number | null {
  const trimmed = text?.trim() ?? '';
  if (!/^-?\d{1,15}$/.test(trimmed)) return null;
  return Number(trimmed);
}

/** The operating system's minutes without its sentinels: 0, 1200 (the clamp), 65535, negatives are unknown. */
export function honestMinutes(minutes: number | null): number | null {
  const value = within(minutes, 1, 1199);
  return value === null ? null : Math.round(value);
}
