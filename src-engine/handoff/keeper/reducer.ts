import { assertNever } from '../../../src-shared/assert-never.ts';
import { cancel } from './cancel.ts';
import * as departing from './departing.ts';
import * as draining from './draining.ts';
import { tickEnding } from './ending.ts';
import { keepOff, lookAtWeights } from './foreign-weights.ts';
import { hear } from './hearing.ts';
import { isHeldOut } from './hold.ts';
import type { Draft, KeeperEvent, KeeperState, Moment, Outcome } from './keeper-types.ts';
import { REASSERT_EVERY_MS, RETRY_MS, STATE_EVERY_MS, STATE_IDLE_MS } from './limits.ts';
import { lookAtEdge, lookAtLink, onEdge, onLink } from './link-events.ts';
import { isUnderWay, onGoneWritten, tickSilence } from './loss.ts';
import * as moves from './moves.ts';
import { onDid } from './outcomes.ts';
import { onToppedUp, tickWindow } from './return-window.ts';
import * as returning from './returning.ts';
import { level } from './settle.ts';
import { personProblem } from './view.ts';

/**
 * The keeper's rule: `(state, event, now) -> { state, effects }`, without a clock, a socket or a memory of its own.
 * A phase has a file; this one says which of them an event belongs to.
 */
export function reduce(state: KeeperState, event: KeeperEvent, now: Moment): Outcome {
  const draft = moves.draftOf(state, now);
  apply(draft, event);
  return { state: draft.state, effects: draft.effects };
}

function apply(draft: Draft, event: KeeperEvent): void {
  const { state } = draft;
  switch (event.type) {
    case 'message':
      return hearOrWait(draft, event.message);
    case 'link':
      return onLink(draft, event.fact);
    case 'edge':
      return onEdge(draft, event);
    case 'person':
      return onPerson(draft, event.verb);
    case 'settings':
      return draft.state.live.resuming === null && isServing(draft.state) ? level(draft) : undefined;
    case 'tick':
      return onTick(draft);
    case 'did':
      onDid(draft, event.id, event.did);
      return state.live.resuming !== null && draft.state.live.resuming === null ? resumed(draft) : undefined;
    case 'toppedUp':
      return onToppedUp(draft, event.window, event.count);
    case 'gateUsed':
      return onGateUsed(draft, event);
    case 'reported':
      return moves.patch(draft, { lastReport: event.id });
    default:
      return assertNever(event);
  }
}

/** Before the front was read nothing is decided; what is said meanwhile is heard afterwards. */
function hearOrWait(draft: Draft, message: Parameters<typeof hear>[1]): void {
  const { live } = draft.state;
  if (live.resuming === null) return hear(draft, message);
  moves.patchLive(draft, { waiting: [...live.waiting, message].slice(-20) });
}

function resumed(draft: Draft): void {
  const { waiting } = draft.state.live;
  lookAtLink(draft);
  moves.patchLive(draft, { waiting: [] });
  for (const message of waiting) hear(draft, message);
}

function onPerson(draft: Draft, verb: 'cancel' | 'return'): void {
  if (draft.state.live.resuming !== null || personProblem(draft.state, verb) !== null) return;
  if (verb === 'cancel') {
    moves.note(draft, 'person', 'a person on the core cancelled', { state: draft.state.state });
    return cancel(draft);
  }
  if (draft.state.state === 'RETURNING') return;
  moves.note(draft, 'person', 'a person on the core asked for the return', { state: draft.state.state });
  moves.patch(draft, { reasons: draft.state.reasons.filter(({ name }) => name !== 'user') });
  returning.askReturn(draft, { person: true, clusterReady: null });
}

function onGateUsed(draft: Draft, event: Extract<KeeperEvent, { type: 'gateUsed' }>): void {
  if (JSON.stringify(event.gate) !== JSON.stringify(draft.state.gate)) return;
  moves.patchLive(draft, { gateUsed: event.result.ok, gateMs: draft.now.ms });
  if (!event.result.ok)
    moves.witness(draft, "the front does not take the edge's gate", { code: event.result.error.code });
}

