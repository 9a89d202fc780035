import { assertNever } from '../../../src-shared/assert-never.ts';
import { note } from './draft.ts';
import type { Draft, LeaverEvent, LeaverState, Moment, Outcome } from './leaver-types.ts';
import { onHeard } from './on-core.ts';
import { onCut, onGate, onStarted, onStopped } from './on-gate.ts';
import { endGrace, onLid, onResume, onShutdown, onStage, onSuspend } from './on-host.ts';
import { greetIfDue, onGreeting, onLink, onUnsent } from './on-link.ts';
import { onCancel, onDelay, onLeave, onReturn } from './on-person.ts';
import { settle } from './settle.ts';
import { names } from '../reasons/reasons.ts';

/** What the leaver does about an event. Pure: the moment says what time it is and how the world is. */
export function reduce(state: LeaverState, event: LeaverEvent, now: Moment): Outcome {
  const draft: Draft = { now, state, effects: [] };
  endGrace(draft);
  greetIfDue(draft);
  take(draft, event);
  noteReasons(draft, state);
  settle(draft);
  return { state: draft.state, effects: draft.effects };
}

function take(draft: Draft, event: LeaverEvent): void {
  switch (event.type) {
    case 'time':
      return;
    case 'look':
      draft.state = { ...draft.state, lookMs: draft.now.ms };
      return;
    case 'link':
      return onLink(draft, event.state, event.told);
    case 'stage':
      return onStage(draft, event.fact);
    case 'lid':
      return onLid(draft, event.closed);
    case 'suspend':
      return onSuspend(draft);
    case 'shutdown':
      return onShutdown(draft);
    case 'resume':
      return onResume(draft, event.wakeId);
    case 'leave':
      return onLeave(draft, event.now, event.detail);
    case 'cancel':
      return onCancel(draft);
    case 'delay':
      return onDelay(draft);
    case 'return':
      return onReturn(draft);
    default:
      return takeOutcome(draft, event);
  }
}

type ByHost = 'time' | 'look' | 'link' | 'stage' | 'lid' | 'suspend' | 'shutdown' | 'resume';
type Told = Exclude<LeaverEvent, { type: ByHost | 'leave' | 'cancel' | 'delay' | 'return' }>;

/** What the core said, and what became of our effects. */
function takeOutcome(draft: Draft, event: Told): void {
  switch (event.type) {
    case 'heard':
      return onHeard(draft, event.message);
    case 'greeting':
      return onGreeting(draft, event.address, event.gate);
    case 'unsent':
      return onUnsent(draft);
    case 'gate':
      return onGate(draft, event.turn, event.gate);
    case 'cut':
      return onCut(draft, event.cut);
    case 'leftNow':
      return onLeftNow(draft, event.acked);
    case 'stopped':
      return onStopped(draft, event.result);
    case 'started':
      return onStarted(draft, event.result);
    case 'reported':
      draft.state = { ...draft.state, lastReport: event.id };
      return;
    default:
      return assertNever(event);
  }
}

function onLeftNow(draft: Draft, acked: boolean): void {
  const { phase } = draft.state;
  if (phase.name === 'leftNow' && acked) draft.state = { ...draft.state, phase: { ...phase, acked } };
}

/** History tells each reason's coming and going, once. */
function noteReasons(draft: Draft, before: LeaverState): void {
  const { reasons } = draft.state;
  if (reasons === before.reasons) return;
  const had = before.reasons.map(({ reason }) => reason);
  const have = reasons.map(({ reason }) => reason);
  const fresh = have.filter(
    ({ name, level }) => !had.some((one) => one.name === name && one.level === level),
  );
  const over = had.filter(({ name }) => !have.some((one) => one.name === name));
  if (fresh.length > 0) note(draft, 'reason', `reason: ${names(fresh)}`, { reasons: fresh });
  if (over.length > 0) note(draft, 'reasonOver', `no longer: ${names(over)}`, { reasons: over });
}
