import type { Situation } from './cadence.ts';
import {
  freshEstimator,
  noteStep,
  takeSample,
  type BatterySample,
  type EstimatorState,
} from './estimator.ts';
import { JUMP_SECONDS, noReading, takeReading, type JumpState } from './plausible-jump.ts';
import type { BatteryReading, Sample } from './readings.ts';
import { isStale, madeStale } from './staleness.ts';

type BatterySampleOf = Sample<BatteryReading>;

/**
 * The battery in one picture from two voices: `status` says percentage and AC (on macOS by an event
 * stream), `gauge` says charge, volts and amperes (macOS only; elsewhere the status says all).
 */
export interface BatteryTrack {
  readonly status: BatterySampleOf | null;
  readonly gauge: BatterySampleOf | null;
  readonly presence: Situation['battery'];
  /** The last known word on AC; null before the first. */
  readonly onAC: boolean | null;
  readonly jump: JumpState;
  readonly estimator: EstimatorState;
  /** Grows with each sample that the estimator took. */
  readonly estimates: number;
}

export const freshBattery: BatteryTrack = {
  status: null,
  gauge: null,
  presence: 'unknown',
  onAC: null,
  jump: noReading,
  estimator: freshEstimator,
  estimates: 0,
};

/** Takes what `pmset`, its stream, or sysfs said. */
export function noteStatus(track: BatteryTrack, status: BatterySampleOf, timeScale: number): BatteryTrack {
  if (!status.value.present) return withoutBattery(track);
  const next = { ...track, status, presence: 'present' as const };
  const read = withReading(next, status, timeScale);
  // A gauge that answers is the finer estimate; counting both would count every minute twice.
  return gaugeAnswers(next, status.atMs) ? read : estimated(read, status.atMs);
}

/** Takes what `ioreg` said. */
export function noteGauge(track: BatteryTrack, gauge: BatterySampleOf, timeScale: number): BatteryTrack {
  const next = { ...track, gauge };
  const { status } = next;
  const confirms = status === null || confirmsStatus(status, gauge);
  return estimated(confirms ? withReading(next, gauge, timeScale) : next, gauge.atMs);
}

/** The host says that it changed to or from AC; the sources will follow. */
export function noteAC(track: BatteryTrack, onAC: boolean): BatteryTrack {
  return onAC === track.onAC ? track : { ...track, onAC, estimator: freshEstimator };
}

/** The app itself changed the load. */
export function noteKnownStep(track: BatteryTrack): BatteryTrack {
  return { ...track, estimator: noteStep(track.estimator) };
}

/** After a sleep nothing read before it says anything about now, and the percentage may have jumped. */
export function noteWake(track: BatteryTrack): BatteryTrack {
  return {
    ...track,
    status: track.status && madeStale(track.status),
    gauge: null,
    jump: noReading,
    estimator: freshEstimator,
  };
}

/** The gauge has answered within its last three periods. */
export function gaugeAnswers(track: BatteryTrack, nowMs: number): boolean {
  return track.gauge !== null && track.gauge.value.percent !== null && !isStale(track.gauge, nowMs);
}

/** What is known now, with the percentage that is believed; null before the first reading. */
export function currentBattery(track: BatteryTrack, nowMs: number): BatterySampleOf | null {
  const { status, jump } = track;
  if (status === null) return null;
  const gauge = track.gauge !== null && !isStale(track.gauge, nowMs) ? track.gauge : null;
  const spoken = gauge !== null && confirmsStatus(status, gauge) ? gauge : status;
  const { onAC, state, osMinutes } = spoken.value;
  const percent = spoken.value.percent === null ? null : jump.believed;
  const details = gauge?.value ?? spoken.value;
  // Watts of before the plug was pulled say nothing about after it.
  const powerWatts = details.onAC === onAC ? details.powerWatts : null;
  // A charge that jumped with the percentage is as doubtful as that.
  const energyWattHours = jump.doubt === null ? details.energyWattHours : null;
  return { ...spoken, value: { ...details, percent, onAC, state, osMinutes, powerWatts, energyWattHours } };
}

/** What the estimator is told of a reading. */
export function estimatorSample({ value, atMs }: BatterySampleOf): BatterySample {
  return { ...value, atMs };
}

/** The stream is right as long as it has spoken within its check interval; then the gauge confirms or corrects it. */
function confirmsStatus(status: BatterySampleOf, gauge: BatterySampleOf): boolean {
  return (
    gauge.value.percent !== null && gauge.value.onAC !== null && gauge.atMs - status.atMs >= gauge.periodMs
  );
}

/** Once a battery was seen, "no battery" is a gap in what is known, not a desktop. */
function withoutBattery(track: BatteryTrack): BatteryTrack {
  if (track.presence === 'present') return track;
  return { ...track, presence: track.presence === 'unknown' ? 'absentOnce' : 'absent', onAC: true };
}

function withReading(track: BatteryTrack, { value, atMs }: BatterySampleOf, timeScale: number): BatteryTrack {
  const plugged = value.onAC === null ? track : noteAC(track, value.onAC);
  if (value.percent === null) return plugged;
  const dwellMs = (JUMP_SECONDS * 1000) / timeScale;
  return { ...plugged, jump: takeReading(track.jump, value.percent, atMs, dwellMs) };
}

function estimated(track: BatteryTrack, nowMs: number): BatteryTrack {
  const current = currentBattery(track, nowMs);
  if (current === null) return track;
  const sample = { ...estimatorSample(current), atMs: nowMs };
  return {
    ...track,
    estimator: takeSample(track.estimator, sample),
    estimates: track.estimates + 1,
  };
}
