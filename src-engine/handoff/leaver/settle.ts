import { acting, blocking, find, isStageStop, standing } from '../reasons/reasons.ts';
import { limitsOf } from '../handoff-limits.ts';
import {
  askCore,
  beginDeparture,
  cancel,
  drain,
  judgeDrain,
  leaveNow,
  sayDrained,
  sayIntent,
  stop,
  withForcedDeadline,
} from './departure.ts';
import {
  changeDeparture,
  due,
  enter,
  forced,
  goOut,
  isCoreAway,
  isDeparting,
  markTold,
  note,
  remainingMs,
  say,
  toldKey,
  toldReasons,
} from './draft.ts';
import type { Departure, Draft, Phase } from './leaver-types.ts';
import {
  LOOK_ALONE_MS,
  LOOK_DRAINING_MS,
  LOOK_MS,
  REFUSED_MS,
  SAY_AGAIN_MS,
  SUSPEND_MS,
  lastDrainMs,
  lastStopMs,
  waitForCoreMs,
} from './limits.ts';
import { drainEndMs } from './drain-watch.ts';
import { askDueMs } from './next-due.ts';

/** A phase that leads to another at once: two in a row, and one to spare. */
const MOST_TURNS = 4;

/** What follows from the state as it is now. Called after every event: nothing waits for a certain one. */
export function settle(draft: Draft): void {
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const { name } = draft.state.phase;
    react(draft);
    if (draft.state.phase.name === name) break;
  }
  tellReasons(draft);
  lookIfDue(draft);
}

function react(draft: Draft): void {
  const { phase } = draft.state;
  switch (phase.name) {
    case 'out':
      return whileOut(draft, phase);
    case 'serving':
      return whileServing(draft, phase);
    case 'asking':
    case 'prepared':
    case 'draining':
    case 'drained':
      return whileDeparting(draft, phase);
    case 'gone':
      return whileGone(draft, phase);
    case 'leftNow':
      return whileLeftNow(draft);
    case 'starting':
      // It would start what has to be off: its stop cancels the start.
      return mustEndCluster(draft) ? beginDeparture(draft, true) : undefined;
    case 'stopping':
      return;
  }
}

function whileServing(draft: Draft, phase: Extract<Phase, { name: 'serving' }>): void {
  const { now, state } = draft;
  // A refusal has been seen by then; it is nothing that lasts.
  if (state.problem !== null && now.ms - state.phaseMs >= REFUSED_MS / now.timeScale)
    draft.state = { ...state, problem: null };
  const reasons = acting(state.reasons, now.mayAct);
  const urgent = reasons.find(({ name }) => name === 'lid' || name === 'suspend');
  if (urgent !== undefined) return leaveNow(draft, urgent);
  if (reasons.some(({ level, name }) => level === 'forced' || name === 'user'))
    return beginDeparture(draft, false);
  if (!reasons.some(({ level }) => level === 'drain')) {
    if (phase.countdown !== null || phase.notBefore !== null)
      enter(draft, { ...phase, countdown: null, notBefore: null });
    return;
  }
  if (phase.notBefore !== null && now.ms < phase.notBefore.ms) return;
  if (phase.countdown === null) {
    const countdown = due(now, (limitsOf(now).countdownSeconds * 1000) / now.timeScale);
    enter(draft, { ...phase, countdown, notBefore: null });
    return note(draft, 'countdown', 'leaving soon', { reasons, endsAt: countdown.at });
  }
  if (now.ms >= phase.countdown.ms) beginDeparture(draft, false);
}

type Departing = Extract<Phase, { name: 'asking' | 'prepared' | 'draining' | 'drained' }>;

function whileDeparting(draft: Draft, phase: Departing): void {
  const { now, state } = draft;
  if (standing(state.reasons).length === 0 && !phase.departure.committed) return cancel(draft, 'cleared');
  const urgent = acting(state.reasons, now.mayAct).find(({ name }) => name === 'lid' || name === 'suspend');
  const isEarly = (phase.name === 'asking' || phase.name === 'prepared') && !phase.departure.fromOut;
  if (urgent !== undefined && isEarly) return leaveNow(draft, urgent);
  if (forced(draft)) changeDeparture(draft, withForcedDeadline(draft, phase.departure));
  awaitCore(draft);
  sayAgain(draft);
  if (draft.state.phase.name === 'draining' && now.ms >= drainEndMs(draft.state.phase.watch))
    judgeDrain(draft);
}

/** PREPARE, DRAIN and RELEASE are waited for; a forced reason does not wait for a core that is away. */
function awaitCore(draft: Draft): void {
  const { phase } = draft.state;
  if (!isDeparting(phase) || phase.name === 'draining') return;
  const { departure } = phase;
  const silentMs = draft.now.ms - departure.heardMs;
  const isSilent = silentMs >= waitForCoreMs(remainingMs(departure, draft.now));
  if (!forced(draft)) {
    if (isSilent && !departure.stalled) {
      changeDeparture(draft, { stalled: true });
      note(draft, 'stalled', 'the core gives no word: stays', { phase: phase.name, silentMs });
    }
    return;
  }
  if (!isSilent && !isCoreAway(draft) && !isLate(draft, phase, departure)) return;
  if (phase.name === 'drained') return stop(draft, { ...departure, alone: true });
  drain(draft, departure, true);
}

