import type { HandoffWords } from '../../../src-shared/handoff-messages.ts';
import type { LeaveReason } from '../../../src-shared/world/handoff.ts';
import { acting, isForced } from '../reasons/reasons.ts';
import type { Departure, Draft, Due, Effect, InDeparture, Moment, Phase } from './leaver-types.ts';
import { FIRST_SESSION_MS, SAY_AGAIN_MS } from './limits.ts';

/** What every part of the leaver's reducer does to its working copy. */

export function enter(draft: Draft, phase: Phase): void {
  const isNew = phase.name !== draft.state.phase.name;
  draft.state = {
    ...draft.state,
    phase,
    ...(isNew ? { phaseMs: draft.now.ms, phaseAt: draft.now.at } : {}),
  };
}

export function due(now: Moment, afterMs: number): Due {
  return { ms: now.ms + afterMs, at: new Date(Date.parse(now.at) + afterMs).toISOString() };
}

/** Nothing is said before the core has answered REJOIN: a new session knows our epoch only then. What matters is said again. */
export function say(draft: Draft, words: HandoffWords): void {
  if (draft.state.session === 'open') draft.effects.push(sending(draft, words));
}

export function sending(draft: Draft, words: HandoffWords): Extract<Effect, { type: 'send' }> {
  const { handoffId, epoch } = draft.state;
  return { type: 'send', words, handoffId, epoch };
}

/** @param why null: ready */
export function setGate(draft: Draft, why: 'leaving' | 'stayOut' | null): void {
  draft.state = { ...draft.state, gateTurn: draft.state.gateTurn + 1 };
  draft.effects.push({ type: 'setGate', why });
}

export function note(
  draft: Draft,
  kind: string,
  what: string,
  evidence: Readonly<Record<string, unknown>> = {},
): void {
  draft.effects.push({ type: 'note', kind: `handoff.${kind}`, what, evidence });
}

/** Begins a session, or begins it again: REJOIN goes first, and what was said before counts no more. */
export function greet(draft: Draft): void {
  greetAgainIn(draft, SAY_AGAIN_MS);
  draft.effects.push({ type: 'greet' });
}

export function greetAgainIn(draft: Draft, afterMs: number): void {
  const { phase } = draft.state;
  draft.state = {
    ...draft.state,
    session: 'greeting',
    greetAgainMs: draft.now.ms + afterMs,
    heard: null,
    told: null,
    phase: phase.name === 'out' ? { ...phase, ...unasked } : phase,
  };
}

export function toldReasons(draft: Draft): readonly LeaveReason[] {
  return acting(draft.state.reasons, draft.now.mayAct).slice(0, 10);
}

/** What the core knows of our reasons, so that a change is told once. */
export function markTold(draft: Draft): void {
  draft.state = { ...draft.state, told: toldKey(toldReasons(draft)) };
}

export function toldKey(reasons: readonly LeaveReason[]): string {
  return JSON.stringify(reasons.map(({ name, level }) => [name, level]));
}

export function forced(draft: Draft): boolean {
  return isForced(draft.state.reasons, draft.now.mayAct);
}

/** The link neither stands nor is in doubt, nor is it too early to say: nothing will be heard. */
export function isCoreAway({ state, now }: Draft): boolean {
  const isEarly = state.link === 'never' && now.ms - state.beganMs < FIRST_SESSION_MS;
  return state.link !== 'up' && state.link !== 'suspect' && !isEarly;
}

/** Of an edge that is out: the core is asked as soon as nothing holds it up. */
export const unasked = { askedMs: null, notBeforeMs: null, final: false } as const;

export function goOut(draft: Draft): void {
  setGate(draft, 'stayOut');
  enter(draft, { name: 'out', ...unasked });
}

export function serve(draft: Draft): void {
  draft.state = { ...draft.state, lookMs: draft.now.ms };
  enter(draft, { name: 'serving', countdown: null, notBefore: null, cancelled: null });
}

/** Under way and not beyond its point of no return. */
export function isDeparting(phase: Phase): phase is Exclude<InDeparture, { name: 'stopping' }> {
  switch (phase.name) {
    case 'asking':
    case 'prepared':
    case 'draining':
    case 'drained':
      return true;
    default:
      return false;
  }
}

export function changeDeparture(draft: Draft, change: Partial<Departure>): void {
  const { phase } = draft.state;
  if (isDeparting(phase) || phase.name === 'stopping')
    draft.state = { ...draft.state, phase: { ...phase, departure: { ...phase.departure, ...change } } };
}

/** Until the deadline, never below 0; null without one. */
export function remainingMs(departure: Departure, now: Moment): number | null {
  return departure.deadlineMs === null ? null : Math.max(0, departure.deadlineMs - now.ms);
}

/** A deadline only ever comes nearer. */
export function withDeadline(departure: Departure, now: Moment, leftMs: number): Departure {
  const { ms, at } = due(now, Math.max(0, leftMs));
  if (departure.deadlineMs !== null && departure.deadlineMs <= ms) return departure;
  return { ...departure, deadlineMs: ms, deadlineAt: at, totalMs: Math.max(0, leftMs) };
}
