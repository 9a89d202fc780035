import { assertNever } from '../../src-shared/assert-never.ts';

/** What is sampled. `gauge` is macOS's own reading of charge, volts and amperes. */
export const kinds = ['memory', 'battery', 'gauge', 'thermal', 'load', 'disk', 'lid', 'vm'] as const;
export type Kind = (typeof kinds)[number];

/** What the sampling periods depend on. */
export interface Situation {
  /** `root`: everything is a file under VITALS_ROOT. */
  readonly mode: 'root' | 'darwin' | 'linux';
  /** Someone looks: the popover is open. */
  readonly live: boolean;
  readonly clusterRunning: boolean;
  /** Null is unknown. */
  readonly onAC: boolean | null;
  /** Memory is at level warn or worse. */
  readonly memoryHigh: boolean;
  /** Heat is at level 2 or worse. */
  readonly thermalHigh: boolean;
  /** A jump of the percentage waits for readings that confirm it. */
  readonly percentInDoubt: boolean;
  /** `absentOnce`: no battery was listed; asked once more before it is believed. */
  readonly battery: 'unknown' | 'present' | 'absentOnce' | 'absent';
  /** macOS: the gauge answers, and so confirms percentage and AC each minute on battery. */
  readonly gaugeAnswers: boolean;
  readonly timeScale: number;
}

/** Seconds while nobody looks, while a cluster runs, and while somebody looks (vitals.md, section 7). */
type Row = readonly [hidden: number, cluster: number, live: number];

/** Nobody needs these: not sampled. */
const never = Infinity;

/** On macOS the battery speaks by itself; these are the checks of a source that only speaks on change. */
export const CHECK_ON_BATTERY_SECONDS = 60;
export const CHECK_ON_AC_SECONDS = 600;

/**
 * Milliseconds between two readings, divided by the time scale; null when the kind is not sampled now.
 */
export function periodMs(kind: Kind, at: Situation): number | null {
  const seconds = at.mode === 'root' ? rootSeconds(kind) : secondsOf(kind, at);
  return seconds === never ? null : (seconds * 1000) / at.timeScale;
}

/** Under VITALS_ROOT every source is read each second (design/limits.md). */
function rootSeconds(kind: Kind): number {
  return kind === 'gauge' || kind === 'vm' || kind === 'disk' ? never : 1;
}

function secondsOf(kind: Kind, at: Situation): number {
  switch (kind) {
    case 'memory':
      return atMost(pick([30, 15, 2], at), at.memoryHigh ? 5 : never);
    case 'load':
      return pick([30, 15, 2], at);
    case 'thermal':
      return atMost(pick([120, at.onAC === false ? 60 : 30, 5], at), at.thermalHigh ? 15 : never);
    case 'disk':
      return pick([300, 60, 10], at);
    case 'vm':
      // Asking Docker may start a virtual machine that its Resource Saver had stopped, so it is left
      // alone while nobody looks and no cluster runs.
      return pick([never, 60, 10], at);
    case 'lid':
      // With a cluster the spawn budget is spent on what decides; a closing lid is followed by `suspend`.
      return at.mode === 'darwin' ? pick([120, 600, 5], at) : pick([30, 15, 5], at);
    case 'battery':
      return at.mode === 'darwin'
        ? batteryCheckSeconds(at)
        : atMost(pick([30, 15, 5], at), at.percentInDoubt ? 5 : never);
    case 'gauge':
      return gaugeSeconds(at);
    default:
      return assertNever(kind);
  }
}

/** How often `pmset -g batt` re-reads what the event stream said last. */
function batteryCheckSeconds(at: Situation): number {
  if (at.battery === 'absent') return never;
  if (at.battery === 'absentOnce') return 5;
  // Three readings over 15 s decide about a jump.
  if (at.percentInDoubt) return 7.5;
  if (at.onAC === true) return CHECK_ON_AC_SECONDS;
  return at.gaugeAnswers ? CHECK_ON_AC_SECONDS : CHECK_ON_BATTERY_SECONDS;
}

function gaugeSeconds(at: Situation): number {
  if (at.mode !== 'darwin' || at.battery !== 'present') return never;
  return at.onAC === true && !at.live ? 1800 : 60;
}

function pick([hidden, cluster, live]: Row, at: Situation): number {
  if (at.live) return live;
  return at.clusterRunning ? cluster : hidden;
}

function atMost(seconds: number, limit: number): number {
  return Math.min(seconds, limit);
}

/** The period that makes the battery's state stale: on macOS its check interval (design/limits.md). */
export function batteryCheckMs(at: Situation): number {
  const seconds = at.onAC === false ? CHECK_ON_BATTERY_SECONDS : CHECK_ON_AC_SECONDS;
  return at.mode === 'darwin' ? (seconds * 1000) / at.timeScale : (periodMs('battery', at) ?? 1000);
}
