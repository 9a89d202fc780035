import type { TandemError } from '../../../src-shared/errors/result.ts';
import {
  acting,
  afterReturnAsked,
  blocking,
  isForced,
  names,
  silenced,
  withReason,
  without,
} from '../reasons/reasons.ts';
import { cancel } from './departure.ts';
import { due, enter, isDeparting, note, say, unasked } from './draft.ts';
import type { Draft, LeaverState, Moment } from './leaver-types.ts';
import { delayMs } from './limits.ts';
import { askAgain } from './settle.ts';

/** What people ask for, and why it is refused. */
export type Verb = 'leave' | 'cancel' | 'delay' | 'return';

/** Null: it is done. `coreAway` may pass while the first session is being made. */
export function refusal(state: LeaverState, verb: Verb, now: Moment): TandemError | null {
  switch (verb) {
    case 'leave':
      return state.phase.name === 'serving' && state.session !== 'open' ? error('coreAway') : null;
    case 'cancel':
      return cancelRefusal(state, now);
    case 'delay':
      if (isDeparting(state.phase) || state.phase.name === 'stopping') return error('departureRuns');
      return hasCountdown(state, now) ? null : error('nothingToCancel', { name: 'edge' });
    case 'return':
      return returnRefusal(state);
  }
}

function cancelRefusal(state: LeaverState, now: Moment): TandemError | null {
  const { phase } = state;
  if (phase.name === 'stopping') return error('tooLateToCancel');
  if (phase.name === 'serving')
    return hasCountdown(state, now) ? null : error('nothingToCancel', { name: 'edge' });
  if (!isDeparting(phase)) return error('nothingToCancel', { name: 'edge' });
  if (phase.departure.committed) return error('tooLateToCancel');
  if (!isForced(state.reasons, now.mayAct)) return null;
  const reasons = acting(state.reasons, now.mayAct).filter(({ level }) => level === 'forced');
  return error('reasonsLeft', { reasons: names(reasons) });
}

function returnRefusal(state: LeaverState): TandemError | null {
  const { phase } = state;
  const isHeld = state.core?.handoff.state === 'HOLD';
  if (phase.name === 'serving' && !isHeld) return error('alreadyServing');
  if (isDeparting(phase) && !isHeld) return error('departureRuns');
  const left = blocking(afterReturnAsked(state.reasons), true);
  if (left.length > 0) return error('reasonsLeft', { reasons: names(left) });
  return phase.name === 'stopping' || state.session === 'open' ? null : error('coreAway');
}

function hasCountdown({ phase, reasons }: LeaverState, now: Moment): boolean {
  return phase.name === 'serving' && acting(reasons, now.mayAct).some(({ level }) => level === 'drain');
}

function error(code: TandemError['code'], params: TandemError['params'] = {}): TandemError {
  return { code, params };
}

/** @param goNow and nothing more: skips the countdown that runs, and leaves its reason the only one */
export function onLeave(draft: Draft, goNow: boolean, detail: string | null): void {
  const { state, now } = draft;
  const { phase } = state;
  if (isDeparting(phase)) return askAgain(draft);
  if (phase.name === 'stopping') return;
  if (phase.name === 'serving' && goNow && detail === null && hasCountdown(state, now)) {
    note(draft, 'goNow', 'a person: go now');
    return enter(draft, { ...phase, countdown: due(now, 0), notBefore: null });
  }
  const reason = { name: 'user', level: 'drain', since: now.at, detail } as const;
  draft.state = { ...state, person: false, reasons: withReason(state.reasons, reason) };
}

export function onCancel(draft: Draft): void {
  const { phase, reasons } = draft.state;
  if (isDeparting(phase)) return cancel(draft, 'person');
  draft.state = { ...draft.state, reasons: silenced(without(reasons, 'user')) };
  note(draft, 'cancelled', 'cancelled in the countdown: person', { by: 'person', phase: phase.name });
}

/** The countdown begins anew when the time is over and its reason still stands. */
export function onDelay(draft: Draft): void {
  const { phase } = draft.state;
  if (phase.name !== 'serving') return;
  const until = due(draft.now, delayMs(draft.now));
  enter(draft, { ...phase, countdown: null, notBefore: { ...until, why: 'person' } });
  note(draft, 'delayed', 'put off by a person', { until: until.at });
}

/** Clears what only a person clears; the core skips its cool-down and its HOLD, not its checks. */
export function onReturn(draft: Draft): void {
  const before = draft.state.phase;
  if (isDeparting(before) && !before.departure.committed) cancel(draft, 'person');
  const { state, now } = draft;
  draft.state = { ...state, person: true, problem: null, reasons: afterReturnAsked(state.reasons) };
  note(draft, 'returnAsked', 'a person asks to return', { phase: state.phase.name });
  const { phase } = draft.state;
  if (phase.name === 'out') enter(draft, { ...phase, ...unasked });
  if (phase.name === 'gone') enter(draft, { ...phase, startAgainMs: null });
  // The core's HOLD ends by a person's word, wherever this edge is.
  if (phase.name === 'serving')
    say(draft, { type: 'ASK_RETURN', person: true, clusterReady: now.cluster.ready });
}
