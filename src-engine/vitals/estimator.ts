/**
 * Minutes until the battery reaches a percentage. Research/vitals.md, section 4, chose by simulation:
 * power = max(EWMA 60 s, EWMA 260 s), the slow one restarted at steps that the app itself causes, so
 * that a cluster start is not followed by minutes of optimism. No time scale divides anything here.
 */
export interface EstimatorState {
  /** First sample of this spell on battery; null on AC. */
  readonly sinceMs: number | null;
  readonly lastMs: number | null;
  readonly samples: number;
  /** Watts drawn, positive. */
  readonly fastWatts: number | null;
  readonly slowWatts: number | null;
  /** Percentages of the last half hour, for batteries that tell no power. */
  readonly points: readonly { readonly atMs: number; readonly percent: number }[];
}

export interface BatterySample {
  readonly atMs: number;
  readonly onAC: boolean | null;
  readonly percent: number | null;
  /** Minus means discharge. */
  readonly powerWatts: number | null;
  readonly energyWattHours: number | null;
  readonly fullWattHours: number | null;
  readonly osMinutes: number | null;
}

export interface Estimate {
  readonly minutesToDrain: number | null;
  readonly minutesToStop: number | null;
  readonly confidence: 'none' | 'low' | 'good';
  readonly basis: 'energy' | 'percent' | 'os' | null;
}

/** After a plug, an unplug, a wake, or a gap: nothing of before counts. */
export const freshEstimator: EstimatorState = {
  sinceMs: null,
  lastMs: null,
  samples: 0,
  fastWatts: null,
  slowWatts: null,
  points: [],
};

export const unknownEstimate: Estimate = {
  minutesToDrain: null,
  minutesToStop: null,
  confidence: 'none',
  basis: null,
};

const FAST_MS = 60_000;
const SLOW_MS = 260_000;
const GAP_MS = 180_000;
const POINTS_MS = 1_800_000;
const POINT_SPACING_MS = 10_000;
const LOW_AFTER_MS = 120_000;
const GOOD_AFTER_MS = 300_000;
const FIRST_SAMPLES = 3;
/** Whole percents are coarse: less of a fall than this gives no slope to speak of. */
const LEAST_FALL_POINTS = 2;
const GOOD_FALL_POINTS = 3;
/** Beyond this the systems' own figure is a clamp; no answer is more honest. */
const MOST_MINUTES = 1199;

/** A step that the app knows of, such as a cluster's start: what the slow average remembers is void. */
export function noteStep(state: EstimatorState): EstimatorState {
  return { ...state, slowWatts: null, points: state.points.slice(-1) };
}

export function takeSample(state: EstimatorState, sample: BatterySample): EstimatorState {
  if (sample.onAC !== false) return freshEstimator;
  const gap = state.lastMs !== null && sample.atMs - state.lastMs > GAP_MS;
  const before = gap ? freshEstimator : state;
  const sinceLastMs = before.lastMs === null ? 0 : sample.atMs - before.lastMs;
  const watts = sample.powerWatts !== null && sample.powerWatts < 0 ? -sample.powerWatts : null;
  return {
    sinceMs: before.sinceMs ?? sample.atMs,
    lastMs: sample.atMs,
    samples: before.samples + 1,
    fastWatts: average(before.fastWatts, watts, sinceLastMs, FAST_MS),
    slowWatts: average(before.slowWatts, watts, sinceLastMs, SLOW_MS),
    points: withPoint(before.points, sample),
  };
}

/**
 * @param sample the newest reading: the charge that is left
 * @param limits percentages to count down to
 */
