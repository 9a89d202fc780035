import type { Reasons } from '../reasons/reasons.ts';
import { limitsOf } from '../handoff-limits.ts';
import { drain } from './departure.ts';
import { due, enter, note, serve, setGate, unasked } from './draft.ts';
import type { LeaverJournal } from './journal.ts';
import type { Departure, Draft, LeaverState, Moment, Outcome } from './leaver-types.ts';
import { GRACE_MS, delayMs, stopLimitMs } from './limits.ts';
import { settle } from './settle.ts';

/** Who begins: this start of the machine and of the engine. */
export interface Beginning {
  readonly bootId: string;
  readonly wakeId: string;
}

/** An edge that nothing is known of: it stays out. */
export function freshState(beginning: Beginning, now: Moment): LeaverState {
  return {
    ...beginning,
    beganMs: now.ms,
    phase: { name: 'out', ...unasked },
    phaseMs: now.ms,
    phaseAt: now.at,
    reasons: [],
    stages: null,
    lid: null,
    link: 'never',
    session: 'none',
    greetAgainMs: null,
    gateTold: false,
    gateAgain: null,
    heard: null,
    handoffId: '',
    epoch: 0,
    core: null,
    told: null,
    gate: null,
    gateTurn: 0,
    looking: false,
    lookMs: now.ms,
    gatePaused: false,
    asleep: false,
    awakeAtMs: null,
    person: false,
    clusterStopped: false,
    stopAgainMs: null,
    noShare: false,
    problem: null,
    lastReport: null,
  };
}

/** An engine begins: it goes on where its journal says, in the same start of the machine; else it stays out. */
export function resume(journal: LeaverJournal | null, beginning: Beginning, now: Moment): Outcome {
  const draft: Draft = { now, state: freshState(beginning, now), effects: [] };
  const isSameBoot = journal?.bootId === beginning.bootId;
  if (journal !== null) {
    remember(draft, journal, isSameBoot);
    note(draft, 'resumed', `the engine began: ${journal.doing}`, { doing: journal.doing, isSameBoot });
  }
  if (journal !== null && isSameBoot) goOn(draft, journal);
  else stayAway(draft, journal);
  settle(draft);
  return { state: draft.state, effects: draft.effects };
}

function remember(draft: Draft, journal: LeaverJournal, isSameBoot: boolean): void {
  const { handoffId, epoch, noShare, gatePaused } = journal;
  const wasStopping = journal.doing === 'stopping';
  draft.state = {
    ...draft.state,
    handoffId,
    epoch,
    noShare,
    gatePaused: isSameBoot && gatePaused,
    clusterStopped: journal.clusterStopped || (wasStopping && !isSameBoot),
    reasons: keptReasons(draft.now, journal, isSameBoot),
  };
}

/** A person's reason outlives everything; the host's are true for this start of the machine. */
function keptReasons(now: Moment, journal: LeaverJournal, isSameBoot: boolean): Reasons {
  return journal.reasons
    .filter(({ reason }) => isSameBoot || reason.name === 'user')
    .map(({ reason, silenced }) => {
      const ofVitals = reason.name !== 'user' && reason.name !== 'lid';
      return { reason, silenced, graceUntilMs: ofVitals ? now.ms + GRACE_MS / now.timeScale : null };
    });
}

/** A new start of the machine: whatever ran here is over, and nothing is admitted. */
function stayAway(draft: Draft, journal: LeaverJournal | null): void {
  setGate(draft, 'stayOut');
  const hadLeft = journal?.doing === 'gone' || journal?.doing === 'stopping';
  if (hadLeft) enter(draft, { name: 'gone', departure: null, startAgainMs: null });
}

function goOn(draft: Draft, journal: LeaverJournal): void {
  const departure = journal.departure === null ? null : departureOf(draft.now, journal.departure);
  switch (journal.doing) {
    case 'out':
      return setGate(draft, 'stayOut');
    case 'serving':
      // The gate went on without us: a look tells whether it is still as we left it.
      serve(draft);
      return putOff(draft, journal.delayedUntil);
    case 'gone':
      setGate(draft, 'stayOut');
      return enter(draft, { name: 'gone', departure, startAgainMs: null });
    case 'preparing':
      if (departure === null) return serve(draft);
      return enter(draft, { name: 'asking', departure, saidMs: draft.now.ms });
    case 'draining':
      return departure === null ? setGate(draft, 'stayOut') : drain(draft, departure, departure.alone);
    case 'drained':
      if (departure === null) return setGate(draft, 'stayOut');
      setGate(draft, 'leaving');
      return enter(draft, { name: 'drained', departure, saidMs: draft.now.ms });
    case 'stopping':
      if (departure === null) return setGate(draft, 'stayOut');
      setGate(draft, 'leaving');
      enter(draft, { name: 'stopping', departure });
      // It was allowed before the crash. Whether a cluster runs is not known so early; its stop knows.
      draft.effects.push({ type: 'stopCluster', limitMs: stopLimitMs(null, limitsOf(draft.now)) });
  }
}

function putOff(draft: Draft, until: string | null): void {
  const { phase } = draft.state;
  if (until === null || phase.name !== 'serving') return;
  const leftMs = between(draft.now, until, delayMs(draft.now));
  enter(draft, { ...phase, notBefore: { ...due(draft.now, leftMs), why: 'person' } });
}

type Kept = NonNullable<LeaverJournal['departure']>;

function departureOf(now: Moment, { startedAt, deadlineAt, ...kept }: Kept): Departure {
  const leftMs = deadlineAt === null ? null : between(now, deadlineAt, now.deadlineMs);
  return {
    ...kept,
    startedAt,
    startedMs: now.ms - Math.max(0, Date.parse(now.at) - Date.parse(startedAt)),
    deadlineMs: leftMs === null ? null : now.ms + leftMs,
    deadlineAt,
    totalMs: leftMs,
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

/** By this Mac's own wall clock, which may have jumped: never more than it can be. */
function between(now: Moment, until: string, mostMs: number): number {
  return Math.min(mostMs, Math.max(0, Date.parse(until) - Date.parse(now.at)));
}
