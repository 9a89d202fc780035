import type { TandemError } from '../../../src-shared/errors/result.ts';
import type { LeaveReason } from '../../../src-shared/world/handoff.ts';
import type { Problem, Shares } from '../../../src-shared/world/traffic.ts';
import type { Counters, LiveProof, ProbeOutcome } from '../ports.ts';
import { limitsOf } from '../handoff-limits.ts';
import { enterDraining, selfDrain } from './draining.ts';
import { begin, conclude } from './ending.ts';
import { hold } from './hold.ts';
import type { Draft } from './keeper-types.ts';
import * as limits from './limits.ts';
import * as moves from './moves.ts';

/** PREPARING, SHIFTING, VERIFYING: from the edge's wish until weight 0 is proven live. */

export interface Wish {
  readonly reasons: readonly LeaveReason[];
  readonly remainingMs: number | null;
  /** From a return, a hold or without a share: nothing to prepare, the weight goes down from where it stands. */
  readonly atOnce: boolean;
}

export function beginDeparture(draft: Draft, wish: Wish): void {
  const { now } = draft;
  const isForced = wish.reasons.some(({ level }) => level === 'forced');
  const leftMs = Math.min(now.deadlineMs, wish.remainingMs ?? now.deadlineMs);
  if (leftMs <= 0 && !isForced) return moves.reject(draft, moves.problem('deadlinePassed'));
  begin(draft, { unplanned: false, reasons: wish.reasons });
  moves.patch(draft, { deadlineAtMs: now.ms + Math.max(0, leftMs), deadlineWasMs: Math.max(0, leftMs) });
  moves.note(draft, 'preparing', 'the edge wants to leave', { reasons: wish.reasons, remainingMs: leftMs });
  if (wish.atOnce || leftMs <= 0) return shift(draft);
  moves.enter(draft, 'PREPARING', 'none', limits.stepLimits(leftMs, limitsOf(now)).preparingMs);
  moves.say(draft, { type: 'PREPARE', remainingMs: leftMs });
  moves.startAct(draft, { do: 'counters', once: true });
}

/** Reasons came or grew while it leaves: the deadline only ever comes nearer. */
export function wishAgain(draft: Draft, wish: Omit<Wish, 'atOnce'>): void {
  const { state, now } = draft;
  const until = wish.remainingMs === null ? null : now.ms + Math.max(0, wish.remainingMs);
  moves.patch(draft, {
    reasons: [...wish.reasons].slice(0, 10),
    forced: state.forced || wish.reasons.some(({ level }) => level === 'forced'),
    deadlineAtMs: until === null ? state.deadlineAtMs : Math.min(state.deadlineAtMs ?? until, until),
  });
}

/** The figures of the beginning; then the core proves itself. */
export function onPreparingCounters(draft: Draft): void {
  moves.startAct(draft, { do: 'check' });
}

export function onChecked(draft: Draft, probes: ProbeOutcome): void {
  const { state, now } = draft;
  const facts = { probes: probes.sent, probesOk: probes.ok, p95Ms: probes.p95Ms, fit: now.fitness.fit };
  moves.stepFacts(draft, facts);
  moves.witness(draft, 'the core side was probed', { ...facts, why: now.fitness.why });
  moves.patch(draft, { probes: state.probes + probes.sent });
  const isGood = probes.sent >= limits.CHECK_PROBES && probes.ok === probes.sent && probes.wrong === 0;
  if (isGood && now.fitness.fit !== false) return prepared(draft, { checked: true });
  // One bad batch on a busy machine says little: once more.
  if (!isGood && now.fitness.fit !== false && state.phase === 'none') {
    moves.setPhase(draft, 'again');
    return moves.startAct(draft, { do: 'check' });
  }
  const why = now.fitness.why ?? moves.problem('coreUnfit', { probes: probes.sent, ok: probes.ok });
  if (!state.forced) return back(draft, moves.problem('coreUnfit', why.params));
  moves.patch(draft, { noPeer: true });
  prepared(draft, { checked: true });
}

export function onPrepared(
  draft: Draft,
  word: { readonly inFlight: number | null; readonly fit: boolean; readonly why: Problem | null },
): void {
  if (draft.state.state !== 'PREPARING') return;
  moves.stepFacts(draft, { inFlightEdge: word.inFlight, edgeFit: word.fit });
  if (!word.fit && !draft.state.forced) return back(draft, word.why ?? moves.problem('edgeUnfit'));
  prepared(draft, { prepared: true });
}

function prepared(draft: Draft, part: { checked?: true; prepared?: true }): void {
  moves.patch(draft, part);
  if (draft.state.checked && draft.state.prepared) shift(draft);
}

/** Nothing was done yet: it serves on, and says why it does not leave. */
function back(draft: Draft, why: Problem): void {
  moves.closeStep(draft, 'failed');
  moves.reject(draft, why);
  stay(draft, 'failed', why);
}

/** Ends a departure that moved nothing. */
export function stay(draft: Draft, outcome: 'failed' | 'cancelled', why: Problem | null): void {
  moves.note(draft, outcome, `the departure was ${outcome}`, { problem: why });
  moves.enter(draft, draft.state.reasons.length > 0 ? 'WARNED' : 'SERVING', 'none');
  moves.patch(draft, { deadlineAtMs: null });
  conclude(draft, 'departure', outcome, why);
  moves.startAct(draft, { do: 'counters', once: true });
}

