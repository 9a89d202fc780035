import type { OpenRequest } from '../../../src-shared/handoff-messages.ts';
import type { Counters } from '../ports.ts';
import { limitsOf } from '../handoff-limits.ts';
import { enterOut } from './ending.ts';
import { hold } from './hold.ts';
import { movedOf } from './keeper-report.ts';
import type { Draft } from './keeper-types.ts';
import * as limits from './limits.ts';
import { isSilent } from './loss.ts';
import * as moves from './moves.ts';

/** DRAINING and RELEASED: weight 0 is live; both sides must see nothing in flight before the edge may stop. */

export function enterDraining(draft: Draft): void {
  const leftMs = moves.remainingMs(draft);
  moves.enter(
    draft,
    'DRAINING',
    'none',
    limits.stepLimits(leftMs ?? Infinity, limitsOf(draft.now)).drainingMs,
  );
  if (draft.state.zeroLive) moves.say(draft, { type: 'ACK', of: 'INTENT', stage: 'live' });
  moves.say(draft, { type: 'DRAIN', remainingMs: leftMs });
  moves.note(draft, 'draining', 'the edge serves what it has', { proven: draft.state.zeroLive });
}

/** Forced, and the core's side could not be had or proven: the edge fails its own readiness instead. */
export function selfDrain(draft: Draft): void {
  moves.closeStep(draft, 'failed');
  moves.patch(draft, { noPeer: true, zeroLive: false });
  enterDraining(draft);
}

/** What is said again after a REJOIN. */
export function sayDrainAgain(draft: Draft): void {
  if (draft.state.zeroLive) moves.say(draft, { type: 'ACK', of: 'INTENT', stage: 'live' });
  if (!draft.state.drained) moves.say(draft, { type: 'DRAIN', remainingMs: moves.remainingMs(draft) });
}

export function sayReleaseAgain(draft: Draft): void {
  if (draft.state.zeroLive) moves.say(draft, { type: 'ACK', of: 'INTENT', stage: 'live' });
  moves.say(draft, { type: 'RELEASE', remainingMs: moves.remainingMs(draft) });
}

export function onDrained(
  draft: Draft,
  word: { readonly newRequests: number; readonly cut: readonly OpenRequest[]; readonly cutCount: number },
): void {
  const { state } = draft;
  if (state.state !== 'DRAINING' || state.drained) return;
  moves.patch(draft, {
    drained: true,
    cut: [...state.cut, ...word.cut].slice(0, 20),
    cutCount: state.cutCount + word.cutCount,
  });
  moves.stepFacts(draft, { newRequestsEdge: word.newRequests, cut: word.cutCount });
  moves.witness(draft, 'the edge has nothing in flight', {
    newRequests: word.newRequests,
    cut: word.cutCount,
  });
  poll(draft);
}

export function onDrainCounters(draft: Draft, counters: Counters): void {
  moves.stepFacts(draft, { inFlightCore: counters.core.inFlight, inFlightEdge: counters.edge.inFlight });
  const moved = movedOf(draft.state);
  if (moved !== null) moves.stepFacts(draft, { moved });
  if (!draft.state.drained || counters.edge.inFlight > 0) return;
  moves.witness(draft, 'the front has nothing in flight on the edge', { inFlight: 0 });
  release(draft);
}

export function tickDraining(draft: Draft): void {
  const { state, now } = draft;
  const limitMs =
    (state.steps.at(-1)?.limitMs ?? limitsOf(now).drainMaxSeconds * 1000) + limits.WORD_GRACE_MS;
  if (moves.inStateMs(draft) >= limitMs) return drainOver(draft);
  if (moves.isIdle(state) && now.ms - state.live.polledMs >= limits.DRAIN_POLL_MS) poll(draft);
}

function poll(draft: Draft): void {
  moves.patchLive(draft, { polledMs: draft.now.ms });
  moves.startAct(draft, { do: 'counters', once: true });
}

/** Nobody stops a cluster under requests, unless it must be. */
function drainOver(draft: Draft): void {
  // Its gate went on draining without an agent; nobody is there who could be waited for.
  if (isSilent(draft)) return onSilence(draft);
  const { drained, forced, counters } = draft.state;
  const inFlight = counters.last?.edge.inFlight ?? null;
  moves.witness(draft, 'DRAINING took its limit', { drained, inFlight });
  if (!forced) return hold(draft, moves.problem('drainIncomplete', inFlight === null ? {} : { inFlight }));
  moves.closeStep(draft, 'cut');
  release(draft);
}

function releasedMs({ now }: Draft): number {
  return limitsOf(now).releaseSeconds * 1000;
}

function release(draft: Draft): void {
  moves.enter(draft, 'RELEASED', 'none', releasedMs(draft));
  moves.patch(draft, { proven: draft.state.zeroLive });
  moves.say(draft, { type: 'RELEASE', remainingMs: moves.remainingMs(draft) });
  moves.note(draft, 'released', 'nothing is in flight: the edge may stop', { proven: draft.state.zeroLive });
}

export function onGone(draft: Draft, facts: { readonly stoppedMs: number; readonly forced: boolean }): void {
  const { state, noPeer } = draft.state;
  // An edge that drained alone asked nobody before it stopped.
  if (state !== 'RELEASED' && !(state === 'DRAINING' && noPeer)) return;
  moves.stepFacts(draft, { stoppedMs: facts.stoppedMs, forced: facts.forced });
  off(draft);
}

/** The edge says no more: its weight is 0, so nothing was lost by it. */
export function onSilence(draft: Draft): void {
  const { state, live } = draft.state;
  moves.witness(draft, 'the edge went silent', { link: live.link.state, class: live.link.class });
  if (state === 'DRAINING') moves.closeStep(draft, 'cut');
  off(draft);
}

export function tickReleased(draft: Draft): void {
  if (moves.inStateMs(draft) < releasedMs(draft) + limits.GONE_GRACE_MS) return;
  moves.closeStep(draft, 'cut');
  moves.witness(draft, 'RELEASED took its limit without GONE', {});
  off(draft);
}

function off(draft: Draft): void {
  enterOut(draft, 'OFFLINE', 'departure', 'offline');
}
