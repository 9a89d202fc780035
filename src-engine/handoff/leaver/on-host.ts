import type { LeaveReason, ReasonName } from '../../../src-shared/world/handoff.ts';
import { withReason, withStages, without } from '../reasons/reasons.ts';
import type { StageFact } from '../room-ports.ts';
import { goOut, greet, isDeparting, note, setGate } from './draft.ts';
import type { Draft, Phase } from './leaver-types.ts';
import { AWAKE_MS } from './limits.ts';
import { awake } from './on-link.ts';

/** What happens to this host: vitals, the lid, power. Reasons come and go here; what follows is settle.ts. */

export function onStage(draft: Draft, fact: StageFact): void {
  const { state, now } = draft;
  draft.state = { ...state, stages: fact, reasons: withStages(state.reasons, fact, now.ms) };
}

/** Reasons of the journal that vitals have not said again within their dwell are over. */
export function endGrace(draft: Draft): void {
  const { state, now } = draft;
  const isOver = state.reasons.some(({ graceUntilMs }) => graceUntilMs !== null && now.ms >= graceUntilMs);
  if (isOver && state.stages !== null) onStage(draft, state.stages);
}

/** Only a lid that closes while this edge has a share is a reason; one that has been closed all along is how it is used. */
export function onLid(draft: Draft, closed: boolean | null): void {
  const { state } = draft;
  if (closed === null) return;
  const closesNow = closed && state.lid === false && hasShare(state.phase);
  draft.state = { ...state, lid: closed };
  if (closesNow) add(draft, 'lid');
  if (!closed) draft.state = { ...draft.state, reasons: without(state.reasons, 'lid') };
}

export function onSuspend(draft: Draft): void {
  draft.state = { ...draft.state, asleep: true };
  add(draft, 'suspend');
}

/** The first act after a wake: stay out. What was known before it is void. */
export function onResume(draft: Draft, wakeId: string): void {
  setGate(draft, 'stayOut');
  const awakeAtMs = draft.now.ms + AWAKE_MS / draft.now.timeScale;
  draft.state = { ...draft.state, wakeId, asleep: false, awakeAtMs, gate: null };
  const { phase, link } = draft.state;
  if (hasShare(phase) || phase.name === 'leftNow') {
    note(draft, 'woke', `woke: staying out until admitted`, { phase: phase.name });
    goOut(draft);
  }
  awake(draft);
  if (link === 'up') greet(draft);
}

export function onShutdown(draft: Draft): void {
  if (hasShare(draft.state.phase)) add(draft, 'shutdown');
}

function hasShare(phase: Phase): boolean {
  return phase.name === 'serving' || isDeparting(phase);
}

function add(draft: Draft, name: ReasonName): void {
  if (draft.state.reasons.some(({ reason }) => reason.name === name)) return;
  const reason: LeaveReason = { name, level: 'forced', since: draft.now.at, detail: null };
  draft.state = { ...draft.state, reasons: withReason(draft.state.reasons, reason) };
}
