import type { Handoff } from '../../../src-shared/world/handoff.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import { limitsOf } from '../handoff-limits.ts';
import { isDeparting } from './hold.ts';
import type { KeeperState, Moment } from './keeper-types.ts';
import { windowNeeds, windowRequests } from './window.ts';

/** The keeper's state as the World, STATE and people see it. */
export function viewOf(
  state: KeeperState,
  now: Pick<Moment, 'ms' | 'wallMs' | 'target' | 'timeScale' | 'limits'>,
): Handoff {
  const wall = (atMs: number | null): string | null =>
    atMs === null ? null : new Date(now.wallMs - now.ms + atMs).toISOString();
  const isLeaving = isDeparting(state.state) || state.state === 'RELEASED';
  const isCooling = state.coolDownAtMs !== null && state.coolDownAtMs > now.ms;
  return {
    state: state.state,
    since: state.since,
    reasons: state.reasons,
    deadlineAt: isLeaving ? wall(state.deadlineAtMs) : null,
    safeToCloseLid: safeToCloseLid(state),
    handoffId: state.handoffId,
    epoch: state.epoch,
    // The edge's own; it shows them itself.
    countdownEndsAt: null,
    delayedUntil: null,
    hold: state.state === 'HOLD' ? state.hold : null,
    unplanned: state.unplanned,
    steps: state.steps.map(({ startedMs: _startedMs, ...step }) => step),
    returning: returningOf(state, now, wall),
    coolDownUntil: isCooling ? wall(state.coolDownAtMs) : null,
    lastReport: state.lastReport,
    toldAt: null,
  };
}

/**
 * True from the end of DRAINING (weight 0 proven live, in flight 0 or cut and counted) and while the edge has had no
 * share since; false otherwise; null when nobody can tell (design/limits.md, Hand-off).
 */
export function safeToCloseLid(state: KeeperState): boolean | null {
  if (state.live.resuming !== null || state.seen === null) return null;
  return state.seen.edge > 0 ? false : state.proven;
}

function returningOf(
  state: KeeperState,
  now: Pick<Moment, 'ms' | 'target' | 'timeScale' | 'limits'>,
  wall: (atMs: number) => string | null,
): Handoff['returning'] {
  const { returning, seen, phase, counters } = state;
  if (state.state !== 'RETURNING' || returning === null) return null;
  const share = seen?.edge ?? 0;
  if (phase !== 'window' || share === 0)
    return { share, target: now.target.edge, requests: 0, requestsNeeded: 0, untilAt: null };
  const needs = windowNeeds(share, returning.short, now.timeScale, limitsOf(now).return);
  const requests = windowRequests({
    elapsedMs: 0,
    share,
    from: returning.from,
    to: counters.last,
    toppedUp: returning.toppedUp,
    batches: [],
  });
  return {
    share,
    target: now.target.edge,
    requests: Math.max(0, requests),
    requestsNeeded: needs.requests,
    untilAt: wall(returning.windowMs + needs.dwellMs),
  };
}

/** Why a person on the core cannot have it now; null when it can be done. */
export function personProblem(state: KeeperState, verb: 'cancel' | 'return'): Problem | null {
  const refuse = (code: Problem['code']): Problem => ({ code, params: {} });
  switch (state.state) {
    case 'PREPARING':
    case 'SHIFTING':
    case 'VERIFYING':
    case 'DRAINING':
      if (verb === 'return') return refuse('departureRuns');
      return state.phase === 'gone' ? refuse('tooLateToCancel') : null;
    case 'RELEASED':
      return refuse(verb === 'return' ? 'departureRuns' : 'tooLateToCancel');
    case 'SERVING':
    case 'WARNED':
    case 'SUSPECT':
      return refuse(verb === 'return' ? 'alreadyServing' : 'nothingToCancel');
    case 'RETURNING':
      return verb === 'return' ? null : refuse('nothingToCancel');
    case 'OFFLINE':
    case 'LOST':
      return verb === 'return' ? whyNoReturn(state) : refuse('nothingToCancel');
    case 'HOLD':
      return verb === 'return' ? whyNoReturn(state) : null;
  }
}

function whyNoReturn(state: KeeperState): Problem | null {
  if (state.live.link.state !== 'up') return { code: 'peerSilent', params: {} };
  const isLeft = state.reasons.some(({ name, level }) => name !== 'user' && level !== 'warn');
  if (isLeft) return { code: 'reasonsLeft', params: {} };
  return state.gate === null ? { code: 'edgeUnfit', params: {} } : null;
}