function isLate({ now }: Draft, phase: Departing, { deadlineMs, totalMs }: Departure): boolean {
  if (deadlineMs === null) return false;
  const lastMs = (phase.name === 'drained' ? lastStopMs : lastDrainMs)(deadlineMs, totalMs);
  return lastMs !== null && now.ms >= lastMs;
}

/** A word that was lost, or came when the core did not know our epoch. */
function sayAgain(draft: Draft): void {
  const { phase, session } = draft.state;
  if (session !== 'open' || (phase.name !== 'asking' && phase.name !== 'drained')) return;
  if (draft.now.ms - phase.saidMs < SAY_AGAIN_MS) return;
  if (phase.name === 'drained') return sayDrained(draft);
  enter(draft, { ...phase, saidMs: draft.now.ms });
  sayIntent(draft, phase.departure);
}

function whileOut(draft: Draft, phase: Extract<Phase, { name: 'out' }>): void {
  const { now, state } = draft;
  if (mustEndCluster(draft) || mayEndCluster(draft)) return beginDeparture(draft, true);
  const dueMs = askDueMs(state, phase);
  if ((dueMs !== null && now.ms < dueMs) || phase.final || !mayReturn(draft)) return;
  enter(draft, { ...phase, askedMs: now.ms, notBeforeMs: null });
  say(draft, { type: 'ASK_RETURN', person: state.person, clusterReady: now.cluster.ready });
}

function whileGone(draft: Draft, phase: Extract<Phase, { name: 'gone' }>): void {
  const { now, state } = draft;
  if (mustEndCluster(draft)) return beginDeparture(draft, true);
  const tooSoon = phase.startAgainMs !== null && now.ms < phase.startAgainMs;
  if (tooSoon || !mayReturn(draft)) return;
  if (!state.clusterStopped) return goOut(draft);
  // Also one that runs: where its stop failed its nodes may be closed by then, and only a start opens them.
  enter(draft, { name: 'starting' });
  draft.effects.push({ type: 'startCluster' });
  note(draft, 'starting', 'the reasons are gone: starting the cluster');
}

function whileLeftNow(draft: Draft): void {
  const { reasons } = draft.state;
  if (mustEndCluster(draft)) return beginDeparture(draft, true);
  if (find(reasons, 'lid') === null && find(reasons, 'suspend') === null) goOut(draft);
}

/** Coming back by itself is something that happens by itself: a pause of automation holds it, and a wake in the dark. */
function mayReturn({ state, now }: Draft): boolean {
  if (state.session !== 'open' || state.asleep) return false;
  if (!state.person && state.awakeAtMs !== null && now.ms < state.awakeAtMs) return false;
  return (now.mayAct || state.person) && blocking(state.reasons, state.person).length === 0;
}

/** Whatever it is doing. One that would not stop is tried again, not at once. */
function mustEndCluster({ state, now }: Draft): boolean {
  if (state.stopAgainMs !== null && now.ms < state.stopAgainMs) return false;
  return now.cluster.running !== null && acting(state.reasons, now.mayAct).some(isStageStop);
}

/** A person wants it to leave, and it has no share: the core lets it stop. Refused once, it is not asked again and again. */
function mayEndCluster({ state, now }: Draft): boolean {
  const wanted = find(state.reasons, 'user') !== null && state.problem === null;
  return wanted && now.cluster.running !== null && state.session === 'open';
}

/** Reasons as they are now, whenever they changed. */
function tellReasons(draft: Draft): void {
  const { state } = draft;
  const reasons = toldReasons(draft);
  if (state.session !== 'open' || state.told === toldKey(reasons)) return;
  const { phase } = state;
  if (phase.name === 'stopping') return;
  if (isDeparting(phase)) return sayIntent(draft, phase.departure);
  say(draft, { type: 'INTENT', reasons: [...reasons], leave: false, remainingMs: null });
  markTold(draft);
}

function lookIfDue(draft: Draft): void {
  const { state, now } = draft;
  if (state.looking || now.ms < state.lookMs) return;
  draft.state = { ...state, looking: true, lookMs: now.ms + lookEveryMs(draft) };
  draft.effects.push({ type: 'lookAtGate', turn: state.gateTurn });
}

function lookEveryMs({ state, now }: Draft): number {
  const { phase, link, gateTold } = state;
  const hurries = phase.name === 'leftNow' && now.ms - phase.sinceMs < SUSPEND_MS;
  if (hurries || phase.name === 'draining') return LOOK_DRAINING_MS;
  return link === 'up' && !(isAway(phase) && gateTold) ? LOOK_MS : LOOK_ALONE_MS;
}

/** It gives nothing to the workload. Once the core knows where the gate is, all that is waited for is a workload. */
const isAway = ({ name }: Phase): boolean => name === 'out' || name === 'gone' || name === 'starting';

/** A departure that a person asks for again: the core's HOLD, or its silence, ends by it. */
export function askAgain(draft: Draft): void {
  const { phase } = draft.state;
  if (!isDeparting(phase)) return;
  // What it had of time may be over by then; what forces it keeps its own.
  const timeless = forced(draft) ? {} : { deadlineMs: null, deadlineAt: null, totalMs: null };
  const departure = { ...phase.departure, ...timeless, heardMs: draft.now.ms, stalled: false };
  if (phase.name === 'asking' || phase.name === 'prepared') return askCore(draft, departure);
  // Its traffic is gone or going: nothing is turned round, the core is asked to go on.
  changeDeparture(draft, departure);
  sayIntent(draft, departure);
}
