import type { HandoffMessage } from '../../../src-shared/handoff-messages.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { HandoffState } from '../../../src-shared/world/handoff.ts';
import { standing, without } from '../reasons/reasons.ts';
import {
  askWithoutShare,
  beginDeparture,
  cancel,
  drain,
  prepare,
  sayDrained,
  sayGone,
  signOfLife,
  stop,
} from './departure.ts';
import {
  changeDeparture,
  due,
  enter,
  forced,
  goOut,
  greet,
  isDeparting,
  note,
  serve,
  setGate,
  withDeadline,
  unasked,
} from './draft.ts';
import type { Draft, Phase } from './leaver-types.ts';
import { REFUSED_MS, SETTLE_MS } from './limits.ts';
import { onOpen } from './on-link.ts';

/**
 * What the core says. Its messages come over TLS, in order: a lower seq is a new engine over there (it wants REJOIN
 * again), the same one is nothing new, and a word of an older epoch is of a departure that is over.
 */
export function onHeard(draft: Draft, message: HandoffMessage): void {
  const { heard } = draft.state;
  const { type, epoch, seq, handoffId } = message;
  if (heard !== null && heard.seq === seq && heard.type === type && heard.epoch === epoch) return;
  const isNewEngine = heard !== null && seq < heard.seq && draft.state.session === 'open';
  // STATE is how an epoch is learnt, even when a core that lost its record counts from the beginning.
  if (type !== 'STATE' && epoch < draft.state.epoch) return;
  draft.state = { ...draft.state, heard: { type, epoch, seq }, handoffId, epoch };
  const opens = draft.state.session === 'asked';
  if (opens) draft.state = { ...draft.state, session: 'open', greetAgainMs: null };
  // An ADMIT that opens a session is of before a wake or of a former one: it would be said after STATE.
  if (!opens || type !== 'ADMIT') act(draft, message);
  if (opens) onOpen(draft);
  if (isNewEngine) greet(draft);
}

function act(draft: Draft, message: HandoffMessage): void {
  switch (message.type) {
    case 'PREPARE':
      return onPrepare(draft, message.remainingMs);
    case 'DRAIN':
      return onDrain(draft, message.remainingMs);
    case 'RELEASE':
      return onRelease(draft, message);
    case 'ACK':
      return onAck(draft, message.stage);
    case 'ADMIT':
      return onAdmit(draft, message.share);
    case 'REJECT':
      return onReject(draft, message.why);
    case 'STATE':
      return onState(draft, message);
    case 'INTENT':
    case 'CANCEL':
    case 'PREPARED':
    case 'DRAINED':
    case 'GONE':
    case 'LEAVE_NOW':
    case 'REJOIN':
    case 'ASK_RETURN':
      // Ours to say.
      return;
  }
}

function onPrepare(draft: Draft, leftMs: number | null): void {
  const { phase } = draft.state;
  if (phase.name === 'asking') return prepare(draft, phase.departure, leftMs);
  if (phase.name !== 'prepared') return signOfLife(draft);
  // Said again: it did not hear our answer. The step that runs goes on.
  const { steps, stepMs } = phase.departure;
  prepare(draft, phase.departure, leftMs);
  const now = draft.state.phase;
  if (now.name === 'prepared') enter(draft, { ...now, departure: { ...now.departure, steps, stepMs } });
}

function onDrain(draft: Draft, leftMs: number | null): void {
  const { phase } = draft.state;
  switch (phase.name) {
    case 'asking':
    case 'prepared': {
      const left = leftMs ?? draft.now.deadlineMs;
      return drain(draft, withDeadline(phase.departure, draft.now, left), false);
    }
    case 'drained':
      named(draft);
      return sayDrained(draft);
    case 'draining':
      return named(draft);
    case 'serving':
      // A return that the warning turned round: the share is gone, and there is nothing left to count down to.
      if (phase.countdown !== null) beginDeparture(draft, false);
      return;
    default:
  }
}

/** DRAIN names the departure: a core that was held and goes on has begun another, and RELEASE will be of that one. */
function named(draft: Draft): void {
  changeDeparture(draft, { handoffId: draft.state.handoffId });
  signOfLife(draft);
}

function onRelease(
  draft: Draft,
  { handoffId, remainingMs }: Extract<HandoffMessage, { type: 'RELEASE' }>,
): void {
  const { phase } = draft.state;
  if (phase.name === 'gone') return sayGone(draft);
  if (phase.name === 'serving' && phase.cancelled?.departure.handoffId === handoffId)
    return enter(draft, { ...phase, cancelled: { ...phase.cancelled, released: true } });
  if (phase.name !== 'drained' || phase.departure.handoffId !== handoffId) return;
  const left = remainingMs ?? draft.now.deadlineMs;
  stop(draft, withDeadline(phase.departure, draft.now, left));
}

function onAck(draft: Draft, stage: 'written' | 'live'): void {
  const { phase } = draft.state;
  if (isDeparting(phase) && stage === 'live') changeDeparture(draft, { zeroLive: true });
  if (phase.name !== 'leftNow') return signOfLife(draft);
  const live = phase.live || stage === 'live';
  enter(draft, { ...phase, acked: true, live });
  if (live) draft.state = { ...draft.state, noShare: true };
}

