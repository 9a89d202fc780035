import type { OpenRequest } from '../../../src-shared/handoff-messages.ts';
import type { LeaveReason } from '../../../src-shared/world/handoff.ts';
import { acting, find, names, silenced, without } from '../reasons/reasons.ts';
import { limitsOf } from '../handoff-limits.ts';
import { aloneReport } from './alone-report.ts';
import { beginDrain, drainVerdict, lateRequests } from './drain-watch.ts';
import {
  changeDeparture,
  enter,
  forced,
  goOut,
  isCoreAway,
  isDeparting,
  markTold,
  note,
  remainingMs,
  say,
  sending,
  setGate,
  toldReasons,
  withDeadline,
} from './draft.ts';
import type { Departure, Draft, Phase } from './leaver-types.ts';
import { SHUTDOWN_MS, stopLimitMs } from './limits.ts';
import { ended, stepTo } from './steps.ts';

/** The steps of a departure, in order. Each enters its phase and says what belongs to it. */

function freshDeparture({ state, now }: Draft, fromOut: boolean): Departure {
  return {
    startedMs: now.ms,
    startedAt: now.at,
    reasons: acting(state.reasons, now.mayAct),
    deadlineMs: null,
    deadlineAt: null,
    totalMs: null,
    handoffId: '',
    alone: false,
    fromOut,
    zeroLive: false,
    committed: false,
    heardMs: now.ms,
    stalled: false,
    steps: [],
    stepMs: now.ms,
    newRequests: 0,
    cut: [],
    cutCount: 0,
    stoppedMs: 0,
    stopForced: false,
  };
}

/** @param fromOut it has no share to give away; what is left to end is its cluster */
export function beginDeparture(draft: Draft, fromOut: boolean): void {
  const fresh = freshDeparture(draft, fromOut);
  draft.state = { ...draft.state, problem: null, person: false };
  note(draft, 'leaving', `leaving: ${names(fresh.reasons)}`, { reasons: fresh.reasons });
  const departure = forced(draft) ? withForcedDeadline(draft, fresh) : fresh;
  if (forced(draft) && isCoreAway(draft)) return drain(draft, departure, true);
  askCore(draft, departure);
}

/** A forced reason ends at its own time, whether the core answers or not. */
export function withForcedDeadline({ state, now }: Draft, departure: Departure): Departure {
  const isShutdown = find(state.reasons, 'shutdown') !== null;
  return withDeadline(departure, now, isShutdown ? SHUTDOWN_MS : now.deadlineMs);
}

/** INTENT(leave); said again on each session and every 5 s until PREPARE. */
export function askCore(draft: Draft, departure: Departure): void {
  const stepped = departure.steps.length === 0 ? stepTo(departure, 'PREPARING', draft.now, null) : departure;
  enter(draft, { name: 'asking', departure: stepped, saidMs: draft.now.ms });
  sayIntent(draft, stepped);
}

export function sayIntent(draft: Draft, departure: Departure): void {
  const reasons = [...toldReasons(draft)];
  say(draft, { type: 'INTENT', reasons, leave: true, remainingMs: remainingMs(departure, draft.now) });
  markTold(draft);
}

/** @param leftMs of the core's PREPARE: the deadline as it counts it, by our own clock */
export function prepare(draft: Draft, departure: Departure, leftMs: number | null): void {
  const { state, now } = draft;
  const heard = { ...departure, handoffId: state.handoffId, heardMs: now.ms, stalled: false };
  const timed = withDeadline(heard, now, leftMs ?? now.deadlineMs);
  enter(draft, { name: 'prepared', departure: stepTo(timed, 'SHIFTING', now, null) });
  const { gate } = state;
  say(draft, {
    type: 'PREPARED',
    inFlight: gate?.inFlight ?? null,
    fit: gate !== null,
    why: gate === null ? { code: 'gateDown', params: {} } : null,
  });
}

/**
 * Not ready, still serving, until nothing is under way.
 *
 * @param alone forced, and nobody proves that nothing comes: the front's own checks must see it
 */
export function drain(draft: Draft, departure: Departure, alone: boolean): void {
  const { state, now } = draft;
  setGate(draft, 'leaving');
  const watch = beginDrain(now.ms, remainingMs(departure, now), limitsOf(now));
  const id = alone ? departure.handoffId || `alone-${departure.startedAt}` : state.handoffId;
  const next = { ...departure, alone, handoffId: id, heardMs: now.ms, stalled: false };
  const stepped = stepTo(next, 'DRAINING', now, watch.limits.maxMs);
  enter(draft, { name: 'draining', departure: stepped, watch, cutting: false });
  draft.state = { ...draft.state, lookMs: now.ms };
  if (alone) note(draft, 'alone', 'draining without the core', { link: state.link, problem: state.problem });
}

export function judgeDrain(draft: Draft): void {
  const { phase } = draft.state;
  if (phase.name !== 'draining' || phase.cutting) return;
  switch (drainVerdict(phase.watch, draft.now.ms)) {
    case 'wait':
      return;
    case 'done':
      return finishDrain(draft, phase, []);
    case 'cut':
      enter(draft, { ...phase, cutting: true });
      draft.effects.push({ type: 'cut' });
  }
}

