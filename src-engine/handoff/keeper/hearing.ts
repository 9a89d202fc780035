import type { HandoffMessage } from '../../../src-shared/handoff-messages.ts';
import { cancel } from './cancel.ts';
import { beginDeparture, onPrepared, wishAgain, type Wish } from './departing.ts';
import { onDrained, onGone, sayDrainAgain } from './draining.ts';
import { concludeNow } from './ending.ts';
import type { Draft } from './keeper-types.ts';
import { leaveNow } from './loss.ts';
import * as moves from './moves.ts';
import { rejoin } from './rejoin.ts';
import { admit, askReturn } from './returning.ts';
import { settle } from './settle.ts';

/** What the edge says. An older epoch is refused, a known seq is no news (SEQUENCE.md, Every session). */

/** So many are remembered: a LEAVE_NOW comes by datagram and by TLS, in any order. */
const SEQS = 64;

export function hear(draft: Draft, message: HandoffMessage): void {
  const { live } = draft.state;
  const isNewEngine = message.type === 'REJOIN' && message.wakeId !== live.wakeId;
  if (!isNewEngine && live.heardSeqs.includes(message.seq)) return;
  const seqs = isNewEngine ? [] : live.heardSeqs;
  moves.patchLive(draft, { heardSeqs: [...seqs, message.seq].slice(-SEQS) });
  if (message.type === 'REJOIN') return rejoin(draft, message);
  if (isOld(draft, message)) return moves.tell(draft);
  if (message.epoch > draft.state.epoch) moves.patch(draft, { epoch: message.epoch });
  if (message.epoch === draft.state.epoch) moves.patchLive(draft, { heardEpoch: true });
  if (draft.state.state === 'HOLD' && draft.state.hold?.code === 'agentSilent') settle(draft);
  listen(draft, message);
}

/**
 * An answer must be of this very epoch. What the edge says of its own accord may have crossed our first word of a
 * new one: until it is heard in the new epoch, the one before it is not old.
 */
function isOld(draft: Draft, { type, epoch }: HandoffMessage): boolean {
  const { state } = draft;
  if (epoch >= state.epoch) return false;
  const isOwnWord = type === 'INTENT' || type === 'CANCEL' || type === 'LEAVE_NOW';
  return !(isOwnWord && epoch === state.epoch - 1 && !state.live.heardEpoch);
}

function listen(draft: Draft, message: HandoffMessage): void {
  switch (message.type) {
    case 'INTENT':
      return onIntent(draft, message);
    case 'CANCEL':
      moves.patch(draft, { reasons: message.reasons });
      return cancel(draft);
    case 'PREPARED':
      return onPrepared(draft, message);
    case 'DRAINED':
      return isLateDrained(draft.state) ? goOn(draft) : onDrained(draft, message);
    case 'GONE':
      return onGone(draft, message);
    case 'LEAVE_NOW':
      return leaveNow(draft, {
        by: 'LEAVE_NOW',
        reasons: [message.reason],
        what: 'the edge said that it goes now',
      });
    case 'ASK_RETURN':
      return onAskReturn(draft, message);
    default:
      // The core's own words, or those of a newer Tandem.
      return undefined;
  }
}

/** What it was held for has come: the edge has nothing in flight. Once: with that said, the front is what hinders. */
function isLateDrained({ state, hold, drained }: Draft['state']): boolean {
  return state === 'HOLD' && hold?.code === 'drainIncomplete' && !drained;
}

/** Another departure, from weight 0: DRAIN names it, and the edge says DRAINED for it. */
function goOn(draft: Draft): void {
  beginDeparture(draft, { reasons: draft.state.reasons, remainingMs: null, atOnce: true });
}

type Intent = Extract<HandoffMessage, { type: 'INTENT' }>;

function onIntent(draft: Draft, { reasons, leave, remainingMs }: Intent): void {
  const wish = { reasons, remainingMs };
  switch (draft.state.state) {
    case 'SERVING':
    case 'WARNED':
    case 'SUSPECT':
      if (leave) return beginDeparture(draft, { ...wish, atOnce: !moves.hasShare(draft.state) });
      return warn(draft, reasons);
    case 'PREPARING':
    case 'SHIFTING':
    case 'VERIFYING':
    case 'DRAINING':
      if (leave) return hearAgain(draft, wish);
      moves.patch(draft, { reasons });
      return reasons.length === 0 ? cancel(draft) : undefined;
    case 'OFFLINE':
    case 'LOST':
    case 'HOLD':
      if (leave) return beginDeparture(draft, { ...wish, atOnce: !moves.hasShare(draft.state) });
      return moves.patch(draft, { reasons });
    case 'RETURNING': {
      if (!leave && reasons.every(({ level }) => level === 'warn')) return moves.patch(draft, { reasons });
      concludeNow(draft, 'return', 'cancelled');
      return beginDeparture(draft, { ...wish, atOnce: true });
    }
    case 'RELEASED':
      return moves.patch(draft, { reasons });
  }
}

/** A return that the warning turned round is in DRAINING before the edge says that it leaves: DRAIN may have come too early. */
function hearAgain(draft: Draft, wish: Omit<Wish, 'atOnce'>): void {
  wishAgain(draft, wish);
  if (draft.state.state === 'DRAINING') sayDrainAgain(draft);
}

function warn(draft: Draft, reasons: Intent['reasons']): void {
  const { state } = draft.state;
  moves.patch(draft, { reasons });
  if (state === 'SERVING' && reasons.length > 0) {
    moves.enter(draft, 'WARNED', 'none');
    moves.patchLive(draft, { warmed: false });
    moves.note(draft, 'warned', 'the edge may have to leave', { reasons });
  } else if (state === 'WARNED' && reasons.length === 0) {
    moves.enter(draft, 'SERVING', 'none');
    moves.note(draft, 'cleared', 'no reason to leave is left', {});
  }
}

type AskReturn = Extract<HandoffMessage, { type: 'ASK_RETURN' }>;

/** The edge asks only when its own list of reasons is empty. */
function onAskReturn(draft: Draft, ask: AskReturn): void {
  switch (draft.state.state) {
    case 'OFFLINE':
    case 'LOST':
    case 'HOLD':
      moves.patch(draft, { reasons: [] });
      return askReturn(draft, ask);
    case 'RETURNING':
      return draft.state.phase === 'reviving' || draft.state.phase === 'lowering'
        ? moves.tell(draft)
        : admit(draft);
    case 'SERVING':
    case 'WARNED':
    case 'SUSPECT':
      // Its share stands: a gate that shut itself for a moment may open again.
      if (moves.hasShare(draft.state)) return admit(draft);
      return moves.tell(draft);
    case 'PREPARING':
    case 'SHIFTING':
    case 'VERIFYING':
    case 'DRAINING':
    case 'RELEASED':
      return moves.reject(draft, moves.problem('departureRuns'));
  }
}
