import type { HandoffState } from '../../../src-shared/world/handoff.ts';
import type { LinkFact } from '../ports.ts';
import { onSilence } from './draining.ts';
import type { Draft, KeeperEvent } from './keeper-types.ts';
import { isSilent, leaveNow, leavesAlone, lose } from './loss.ts';
import * as moves from './moves.ts';
import { away } from './returning.ts';
import { settle } from './settle.ts';

/** What the link and the watch of the gate say. The hand-off has no heartbeat of its own. */

export function onLink(draft: Draft, fact: LinkFact): void {
  const before = draft.state.live.link;
  const isNews = before.state !== fact.state;
  moves.patchLive(draft, { link: fact, ...(isNews ? { linkMs: draft.now.ms } : {}) });
  if (!isNews || draft.state.live.resuming !== null) return;
  const isQuiet = fact.state === 'suspect' || fact.state === 'down';
  if (isQuiet || fact.state === 'up') draft.effects.push({ type: 'hurry', on: isQuiet });
  lookAtLink(draft);
  if (fact.state === 'up') moves.tell(draft);
}

/** Also once the front could be read: what the link had said by then counts from there on. */
export function lookAtLink(draft: Draft): void {
  const { reasons, live } = draft.state;
  if (isGoodBye(live.link)) leaveNow(draft, { by: 'bye', reasons, what: 'the edge said good-bye' });
  lookAtEdge(draft);
}

/** Its host goes, and with it the gate; of an engine alone that ended, the gate goes on. */
function isGoodBye({ state, byeReason }: LinkFact): boolean {
  return (
    state === 'left' && (byeReason === 'sleep' || byeReason === 'shutdown' || byeReason === 'lowBattery')
  );
}

export function onEdge(
  draft: Draft,
  { alive, notReady }: Extract<KeeperEvent, { readonly type: 'edge' }>,
): void {
  moves.patchLive(draft, { edgeAlive: alive, edgeLeaving: !alive && notReady === 'leaving' });
  if (draft.state.live.resuming === null) lookAtEdge(draft);
}

/** Link and gate together, in each state: is it lost, gone, silent, or there again? */
export function lookAtEdge(draft: Draft): void {
  const { state, phase, live } = draft.state;
  const { link, edgeAlive } = live;
  // Suspect: the link decides within its own limit, and only then is a dead gate a lost edge.
  const isDead = edgeAlive === false && link.state !== 'suspect' && moves.hasShare(draft.state);
  // Not dead: it drains by itself, and nobody told us. What it holds may end.
  const drainsAlone = edgeAlive === false && live.edgeLeaving;
  if (isDead && drainsAlone && startsAlone(state)) return leavesAlone(draft);
  switch (state) {
    case 'SERVING':
    case 'WARNED':
      if (isDead) return lose(draft, 'the gate is dead');
      return link.state === 'up' || link.state === 'never' ? undefined : suspect(draft);
    case 'SUSPECT':
      if (isDead) return lose(draft, 'the link is down and the gate is dead');
      if (link.state !== 'up') return undefined;
      return moves.enter(draft, draft.state.reasons.length > 0 ? 'WARNED' : 'SERVING', 'none');
    case 'PREPARING':
      return isDead ? lose(draft, 'the gate died before the weights moved') : undefined;
    case 'SHIFTING':
    case 'VERIFYING':
      // An edge that begins without a share stays out by its own word: its gate is not ready, and not dead.
      if (phase === 'gone' || draft.state.before?.edge === 0) return undefined;
      if (edgeAlive !== false || link.state === 'suspect' || drainsAlone) return undefined;
      return lose(draft, 'the gate died while the weights moved');
    case 'DRAINING':
      // As long as its gate says that it drains it has the whole limit of the step.
      return isSilent(draft) && !drainsAlone ? onSilence(draft) : undefined;
    case 'RELEASED':
      return isSilent(draft) ? onSilence(draft) : undefined;
    case 'RETURNING':
      if (isDead) return lose(draft, 'the gate died on its way back');
      return !moves.hasShare(draft.state) && isSilent(draft) ? away(draft) : undefined;
    case 'HOLD':
      if (isDead) return lose(draft, 'the gate died while it was held');
      return link.state === 'up' && draft.state.hold?.code === 'agentSilent' ? settle(draft) : undefined;
    case 'OFFLINE':
    case 'LOST':
      return undefined;
  }
}

/** Not under way to weight 0, nor out. */
function startsAlone(state: HandoffState): boolean {
  switch (state) {
    case 'SHIFTING':
    case 'VERIFYING':
    case 'DRAINING':
    case 'RELEASED':
    case 'OFFLINE':
    case 'LOST':
      return false;
    default:
      return true;
  }
}

/** What the front did until now is where a loss would begin. */
function suspect(draft: Draft): void {
  moves.enter(draft, 'SUSPECT', 'none');
  moves.startAct(draft, { do: 'counters', once: true });
}
