import type { HandoffLimits } from '../../../src-shared/settings.ts';
import { defaultLimits } from '../handoff-limits.ts';
import type { Counters, ProbeOutcome } from '../ports.ts';

/** Does what an edge on its way back did at one share allow the next share? Values in, values out. */

type ReturnLimits = HandoffLimits['return'];

export interface WindowNeeds {
  readonly dwellMs: number;
  /** Requests through the front. */
  readonly requests: number;
}

/** One batch of probes, core and edge at the same time so that both met the same conditions. */
export interface PairBatch {
  readonly sent: number;
  readonly edgeOk: number;
  readonly edgeWrong: number;
  readonly coreP95Ms: number | null;
  readonly edgeP95Ms: number | null;
}

export interface WindowSeen {
  readonly elapsedMs: number;
  /** Share of the edge as written, 0..100. */
  readonly share: number;
  /** Null while they cannot be read: no data. */
  readonly from: Counters | null;
  readonly to: Counters | null;
  /** Requests of ours through the front, of those that the counters may not show. */
  readonly toppedUp: number;
  readonly batches: readonly PairBatch[];
}

export type WindowVerdict =
  | { readonly verdict: 'wait'; readonly requests: number; readonly missing: number }
  | { readonly verdict: 'pass'; readonly requests: number; readonly facts: WindowFacts }
  | { readonly verdict: 'bad'; readonly requests: number; readonly why: BadWhy; readonly facts: WindowFacts };
export type BadWhy = 'failures' | 'probesFailed' | 'wrongBackend' | 'slow' | 'share';
export type WindowFacts = Readonly<Record<string, number | string | boolean | null>>;

/** Defaults of limits.md: 10 % for 60 s and 100 requests, 50 % for 120 s and 500; a first admission and a cancelled departure 10 s and 20 s. */
function stepOf(share: number, how: ReturnLimits) {
  return share <= how.firstPercent
    ? { seconds: how.firstSeconds, short: how.admissionFirstSeconds, requests: how.firstRequests }
    : { seconds: how.secondSeconds, short: how.admissionSecondSeconds, requests: how.secondRequests };
}
const LEAST_REQUESTS = 20;
/** ±5 points over 500 requests, ±10 over 100; fewer tell nothing of a share. */
const SHARE_RULES = [
  { requests: 500, points: 5 },
  { requests: 100, points: 10 },
];
/** Connection errors in a row that end a return at once. */
const BURST = 5;

/**
 * @param share that is being tried; up to `firstPercent` (10 %) is the first step
 * @param short the steps of 10 s and 20 s, with as many requests less
 * @param timeScale divides time and requests; at least 20 requests
 */
export function windowNeeds(
  share: number,
  short: boolean,
  timeScale: number,
  how: ReturnLimits = defaultLimits.return,
): WindowNeeds {
  const step = stepOf(share, how);
  const seconds = short ? step.short : step.seconds;
  // A step without a length needs its requests all the same.
  const part = step.seconds === 0 ? 1 : seconds / step.seconds;
  const requests = (step.requests * part) / timeScale;
  return { dwellMs: (seconds * 1000) / timeScale, requests: Math.max(LEAST_REQUESTS, Math.ceil(requests)) };
}

/** The shares from one that stands (0: none) to the target, the target last. */
export function returnSteps(
  from: number,
  target: number,
  how: ReturnLimits = defaultLimits.return,
): number[] {
  return [...[how.firstPercent, how.secondPercent].filter((share) => share > from && share < target), target];
}

export function pairBatch(core: ProbeOutcome, edge: ProbeOutcome): PairBatch {
  return {
    sent: edge.sent,
    edgeOk: edge.ok,
    edgeWrong: edge.wrong,
    coreP95Ms: core.p95Ms,
    edgeP95Ms: edge.p95Ms,
  };
}

/** Requests that count for the window: the front's own figures, and ours where the front does not count them. */
export function windowRequests({ from, to, toppedUp }: WindowSeen): number {
  if (from === null || to === null) return 0;
  return to.core.requests + to.edge.requests - from.core.requests - from.edge.requests + toppedUp;
}

/** Too little is never a pass: it waits. */
export function judgeWindow(
  needs: WindowNeeds,
  seen: WindowSeen,
  how: ReturnLimits = defaultLimits.return,
): WindowVerdict {
  const requests = windowRequests(seen);
  const missing = Math.max(0, needs.requests - requests);
  const { from, to, batches } = seen;
  if (seen.elapsedMs < needs.dwellMs || missing > 0 || batches.length === 0 || from === null || to === null)
    return { verdict: 'wait', requests, missing };
  const edge = to.edge.requests - from.edge.requests;
  const total = edge + to.core.requests - from.core.requests;
  const failures = to.edge.failures - from.edge.failures;
  const sent = sum(batches.map((batch) => batch.sent));
  const good = sum(batches.map((batch) => batch.edgeOk));
  const facts: WindowFacts = {
    share: seen.share,
    requests: total,
    requestsEdge: edge,
    failures,
    probes: sent,
    probesOk: good,
    toppedUp: seen.toppedUp,
    coreP95Ms: batches.at(-1)?.coreP95Ms ?? null,
    edgeP95Ms: batches.at(-1)?.edgeP95Ms ?? null,
  };
  const why = whyBad(seen, { edge, total, failures, sent, good }, how);
  return why === null
    ? { verdict: 'pass', requests, facts }
    : { verdict: 'bad', requests, why, facts: { ...facts, why } };
}

interface WindowSums {
  readonly edge: number;
  readonly total: number;
  readonly failures: number;
  readonly sent: number;
  readonly good: number;
}

function whyBad({ batches, share }: WindowSeen, sums: WindowSums, how: ReturnLimits): BadWhy | null {
  // Whole millionths: 99.9 / 100 is a little more than 0.999.
  const least = Math.round(how.successPercent * 10_000) / 1_000_000;
  const { edge, total, failures, sent, good } = sums;
  if (batches.some((batch) => batch.edgeWrong > 0)) return 'wrongBackend';
  if (failures > 0 && edge - failures < least * edge) return 'failures';
  if (good < least * sent) return 'probesFailed';
  if (batches.filter((batch) => isSlow(batch, how)).length * 2 > batches.length) return 'slow';
  return isShareRight(share, edge, total) ? null : 'share';
}

/** p95 <= max(1.5 x core, core + 50 ms). Of several batches most must be slow: one may have met a busy moment. */
function isSlow({ coreP95Ms, edgeP95Ms }: PairBatch, how: ReturnLimits): boolean {
  if (edgeP95Ms === null || coreP95Ms === null) return false;
  return edgeP95Ms > Math.max(how.slowerRatio * coreP95Ms, coreP95Ms + how.slowerMs);
}

function isShareRight(share: number, edge: number, total: number): boolean {
  const rule = SHARE_RULES.find(({ requests }) => total >= requests);
  return rule === undefined || Math.abs((100 * edge) / total - share) <= rule.points;
}

/** The edge failed at least five times between two readings and answered nothing, or no probe of five reached it. */
export function isBurst(before: Counters | null, after: Counters | null, batch: PairBatch | null): boolean {
  if (batch !== null && batch.sent >= BURST && batch.edgeOk === 0) return true;
  if (before === null || after === null) return false;
  const failures = after.edge.failures - before.edge.failures;
  return failures >= BURST && failures >= after.edge.requests - before.edge.requests;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
