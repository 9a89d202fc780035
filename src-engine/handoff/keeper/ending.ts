import type { LeaveReason } from '../../../src-shared/world/handoff.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { Counters, DeadOutcome } from '../ports.ts';
import { limitsOf } from '../handoff-limits.ts';
import { coolDownMs, isFlapping, recentDepartures, returnsFailed } from './flaps.ts';
import type { Draft } from './keeper-types.ts';
import { reportOf } from './keeper-report.ts';
import { CORE_ALONE, REPORT_WAIT_MS } from './limits.ts';
import * as moves from './moves.ts';
import type { Ending } from './record.ts';

/** How departures, losses and returns begin and end: epoch, report, cool-down, and what holds afterwards. */

/** A new epoch: late words of the one before are old from here on. */
export function begin(
  draft: Draft,
  what: {
    readonly unplanned: boolean;
    readonly reasons: readonly LeaveReason[];
    /** It cuts something else short: steps, evidence and figures go on. */
    readonly goesOn?: boolean;
  },
): void {
  makeReport(draft);
  const { state, now } = draft;
  moves.patch(draft, {
    epoch: state.epoch + 1,
    handoffId: now.id,
    reasons: [...what.reasons].slice(0, 10),
    forced: what.reasons.some(({ level }) => level === 'forced'),
    unplanned: what.unplanned,
    prepared: false,
    checked: false,
    drained: false,
  });
  moves.patchLive(draft, { heardEpoch: false, asked: null, ackLive: false });
  if (what.goesOn !== true) newAccount(draft);
}

function newAccount(draft: Draft): void {
  const { state, now } = draft;
  const ledHere = state.state === 'WARNED' || state.state === 'SUSPECT' ? state.state : null;
  // What was read when the link became suspect is where a loss begins; older figures are of another time.
  const first = ledHere === 'SUSPECT' ? state.counters.last : null;
  moves.patch(draft, {
    startedAt: moves.isoAt(draft),
    startedMs: now.ms,
    noPeer: false,
    deadlineAtMs: null,
    deadlineWasMs: null,
    before: state.seen,
    counters: { begin: first, moved: first, last: first },
    steps: [],
    evidence: [],
    cut: [],
    cutCount: 0,
    resent: 0,
    probes: 0,
  });
  if (ledHere === null) return;
  moves.openStep(draft, ledHere, null);
  const [step] = draft.state.steps;
  if (step === undefined) return;
  const elapsedMs = now.ms - state.sinceMs;
  moves.patch(draft, {
    steps: [{ ...step, startedAt: state.since, startedMs: state.sinceMs, elapsedMs, outcome: 'done' }],
  });
}

/** It is over; the report follows when its last figures are there, or cannot be had. */
export function conclude(
  draft: Draft,
  kind: Ending['kind'],
  outcome: Ending['outcome'],
  why: Problem | null = null,
): void {
  moves.patch(draft, { ending: { kind, outcome, problem: why, sinceMs: draft.now.ms } });
}

/** Over, and the next thing begins at once: the report is of what was read last. */
export function concludeNow(
  draft: Draft,
  kind: Ending['kind'],
  outcome: Ending['outcome'],
  why: Problem | null = null,
): void {
  makeReport(draft);
  conclude(draft, kind, outcome, why);
  makeReport(draft);
}

/** The edge has no share and is out of the pool; a cool-down begins. What hung on it is sent again or cut by `dead`. */
export function enterOut(
  draft: Draft,
  state: 'OFFLINE' | 'LOST',
  kind: Ending['kind'],
  outcome: Ending['outcome'],
  why: Problem | null = null,
): void {
  const byPersonAlone = state === 'OFFLINE' && isPersonsOwn(draft.state.reasons);
  moves.enter(draft, state, 'none');
  conclude(draft, kind, outcome, why);
  const { now } = draft;
  const hadShare = draft.state.before?.edge !== 0 || draft.state.seen?.edge !== 0;
  const counted = kind !== 'return' && !byPersonAlone && hadShare;
  const departures = counted ? [...draft.state.departures, now.ms] : draft.state.departures;
  const past = { departures, failedReturns: draft.state.failedReturns };
  moves.patch(draft, {
    first: false,
    owesFullReturn: false,
    out: false,
    departures: recentDepartures(past, now.ms, now.timeScale, limitsOf(now)).slice(-50),
    coolDownAtMs: now.ms + coolDownMs(past, now.ms, now.timeScale, limitsOf(now)),
  });
  moves.note(draft, state.toLowerCase(), state === 'LOST' ? 'the edge is lost' : 'the edge is off', {
    shares: draft.state.seen,
    problem: why,
  });
  moves.startAct(draft, { do: 'dead' });
}