function onTick(draft: Draft): void {
  const { now } = draft;
  const { live } = draft.state;
  if (live.running?.retryMs != null && live.running.retryMs <= now.ms) {
    moves.patchLive(draft, { running: { ...live.running, retryMs: null } });
    draft.effects.push({ type: 'act', id: live.running.id, act: live.running.act });
  }
  const isLively = now.flows === true || isUnderWay(draft.state);
  const tellEveryMs = isLively ? STATE_EVERY_MS : STATE_IDLE_MS;
  if (live.link.state === 'up' && now.ms - live.toldMs >= tellEveryMs) moves.tell(draft);
  if (live.resuming !== null) {
    if (live.running === null) moves.startAct(draft, { do: 'read' });
    return;
  }
  if (live.gateUsed === false && draft.state.gate !== null && now.ms - live.gateMs >= RETRY_MS) {
    moves.patchLive(draft, { gateUsed: null, gateMs: now.ms });
    draft.effects.push({ type: 'useGate', gate: draft.state.gate });
  }
  // Link and gate are looked at as they are, not only as they change.
  lookAtEdge(draft);
  tickState(draft);
  tickEnding(draft);
}

function tickState(draft: Draft): void {
  switch (draft.state.state) {
    case 'SERVING':
      level(draft);
      lookAtWeights(draft);
      return tickSilence(draft);
    case 'WARNED':
      warm(draft);
      level(draft);
      lookAtWeights(draft);
      return tickSilence(draft);
    case 'SUSPECT':
      return tickSilence(draft);
    case 'PREPARING':
      return departing.tickPreparing(draft);
    case 'SHIFTING':
      if (draft.state.phase !== 'gone') return departing.tickShifting(draft);
      return moves.inPhaseMs(draft) >= RETRY_MS ? onGoneWritten(draft, false) : undefined;
    case 'VERIFYING':
      return departing.tickVerifying(draft);
    case 'DRAINING':
      keepOff(draft);
      return draining.tickDraining(draft);
    case 'RELEASED':
      keepOff(draft);
      return draining.tickReleased(draft);
    case 'OFFLINE':
    case 'LOST':
      return tickOut(draft);
    case 'HOLD':
      return isHeldOut(draft.state) ? tickOut(draft) : tickConflict(draft);
    case 'RETURNING':
      return tickReturning(draft);
  }
}

function tickReturning(draft: Draft): void {
  switch (draft.state.phase) {
    case 'admitted':
      return returning.tickAdmitted(draft);
    case 'window':
      lookAtWeights(draft);
      tickWindow(draft);
      return tickSilence(draft);
    case 'backing':
      return returning.tickBacking(draft);
    default:
      return undefined;
  }
}

/** Out of the pool, and weight 0 said again every 10 s, or when a share is seen: nobody brings the edge back unasked. */
function tickOut(draft: Draft): void {
  const { state, now } = draft;
  if (!moves.isIdle(state)) return;
  if (!state.out) return moves.startAct(draft, { do: 'dead' });
  const isDue = (now.shown?.edge ?? 0) > 0 || now.ms - state.live.assertedMs >= REASSERT_EVERY_MS;
  if (state.ending !== null || !isDue) return;
  moves.patchLive(draft, { assertedMs: now.ms });
  moves.startAct(draft, { do: 'read' });
}

/** While somebody else writes, what stands there is looked at: whoever ends the hold goes on from the truth. */
function tickConflict(draft: Draft): void {
  const { state, now } = draft;
  if (state.hold?.code !== 'weightConflict' || !moves.isIdle(state)) return;
  if (now.ms - state.live.polledMs < RETRY_MS) return;
  moves.patchLive(draft, { polledMs: now.ms });
  moves.startAct(draft, { do: 'read' });
}

/** Its own side is asked before it is needed. */
function warm(draft: Draft): void {
  if (draft.state.live.warmed || !moves.isIdle(draft.state)) return;
  moves.patchLive(draft, { warmed: true });
  moves.startAct(draft, { do: 'check' });
}

function isServing({ state }: KeeperState): boolean {
  return state === 'SERVING' || state === 'WARNED';
}
