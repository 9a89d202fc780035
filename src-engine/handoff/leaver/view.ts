import type { Handoff, HandoffState } from '../../../src-shared/world/handoff.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import { acting, shown } from '../reasons/reasons.ts';
import { isDeparting } from './draft.ts';
import type { Departure, LeaverState, Moment } from './leaver-types.ts';

/**
 * What this edge shows: the core's last word, with this edge's own reasons and times; its own word where the core
 * cannot know better.
 */
export function viewOf(state: LeaverState, now: Moment): Handoff {
  const { phase, core } = state;
  const told = core === null || isOwnWord(state) ? null : core;
  const base = told?.handoff ?? ownView(state, now);
  const serving = phase.name === 'serving' ? phase : null;
  const putOff = serving?.notBefore?.why === 'person' ? serving.notBefore : null;
  return {
    ...base,
    state: shownState(state, base.state, now),
    reasons: shown(state.reasons).slice(0, 10),
    deadlineAt: departureOf(state)?.deadlineAt ?? base.deadlineAt,
    safeToCloseLid: safeToCloseLid(state),
    countdownEndsAt: serving?.countdown?.at ?? null,
    delayedUntil: putOff?.at ?? null,
    hold: ownProblem(state) ?? base.hold,
    toldAt: told?.toldAt ?? null,
  };
}

/** What the core has not heard yet is shown at once. */
function shownState({ phase, reasons }: LeaverState, told: HandoffState, now: Moment): HandoffState {
  if (told !== 'SERVING' && told !== 'WARNED') return told;
  if (phase.name === 'asking') return 'PREPARING';
  return acting(reasons, now.mayAct).length > 0 ? 'WARNED' : told;
}

/** Alone, or without a session in a state that only this edge can know of. */
function isOwnWord({ phase, session }: LeaverState): boolean {
  switch (phase.name) {
    case 'leftNow':
      return true;
    case 'draining':
    case 'drained':
    case 'stopping':
      return phase.departure.alone || session !== 'open';
    case 'out':
    case 'gone':
    case 'starting':
      return session !== 'open';
    case 'serving':
    case 'asking':
    case 'prepared':
      return false;
  }
}

function ownView(state: LeaverState, now: Moment): Handoff {
  const departure = departureOf(state);
  const { phase, core } = state;
  const last = phase.name === 'gone' ? phase.departure : departure;
  return {
    state: ownState(state),
    since: state.phaseAt,
    reasons: acting(state.reasons, now.mayAct).slice(0, 10),
    deadlineAt: departure?.deadlineAt ?? null,
    safeToCloseLid: null,
    handoffId: (last?.handoffId ?? '') || state.handoffId || null,
    epoch: state.epoch,
    countdownEndsAt: null,
    delayedUntil: null,
    hold: null,
    unplanned: phase.name === 'leftNow',
    steps: [...(last?.steps ?? [])],
    returning: null,
    coolDownUntil: core?.handoff.coolDownUntil ?? null,
    lastReport: state.lastReport ?? core?.handoff.lastReport ?? null,
    toldAt: null,
  };
}

function ownState({ phase }: LeaverState): HandoffState {
  switch (phase.name) {
    case 'serving':
      return 'SERVING';
    case 'asking':
      return 'PREPARING';
    case 'prepared':
      return 'SHIFTING';
    case 'draining':
    case 'drained':
      return 'DRAINING';
    case 'stopping':
      return 'RELEASED';
    case 'out':
    case 'gone':
    case 'starting':
    case 'leftNow':
      return 'OFFLINE';
  }
}

/** True from the end of DRAINING, weight 0 proven, and while this edge has had no share since; null: nobody can tell. */
export function safeToCloseLid({ phase, noShare, core }: LeaverState): boolean | null {
  switch (phase.name) {
    case 'serving':
      return false;
    case 'asking':
    case 'prepared':
    case 'draining':
      return phase.departure.fromOut && noShare;
    case 'drained':
      return core?.handoff.safeToCloseLid === true || (phase.departure.fromOut && noShare);
    case 'out':
    case 'gone':
    case 'starting':
    case 'stopping':
    case 'leftNow':
      return noShare ? true : null;
  }
}

function ownProblem(state: LeaverState): Problem | null {
  if (state.problem !== null) return state.problem;
  return departureOf(state)?.stalled === true ? { code: 'coreAway', params: {} } : null;
}

function departureOf({ phase }: LeaverState): Departure | null {
  return isDeparting(phase) || phase.name === 'stopping' ? phase.departure : null;
}

/** Why this edge would not leave now, for the dry run. */
export function problemsOf(state: LeaverState): readonly Problem[] {
  const { phase, session, gate } = state;
  const found: Problem['code'][] = [];
  if (session !== 'open') found.push('coreAway');
  if (gate === null) found.push('gateDown');
  if (isDeparting(phase) || phase.name === 'stopping') found.push('departureRuns');
  return found.map((code) => ({ code, params: {} }));
}