export function tickPreparing(draft: Draft): void {
  const { state } = draft;
  const limitMs = state.steps.at(-1)?.limitMs ?? limits.PREPARING_MS;
  if (moves.inStateMs(draft) < limitMs) return;
  moves.witness(draft, 'PREPARING took its limit', { checked: state.checked, prepared: state.prepared });
  if (!state.forced) return back(draft, moves.problem(state.checked ? 'peerSilent' : 'coreUnfit'));
  moves.patch(draft, { noPeer: state.noPeer || !state.checked });
  moves.closeStep(draft, 'cut');
  shift(draft);
}

/** 80 -> 40 -> 0, or straight to 0 when time is short or the share too small for a half to tell anything. */
export function shift(draft: Draft): void {
  const share = draft.state.seen?.edge ?? draft.now.target.edge;
  const isStraight = (moves.remainingMs(draft) ?? Infinity) < limits.ONE_STEP_BELOW_MS || share < 20;
  moves.enter(draft, 'SHIFTING', isStraight ? 'zero' : 'half', limits.SHIFTING_MS);
  moves.patch(draft, { counters: { ...draft.state.counters, moved: draft.state.counters.last } });
  moves.stepFacts(draft, { from: share, steps: isStraight ? 1 : 2 });
  moves.note(draft, 'shifting', `the edge's share goes from ${share} to 0`, { shares: draft.state.seen });
  moves.write(draft, isStraight ? 0 : Math.round(share / 2));
}

export function onShiftWritten(draft: Draft, live: Shares): void {
  moves.witness(draft, 'the front reads as written', { core: live.core, edge: live.edge });
  if (draft.state.phase === 'half' && live.edge > 0) {
    moves.setPhase(draft, 'looking');
    return moves.startAct(draft, { do: 'counters', once: true });
  }
  if (live.edge > 0) return moves.write(draft, 0);
  moves.say(draft, { type: 'ACK', of: 'INTENT', stage: 'written' });
  moves.enter(draft, 'VERIFYING', 'first', limits.VERIFYING_MS);
  verify(draft);
}

/** Somebody else writes weights: that is not for a program to decide, unless the edge must go. */
export function onConflict(draft: Draft, error: TandemError): void {
  moves.witness(draft, 'somebody else wrote weights', { ...error.params });
  if (draft.state.forced) return selfDrain(draft);
  hold(draft, moves.problem('weightConflict', error.params));
}

/** The first figures of the look at the core, or those after it; null: unknown, and no ground to stop. */
export function onLookCounters(draft: Draft, counters: Counters | null): void {
  const { state } = draft;
  if (state.phase !== 'looking') return;
  const { moved } = state.counters;
  if (moves.inPhaseMs(draft) < limits.LOOK_MS) {
    if (counters !== null) moves.patch(draft, { counters: { ...state.counters, moved: counters } });
    return;
  }
  const failures = counters === null || moved === null ? 0 : counters.core.failures - moved.core.failures;
  const requests = counters === null || moved === null ? 0 : counters.core.requests - moved.core.requests;
  moves.stepFacts(draft, { lookRequests: requests, lookFailures: failures });
  const isBad = failures >= limits.LOOK_FAILURES && failures > requests * limits.LOOK_FAILURE_SHARE;
  if (isBad && !state.forced) {
    moves.witness(draft, 'the core fails at half the share', { requests, failures });
    return hold(draft, moves.problem('coreUnfit', { requests, failures }));
  }
  moves.setPhase(draft, 'zero');
  moves.write(draft, 0);
}

export function tickShifting(draft: Draft): void {
  const { state } = draft;
  if (moves.inStateMs(draft) >= limits.SHIFTING_MS) {
    moves.witness(draft, 'SHIFTING took its limit: the front does not answer', { phase: state.phase });
    return state.forced ? selfDrain(draft) : hold(draft, moves.problem('frontDown'));
  }
  if (state.phase !== 'looking' || !moves.isIdle(state)) return;
  if (moves.inPhaseMs(draft) >= limits.LOOK_MS) moves.startAct(draft, { do: 'counters', once: true });
}

function verify(draft: Draft): void {
  const { lastShare, before } = draft.state;
  const leftMs = Math.max(1_000, moves.remainingMs(draft) ?? limits.VERIFYING_MS);
  const oldShares = lastShare ?? before ?? draft.now.target;
  moves.startAct(draft, { do: 'verify', oldShares, limitMs: Math.min(limits.VERIFYING_MS, leftMs) });
}

export function onVerified(draft: Draft, proof: LiveProof): void {
  moves.stepFacts(draft, { ...proof });
  moves.witness(draft, 'weight 0 is proven live', { ...proof });
  moves.patch(draft, { zeroLive: true, probes: draft.state.probes + proof.probes });
  enterDraining(draft);
}

/** Written once again, then it holds; a forced departure goes on with the edge's own readiness. */
export function onNotLive(draft: Draft, facts: Record<string, unknown>): void {
  moves.witness(draft, 'weight 0 is not live', facts);
  if (draft.state.phase === 'first') {
    moves.setPhase(draft, 'again');
    moves.stepFacts(draft, { writtenAgain: true });
    return moves.write(draft, 0, { again: true });
  }
  if (draft.state.forced) return selfDrain(draft);
  hold(draft, moves.problem('weightNotLive'));
}

export function onWrittenAgain(draft: Draft): void {
  moves.setPhase(draft, 'second');
  verify(draft);
}

/** A proof that cannot be made because the front is away ends like one that failed. */
export function tickVerifying(draft: Draft): void {
  const over = limits.VERIFYING_MS + limits.RETRY_MS;
  if (moves.inPhaseMs(draft) > over) onNotLive(draft, { phase: draft.state.phase, unanswered: true });
}