/** @param cut what was still open and is not any more */
export function finishDrain(
  draft: Draft,
  phase: Extract<Phase, { name: 'draining' }>,
  cut: readonly OpenRequest[],
): void {
  const { now } = draft;
  const newRequests = lateRequests(phase.watch, now.ms);
  const facts = { newRequests, cut: cut.length };
  const departure = {
    ...ended(phase.departure, cut.length > 0 ? 'cut' : 'done', now, facts),
    newRequests,
    cut: cut.slice(0, 20),
    cutCount: cut.length,
    heardMs: now.ms,
  };
  const elapsedMs = Math.round(now.ms - phase.watch.startedMs);
  note(draft, 'drained', `drained: ${cut.length} cut`, { ...facts, elapsedMs, open: departure.cut });
  // What forced it may be over: then nobody but the core may let it stop.
  if (departure.alone && forced(draft)) return stop(draft, departure);
  enter(draft, { name: 'drained', departure: { ...departure, alone: false }, saidMs: now.ms });
  sayDrained(draft);
}

export function sayDrained(draft: Draft): void {
  const { phase } = draft.state;
  if (phase.name !== 'drained') return;
  const { newRequests, cut, cutCount } = phase.departure;
  enter(draft, { ...phase, saidMs: draft.now.ms });
  say(draft, { type: 'DRAINED', newRequests, cut: [...cut], cutCount });
}

/** The point of no return. Called upon RELEASE, or when forced and alone. */
export function stop(draft: Draft, departure: Departure): void {
  const { now } = draft;
  const limitMs = stopLimitMs(remainingMs(departure, now), limitsOf(now));
  const next = { ...stepTo(departure, 'RELEASED', now, limitMs), stalled: false };
  const isProven = departure.zeroLive && !departure.alone;
  draft.state = { ...draft.state, noShare: draft.state.noShare || isProven };
  if (now.cluster.running === null) return gone(draft, next);
  enter(draft, { name: 'stopping', departure: next });
  draft.effects.push({ type: 'stopCluster', limitMs });
}

export function gone(draft: Draft, departure: Departure): void {
  const { now } = draft;
  const over = ended(stepTo(departure, 'OFFLINE', now, null), 'done', now, {});
  setGate(draft, 'stayOut');
  enter(draft, { name: 'gone', departure: over, startAgainMs: null });
  const { stoppedMs, stopForced: wasForced, alone } = over;
  note(draft, 'gone', 'left', { stoppedMs, forced: wasForced, alone });
  sayGone(draft);
  if (alone) draft.effects.push({ type: 'report', report: aloneReport(draft.state, over, now) });
}

export function sayGone(draft: Draft): void {
  const { phase } = draft.state;
  if (phase.name !== 'gone') return;
  const { departure } = phase;
  say(draft, {
    type: 'GONE',
    stoppedMs: departure?.stoppedMs ?? 0,
    forced: departure?.stopForced ?? false,
  });
}

/**
 * Turns round: the gate is ready again, the core brings the share back.
 *
 * @param by `person` and `core` (a person there): what caused it is silent from now on; `cleared`: nothing is left of it
 */
export function cancel(draft: Draft, by: 'person' | 'core' | 'cleared'): void {
  const { phase, reasons, gatePaused } = draft.state;
  if (!isDeparting(phase)) return;
  if (by !== 'cleared') draft.state = { ...draft.state, reasons: silenced(without(reasons, 'user')) };
  note(draft, 'cancelled', `cancelled while ${phase.name}: ${by}`, { by, phase: phase.name });
  if (by !== 'core') sayCancel(draft);
  if (gatePaused || phase.departure.fromOut) return goOut(draft);
  if (phase.name === 'draining' || phase.name === 'drained') setGate(draft, null);
  const { departure } = phase;
  const cancelled = by === 'core' ? null : { departure: { ...departure, alone: false }, released: false };
  enter(draft, { name: 'serving', countdown: null, notBefore: null, cancelled });
}

export function sayCancel(draft: Draft): void {
  say(draft, { type: 'CANCEL', reasons: [...toldReasons(draft)] });
  markTold(draft);
}

/** Lid or suspend: no time for more than a word. Still serving what comes. */
export function leaveNow(draft: Draft, reason: LeaveReason): void {
  const { now } = draft;
  sayLeaveNow(draft, reason);
  setGate(draft, 'leaving');
  enter(draft, { name: 'leftNow', sinceMs: now.ms, reason, acked: false, live: false });
  // What was under way before it turned away is no news of what is now.
  draft.state = { ...draft.state, gate: null, lookMs: now.ms };
  note(draft, 'leftNow', `leaving at once: ${reason.name}`, { reason });
}

export function sayLeaveNow(draft: Draft, reason: LeaveReason): void {
  draft.effects.push({ ...sending(draft, { type: 'LEAVE_NOW', reason }), type: 'leaveNow' });
  markTold(draft);
}

/** The core has taken the share away meanwhile, for its own reasons: what is left to end is the cluster. */
export function askWithoutShare(draft: Draft): void {
  const { phase } = draft.state;
  if (!isDeparting(phase)) return;
  const { departure } = phase;
  if (departure.fromOut && phase.name === 'asking') return;
  setGate(draft, 'stayOut');
  askCore(draft, { ...departure, fromOut: true, handoffId: '', heardMs: draft.now.ms, stalled: false });
}

/** The core gives a sign that it works on this departure. */
export function signOfLife(draft: Draft): void {
  changeDeparture(draft, { heardMs: draft.now.ms, stalled: false });
}