function isPersonsOwn(reasons: readonly LeaveReason[]): boolean {
  return reasons.length > 0 && reasons.every(({ name }) => name === 'user');
}

/** The front lets nothing through to the edge any more: from here on it may be closed. */
export function onDead(draft: Draft, dead: DeadOutcome): void {
  const { state } = draft;
  moves.patch(draft, {
    seen: CORE_ALONE,
    ours: [CORE_ALONE],
    out: true,
    zeroLive: true,
    proven: true,
    cut: [...state.cut, ...dead.cut].slice(0, 20),
    cutCount: state.cutCount + dead.cutCount,
    resent: state.resent + dead.resent,
  });
  moves.stepFacts(draft, { resent: dead.resent, cut: dead.cutCount, deadMs: dead.elapsedMs });
  moves.witness(draft, 'weight 0 and taken out of the pool', {
    resent: dead.resent,
    cut: dead.cutCount,
    elapsedMs: dead.elapsedMs,
  });
  if (state.live.ackLive) {
    moves.say(draft, { type: 'ACK', of: 'LEAVE_NOW', stage: 'live' });
    moves.patchLive(draft, { ackLive: false });
  }
  if (draft.state.ending !== null) moves.startAct(draft, { do: 'counters', once: true });
}

/** The last figures of what ended; null when they cannot be had. */
export function onLastCounters(draft: Draft, counters: Counters | null): void {
  if (counters !== null) keepCounters(draft, counters);
  if (draft.state.ending !== null) reportNow(draft);
}

export function keepCounters(draft: Draft, last: Counters): void {
  const { counters } = draft.state;
  moves.patch(draft, { counters: { ...counters, begin: counters.begin ?? last, last } });
}

/** On each tick: a report that waits for figures nobody gives is made without them. */
export function tickEnding(draft: Draft): void {
  const { state, now } = draft;
  if (state.ending === null) return;
  if (now.ms - state.ending.sinceMs >= REPORT_WAIT_MS) return reportNow(draft);
  const isOut = state.state === 'OFFLINE' || state.state === 'LOST';
  if (moves.isIdle(state) && (!isOut || state.out)) moves.startAct(draft, { do: 'counters', once: true });
}

function reportNow(draft: Draft): void {
  makeReport(draft);
  holdAfter(draft);
}

function makeReport(draft: Draft): void {
  const { ending } = draft.state;
  if (ending === null) return;
  const { state } = draft.state;
  if (state === 'OFFLINE' || state === 'LOST') moves.closeStep(draft, 'done');
  moves.patch(draft, { ending: null });
  draft.effects.push({ type: 'report', report: reportOf(draft.state, ending, draft.now.ms) });
}

/** Only once it is out and reported: what flaps, or failed twice, stays away until a person says otherwise. */
function holdAfter(draft: Draft): void {
  const { state, now } = draft;
  if (state.state !== 'OFFLINE' && state.state !== 'LOST') return;
  const why = returnsFailed(state)
    ? moves.problem('returnFailed', { attempts: state.failedReturns })
    : isFlapping(state, now.ms, now.timeScale, limitsOf(now))
      ? moves.problem('flapping', { departures: state.departures.length })
      : null;
  if (why === null || !state.out) return;
  moves.enter(draft, 'HOLD', 'none');
  moves.patch(draft, { hold: why });
  moves.note(draft, 'hold', `held: ${why.code}`, { problem: why });
}
