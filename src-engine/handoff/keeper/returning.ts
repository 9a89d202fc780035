import type { Problem, Shares } from '../../../src-shared/world/traffic.ts';
import type { ProbeOutcome } from '../ports.ts';
import { limitsOf } from '../handoff-limits.ts';
import { begin, conclude, enterOut } from './ending.ts';
import { isFlapping, returnsFailed } from './flaps.ts';
import { hold } from './hold.ts';
import type { Draft } from './keeper-types.ts';
import * as limits from './limits.ts';
import * as moves from './moves.ts';
import { startWindow } from './return-window.ts';
import { returnSteps, type WindowVerdict } from './window.ts';

/** One bad window is repeated at the same share. */
const BAD_WINDOWS = 2;

/** RETURNING: the only state in which a weight is raised, and only after what was measured allows it. */

/** The edge, or a person, asks. Refused with a word that says why; admitted after 20 of 20 probes. */
export function askReturn(draft: Draft, ask: { person: boolean; clusterReady: boolean | null }): void {
  const { state, now } = draft;
  // What held is forgotten when a person says so; failures go on counting while nothing held yet.
  if (ask.person && state.state === 'HOLD') moves.patch(draft, { failedReturns: 0, departures: [] });
  const why = refusal(draft, ask);
  if (why !== null) return moves.reject(draft, why);
  // A pause of automation is no refusal: the edge asks again by itself.
  if (!ask.person && !now.mayAct) return moves.tell(draft);
  if (state.live.asked !== null)
    return moves.patchLive(draft, { asked: { person: ask.person || state.live.asked.person } });
  if (
    !ask.person &&
    (isFlapping(state, now.ms, now.timeScale, limitsOf(now)) || returnsFailed(state)) &&
    state.out
  ) {
    const code = returnsFailed(state) ? 'returnFailed' : 'flapping';
    hold(draft, moves.problem(code));
    return moves.reject(draft, moves.problem(code));
  }
  // Its report is not made yet; it asks again.
  if (state.ending !== null) return moves.tell(draft);
  moves.patchLive(draft, { asked: { person: ask.person } });
  moves.startAct(draft, { do: 'checkEdge' });
}

function refusal(draft: Draft, ask: { person: boolean; clusterReady: boolean | null }): Problem | null {
  const { state, now } = draft;
  if (state.state === 'HOLD' && !ask.person) return state.hold ?? moves.problem('returnFailed');
  if (ask.clusterReady === false || state.gate === null || state.live.gateUsed === false)
    return moves.problem('edgeUnfit');
  const leftMs = (state.coolDownAtMs ?? now.ms) - now.ms;
  if (!ask.person && leftMs > 0) return moves.problem('coolingDown', { seconds: Math.ceil(leftMs / 1000) });
  return null;
}

/** All of them must be good. */
export function onAskProbes(draft: Draft, edge: ProbeOutcome): void {
  moves.patchLive(draft, { asked: null });
  const { sent, ok, wrong } = edge;
  if (sent < limits.CHECK_PROBES || ok < sent || wrong > 0)
    return moves.reject(draft, moves.problem('edgeUnfit', { probes: sent, ok }));
  startReturn(draft, { short: draft.state.first });
  moves.witness(draft, 'the edge was probed', { probes: sent, ok, p95Ms: edge.p95Ms });
}

/** From where the weight stands: a share that stands gets its window before it grows. */
export function startReturn(
  draft: Draft,
  how: { readonly short: boolean; readonly fromZero?: boolean },
): void {
  const { state, now } = draft;
  const share = how.fromZero === true ? 0 : (state.seen?.edge ?? 0);
  const base = state.state === 'LOST' ? 'LOST' : 'OFFLINE';
  begin(draft, { unplanned: false, reasons: state.reasons });
  moves.enter(draft, 'RETURNING', 'reviving');
  moves.patch(draft, {
    owesFullReturn: !how.short,
    returning: {
      steps: returnSteps(share, now.target.edge, limitsOf(now).return),
      short: how.short,
      base,
      bad: 0,
      windowMs: now.ms,
      from: null,
      batches: [],
      toppedUp: 0,
      why: null,
    },
  });
  moves.note(draft, 'returning', 'the edge comes back', {
    from: share,
    target: now.target.edge,
    short: how.short,
  });
  if (share > 0) {
    openShareStep(draft, share);
    return startWindow(draft);
  }
  openShareStep(draft, draft.state.returning?.steps[0] ?? 0);
  if (moves.hasShare(state)) {
    moves.setPhase(draft, 'lowering');
    return moves.write(draft, 0);
  }
  moves.startAct(draft, { do: 'revive' });
}

function openShareStep(draft: Draft, share: number): void {
  const { target } = draft.now;
  const { firstPercent } = limitsOf(draft.now).return;
  const step = share >= target.edge ? 'RETURN_FULL' : share <= firstPercent ? 'RETURN_10' : 'RETURN_50';
  moves.openStep(draft, step, null);
  moves.stepFacts(draft, { share });
}

