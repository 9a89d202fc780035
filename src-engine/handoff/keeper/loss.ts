import type { LeaveReason } from '../../../src-shared/world/handoff.ts';
import { limitsOf } from '../handoff-limits.ts';
import { begin, enterOut } from './ending.ts';
import { hold } from './hold.ts';
import type { Draft, KeeperState } from './keeper-types.ts';
import { SHIFTING_MS } from './limits.ts';
import * as moves from './moves.ts';

/** Sudden loss: weight 0 first, everything else after it. Nothing here raises a weight or asks anybody. */

/** Its gate is dead, and the link does not say otherwise: what it holds is sent again or cut (`dead`). */
export function lose(draft: Draft, why: string): void {
  const { link, edgeAlive } = draft.state.live;
  const goesOn = isUnderWay(draft.state);
  moves.closeStep(draft, 'failed');
  begin(draft, { unplanned: true, reasons: draft.state.reasons, goesOn });
  moves.witness(draft, why, { ...link, edgeAlive });
  enterOut(draft, 'LOST', 'loss', 'lost');
}

/**
 * Its gate is not ready and says that it drains, for reasons that nobody could tell us: weight 0 at once, but what it
 * holds may end, until its gate is silent or the drain's limit is over. Nothing here may hold: it goes anyway.
 */
export function leavesAlone(draft: Draft): void {
  const { reasons, live } = draft.state;
  moves.closeStep(draft, 'cut');
  begin(draft, { unplanned: false, reasons, goesOn: isUnderWay(draft.state) });
  moves.patch(draft, { forced: true, noPeer: true });
  moves.witness(draft, 'the edge drains alone', { ...live.link });
  moves.note(draft, 'leavesAlone', 'the edge drains alone: weight 0, what it holds may end', {
    link: live.link.state,
  });
  moves.enter(draft, 'SHIFTING', 'zero', SHIFTING_MS);
  moves.patch(draft, { counters: { ...draft.state.counters, moved: draft.state.counters.last } });
  moves.write(draft, 0, { force: true });
}

/** A departure or a return is cut short by what happens: one report tells both. */
export function isUnderWay({ state }: KeeperState): boolean {
  switch (state) {
    case 'PREPARING':
    case 'SHIFTING':
    case 'VERIFYING':
    case 'DRAINING':
    case 'RELEASED':
    case 'RETURNING':
      return true;
    default:
      return false;
  }
}

/**
 * The edge said itself that it goes, now: LEAVE_NOW, or the link's good-bye before sleep or shutdown. Weight 0 is
 * written at once, then what hangs is dealt with as in a loss; it ends OFFLINE, unplanned.
 */
export function leaveNow(
  draft: Draft,
  word: { readonly by: 'LEAVE_NOW' | 'bye'; readonly reasons: readonly LeaveReason[]; readonly what: string },
): void {
  const isMessage = word.by === 'LEAVE_NOW';
  if (!moves.hasShare(draft.state) && draft.state.state !== 'SHIFTING' && draft.state.state !== 'VERIFYING') {
    if (isMessage) moves.say(draft, { type: 'ACK', of: 'LEAVE_NOW', stage: 'live' });
    return;
  }
  if (draft.state.phase === 'gone')
    return moves.patchLive(draft, { ackLive: draft.state.live.ackLive || isMessage });
  moves.closeStep(draft, 'cut');
  begin(draft, { unplanned: true, reasons: word.reasons, goesOn: isUnderWay(draft.state) });
  moves.witness(draft, word.what, { ...draft.state.live.link });
  moves.enter(draft, 'SHIFTING', 'gone');
  moves.patchLive(draft, { ackLive: isMessage });
  moves.write(draft, 0, { force: true });
}

/** Written, or not to be written: `dead` comes in either case, and says weight 0 again. */
export function onGoneWritten(draft: Draft, isWritten: boolean): void {
  const { ackLive } = draft.state.live;
  if (isWritten && ackLive) moves.say(draft, { type: 'ACK', of: 'LEAVE_NOW', stage: 'written' });
  moves.closeStep(draft, isWritten ? 'done' : 'failed');
  enterOut(draft, 'OFFLINE', 'departure', 'offline');
}

/** Does the edge's gate answer while nobody hears its agent? Then weights freeze, and a person is told after 30 s. */
export function tickSilence(draft: Draft): void {
  const { link, edgeAlive } = draft.state.live;
  if (link.state === 'up' || link.state === 'suspect' || edgeAlive !== true) return;
  if (!moves.hasShare(draft.state) || silentMs(draft) < agentSilentMs(draft)) return;
  moves.witness(draft, 'the edge is silent, its traffic answers', { ...link, silentMs: silentMs(draft) });
  hold(draft, moves.problem('agentSilent'));
}

/** Decision 7: an edge that is silent so long while its traffic answers is HOLD(agentSilent). */
function agentSilentMs({ now }: Draft): number {
  return limitsOf(now).silentSeconds * 1000;
}

/** Since the last sign of life of the edge's agent; of one that was never heard, since this engine began. */
export function silentMs(draft: Draft): number {
  const { link, linkMs } = draft.state.live;
  return draft.now.ms - linkMs + (link.state === 'never' ? 0 : (link.silenceMs ?? 0));
}

/** Down or gone by the link's decision; or never heard, for as long as would make it so. */
export function isSilent(draft: Draft): boolean {
  const { state } = draft.state.live.link;
  return (
    state === 'down' || state === 'left' || (state === 'never' && silentMs(draft) >= agentSilentMs(draft))
  );
}