export function estimate(
  state: EstimatorState,
  sample: BatterySample,
  limits: { readonly drainPercent: number; readonly stopPercent: number },
): Estimate {
  if (sample.onAC !== false || sample.percent === null || state.sinceMs === null) return unknownEstimate;
  const confidence = confidenceOf(state);
  if (confidence === 'none') return unknownEstimate;
  const percent = sample.percent;
  const slope = byEnergy(state, sample) ?? byPercent(state) ?? byOs(sample, percent);
  if (slope === null) return unknownEstimate;
  const left = slope.left ?? percent;
  const minutesTo = (limit: number): number | null => {
    if (percent <= limit) return 0;
    const minutes = Math.max(0, left - limit) / slope.pointsPerMinute;
    return minutes <= MOST_MINUTES ? minutes : null;
  };
  return {
    minutesToDrain: minutesTo(limits.drainPercent),
    minutesToStop: minutesTo(limits.stopPercent),
    confidence: slope.trusted ? confidence : 'low',
    basis: slope.basis,
  };
}

interface Slope {
  readonly basis: 'energy' | 'percent' | 'os';
  /** Points of a full battery per minute, above 0. */
  readonly pointsPerMinute: number;
  /** What is left, finer than the whole percentage; null: the percentage itself. */
  readonly left: number | null;
  /** False: good confidence is never claimed. */
  readonly trusted: boolean;
}

function byEnergy(state: EstimatorState, sample: BatterySample): Slope | null {
  const watts = Math.max(state.fastWatts ?? 0, state.slowWatts ?? 0);
  const full = sample.fullWattHours;
  if (watts <= 0 || full === null || full <= 0) return null;
  const left = sample.energyWattHours === null ? null : (sample.energyWattHours / full) * 100;
  return { basis: 'energy', pointsPerMinute: ((watts / 60) * 100) / full, left, trusted: true };
}

/** Ordinary least squares over the last half hour of whole percents. */
function byPercent(state: EstimatorState): Slope | null {
  const [first, last] = [state.points[0], state.points.at(-1)];
  if (first === undefined || last === undefined) return null;
  const fall = first.percent - last.percent;
  if (fall < LEAST_FALL_POINTS) return null;
  const count = state.points.length;
  const meanMs = state.points.reduce((sum, point) => sum + point.atMs, 0) / count;
  const meanPercent = state.points.reduce((sum, point) => sum + point.percent, 0) / count;
  let [above, below] = [0, 0];
  for (const point of state.points) {
    above += (point.atMs - meanMs) * (point.percent - meanPercent);
    below += (point.atMs - meanMs) ** 2;
  }
  const pointsPerMinute = below === 0 ? 0 : (-above / below) * 60_000;
  if (pointsPerMinute <= 0) return null;
  return { basis: 'percent', pointsPerMinute, left: null, trusted: fall >= GOOD_FALL_POINTS };
}

/** The system's minutes are to 0 %, and not dependable (research/vitals.md, section 2): last, and never good. */
function byOs(sample: BatterySample, percent: number): Slope | null {
  if (sample.osMinutes === null || percent <= 0) return null;
  return { basis: 'os', pointsPerMinute: percent / sample.osMinutes, left: null, trusted: false };
}

function confidenceOf(state: EstimatorState): Estimate['confidence'] {
  const onBatteryMs = (state.lastMs ?? 0) - (state.sinceMs ?? 0);
  if (state.samples < FIRST_SAMPLES || onBatteryMs < LOW_AFTER_MS) return 'none';
  return onBatteryMs < GOOD_AFTER_MS ? 'low' : 'good';
}

function average(
  old: number | null,
  value: number | null,
  elapsedMs: number,
  constantMs: number,
): number | null {
  if (value === null) return old;
  if (old === null) return value;
  return old + (value - old) * (1 - Math.exp(-elapsedMs / constantMs));
}

function withPoint(
  points: EstimatorState['points'],
  { atMs, percent }: BatterySample,
): EstimatorState['points'] {
  if (percent === null) return points;
  const before = points.at(-2);
  const last = points.at(-1);
  const tooClose = before !== undefined && last !== undefined && last.atMs - before.atMs < POINT_SPACING_MS;
  const kept = tooClose ? points.slice(0, -1) : points;
  return [...kept.filter((point) => atMs - point.atMs <= POINTS_MS), { atMs, percent }];
}