/** In the pool again at weight 0: the edge may get its gate ready. */
export function onRevived(draft: Draft): void {
  moves.patch(draft, { out: false });
  moves.setPhase(draft, 'admitted');
  admit(draft);
}

export function admit(draft: Draft): void {
  const { state } = draft;
  const standing = state.seen?.edge ?? 0;
  const share = standing > 0 ? standing : (state.returning?.steps[0] ?? 0);
  moves.patchLive(draft, { admitMs: draft.now.ms });
  moves.say(draft, { type: 'ADMIT', share });
}

export function onReturnWritten(draft: Draft, live: Shares): void {
  const { phase, returning } = draft.state;
  if (returning === null) return;
  if (phase === 'lowering') {
    moves.setPhase(draft, 'reviving');
    return moves.startAct(draft, { do: 'revive' });
  }
  if (phase !== 'raising') return;
  const steps = returning.steps.slice(1);
  moves.witness(draft, 'the front reads as written', { core: live.core, edge: live.edge });
  moves.patchReturning(draft, { steps, bad: 0 });
  return steps.length === 0 ? finish(draft) : startWindow(draft);
}

/** What a window says. Only a pass raises, and only while the edge is heard and has no reason to go. */
export function onVerdict(draft: Draft, verdict: WindowVerdict | 'burst' | null): void {
  const { returning, live, reasons, seen } = draft.state;
  if (verdict === null || returning === null) return;
  const share = seen?.edge ?? 0;
  if (verdict === 'burst')
    return failReturn(draft, moves.problem('returnFailed', { why: 'burst', share }), true);
  if (verdict.verdict === 'wait') return;
  if (verdict.verdict === 'pass') {
    if (live.link.state !== 'up' || reasons.length > 0) return;
    moves.stepFacts(draft, { ...verdict.facts });
    moves.witness(draft, 'the window passed', verdict.facts);
    return raise(draft);
  }
  const bad = returning.bad + 1;
  moves.stepFacts(draft, { ...verdict.facts, badWindows: bad });
  moves.witness(draft, 'the window was bad', { ...verdict.facts, bad });
  if (bad >= BAD_WINDOWS)
    return failReturn(draft, moves.problem('returnFailed', { why: verdict.why, share }), false);
  moves.patchReturning(draft, { bad });
  startWindow(draft);
}

/** The next share, after a pass (or, from 0, after 20 good probes). */
export function raise(draft: Draft): void {
  const next = draft.state.returning?.steps[0];
  if (next === undefined) return finish(draft);
  const running = draft.state.steps.at(-1);
  if (running?.outcome !== 'running' || running.facts['share'] !== next) openShareStep(draft, next);
  moves.setPhase(draft, 'raising');
  moves.write(draft, next, { mayRaise: true });
}

function finish(draft: Draft): void {
  moves.enter(draft, draft.state.reasons.length > 0 ? 'WARNED' : 'SERVING', 'none');
  moves.patch(draft, { first: false, failedReturns: 0, coolDownAtMs: null, owesFullReturn: false });
  moves.note(draft, 'returned', 'the edge has its share again', { shares: draft.state.seen });
  conclude(draft, 'return', 'serving');
  moves.startAct(draft, { do: 'counters', once: true });
}

/** Weight 0 and away again; what is under way may end, except when it cannot. */
export function failReturn(draft: Draft, why: Problem, isBurst: boolean): void {
  moves.witness(draft, 'the return failed', { ...why.params, code: why.code });
  moves.closeStep(draft, 'failed');
  moves.patch(draft, { failedReturns: draft.state.failedReturns + 1 });
  moves.patchReturning(draft, { why });
  moves.reject(draft, why);
  if (isBurst) return away(draft);
  moves.setPhase(draft, 'backing');
  moves.write(draft, 0, { force: true });
}

/** Ends a failed return where it came from. */
export function away(draft: Draft): void {
  const { returning } = draft.state;
  const why = returning?.why ?? moves.problem('peerSilent');
  enterOut(draft, returning?.base ?? 'OFFLINE', 'return', 'failed', why);
}

export function tickAdmitted(draft: Draft): void {
  const { state, now } = draft;
  if (state.live.edgeAlive === true) return raise(draft);
  if (moves.inPhaseMs(draft) >= limits.ADMIT_WAIT_MS)
    return failReturn(draft, moves.problem('edgeUnfit'), true);
  if (now.ms - state.live.admitMs >= limits.STATE_EVERY_MS) admit(draft);
}

export function tickBacking(draft: Draft): void {
  const { state, now } = draft;
  if (moves.inPhaseMs(draft) >= limits.BACKING_MS) return away(draft);
  if (!moves.isIdle(state) || now.ms - state.live.polledMs < limits.DRAIN_POLL_MS) return;
  moves.patchLive(draft, { polledMs: now.ms });
  moves.startAct(draft, { do: 'counters', once: true });
}