function onAdmit(draft: Draft, share: number): void {
  const { state } = draft;
  if (state.phase.name === 'serving') {
    draft.state = { ...state, gatePaused: false };
    return;
  }
  // Overtaken by a reason, of which the core has been told meanwhile: stays out.
  if (state.phase.name !== 'out' || state.asleep || standing(state.reasons).length > 0) return;
  draft.state = { ...state, gatePaused: false, person: false, noShare: false, problem: null };
  setGate(draft, null);
  serve(draft);
  note(draft, 'admitted', `admitted with ${share} %`, { share });
}

/** Refusals that no waiting ends: a person, a new session, or the end of the core's HOLD. */
const finals: readonly Problem['code'][] = ['returnFailed', 'flapping', 'recordUnreadable'];

function onReject(draft: Draft, why: Problem): void {
  const { phase } = draft.state;
  if (why.code === 'epochOld') return;
  switch (phase.name) {
    case 'asking':
    case 'prepared':
      return refused(draft, phase, why);
    case 'serving':
      return tooLate(draft, phase, why);
    case 'out': {
      const final = finals.includes(why.code);
      // The cool-down is shown with its end: said again every 5 s it is no news.
      if (draft.state.problem?.code !== why.code && why.code !== 'coolingDown')
        note(draft, 'refused', `not admitted: ${why.code}`, { why });
      const problem = final || draft.state.person ? why : draft.state.problem;
      draft.state = { ...draft.state, problem };
      return enter(draft, { ...phase, final });
    }
    default:
  }
}

function refused(draft: Draft, phase: Extract<Phase, { name: 'asking' | 'prepared' }>, why: Problem): void {
  // Cancelled and asked for again: the core is still at the first one's end, with our weight at 0.
  if (why.code === 'tooLateToCancel') return drain(draft, phase.departure, false);
  draft.state = { ...draft.state, problem: why };
  note(draft, 'refused', `the core refuses: ${why.code}`, { why });
  if (forced(draft)) return drain(draft, phase.departure, true);
  if (phase.departure.fromOut) return goOut(draft);
  draft.state = { ...draft.state, reasons: without(draft.state.reasons, 'user') };
  const again = due(draft.now, REFUSED_MS / draft.now.timeScale);
  const notBefore = { ...again, why: 'refused' as const };
  enter(draft, { name: 'serving', countdown: null, notBefore, cancelled: null });
}

/** The core had let us go before it heard that we turned round: the departure is finished. */
function tooLate(draft: Draft, phase: Extract<Phase, { name: 'serving' }>, why: Problem): void {
  if (why.code !== 'tooLateToCancel' || phase.cancelled === null) return;
  const { departure, released } = phase.cancelled;
  note(draft, 'tooLate', 'too late to cancel: finishing', { released });
  setGate(draft, 'leaving');
  if (released) return stop(draft, departure);
  const heardMs = draft.now.ms;
  enter(draft, { name: 'drained', departure: { ...departure, committed: true, heardMs }, saidMs: heardMs });
}

const underWay: readonly HandoffState[] = ['PREPARING', 'SHIFTING', 'VERIFYING', 'DRAINING', 'RELEASED'];
const stays: readonly HandoffState[] = ['SERVING', 'WARNED', 'RETURNING'];
const away: readonly HandoffState[] = ['LOST', 'OFFLINE'];

function onState(draft: Draft, { handoff }: Extract<HandoffMessage, { type: 'STATE' }>): void {
  draft.state = { ...draft.state, core: { handoff, toldAt: draft.now.at } };
  const { phase, phaseMs } = draft.state;
  const hasSettled = draft.now.ms - phaseMs >= SETTLE_MS;
  if (isDeparting(phase)) return onStateWhileDeparting(draft, handoff.state, hasSettled);
  if (phase.name === 'serving') {
    if (!hasSettled) return;
    if (stays.includes(handoff.state)) return enter(draft, { ...phase, cancelled: null });
    if (!away.includes(handoff.state)) return;
    goOut(draft);
  }
  // The edge's own rule: weight 0 is proven, or it has had no share since that was.
  if (handoff.safeToCloseLid === true) draft.state = { ...draft.state, noShare: true };
  if (phase.name === 'out' && phase.final && handoff.state !== 'HOLD' && handoff.hold === null)
    enter(draft, { ...phase, ...unasked });
}

function onStateWhileDeparting(draft: Draft, core: HandoffState, hasSettled: boolean): void {
  const { phase } = draft.state;
  if (!isDeparting(phase) || phase.departure.alone) return;
  if (underWay.includes(core) || (core === 'HOLD' && !forced(draft))) return signOfLife(draft);
  if (!hasSettled || forced(draft)) return;
  // A person over there turned it round while we could not be asked. `asking` is said again instead.
  if (stays.includes(core) && phase.name !== 'asking') return cancel(draft, 'core');
  if (!away.includes(core)) return;
  if (standing(draft.state.reasons).length === 0) return goOut(draft);
  askWithoutShare(draft);
}
