/** How long heat has been at its level, and whether a level of 0 can be trusted. */
export interface ThermalTrack {
  readonly level: number | null;
  readonly levelSinceMs: number;
  readonly firstMs: number | null;
  readonly everAboveZero: boolean;
  readonly busySinceMs: number | null;
  readonly wasBusyLong: boolean;
}

export const freshThermal: ThermalTrack = {
  level: null,
  levelSinceMs: 0,
  firstMs: null,
  everAboveZero: false,
  busySinceMs: null,
  wasBusyLong: false,
};

/** An absent notify key answers 0 as well (research/vitals.md, section 2). */
const UNPROVEN_AFTER_MS = 7 * 24 * 3_600_000;
const BUSY_PERCENT = 80;
const BUSY_MS = 600_000;

export function noteLevel(track: ThermalTrack, level: number | null, nowMs: number): ThermalTrack {
  return {
    ...track,
    level,
    levelSinceMs: level === track.level ? track.levelSinceMs : nowMs,
    firstMs: track.firstMs ?? (level === null ? null : nowMs),
    everAboveZero: track.everAboveZero || (level ?? 0) > 0,
  };
}

export function noteBusy(track: ThermalTrack, cpuPercent: number | null, nowMs: number): ThermalTrack {
  const busySinceMs = cpuPercent !== null && cpuPercent > BUSY_PERCENT ? (track.busySinceMs ?? nowMs) : null;
  const long = busySinceMs !== null && nowMs - busySinceMs >= BUSY_MS;
  return { ...track, busySinceMs, wasBusyLong: track.wasBusyLong || long };
}

/** True when 0 is weak evidence of "cool": seven days of nothing but 0 although the CPU was busy. */
export function isUnproven(track: ThermalTrack, nowMs: number): boolean {
  if (track.level !== 0 || track.everAboveZero || track.firstMs === null) return false;
  return track.wasBusyLong && nowMs - track.firstMs >= UNPROVEN_AFTER_MS;
}

/** Whole seconds at the present level, 0 or more. */
export function secondsAtLevel(track: ThermalTrack, nowMs: number): number {
  return track.level === null ? 0 : Math.max(0, Math.floor((nowMs - track.levelSinceMs) / 1000));
}
