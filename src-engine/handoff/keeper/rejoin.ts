import type { HandoffMessage } from '../../../src-shared/handoff-messages.ts';
import { beginDeparture } from './departing.ts';
import { onGone, sayDrainAgain, sayReleaseAgain } from './draining.ts';
import type { Draft } from './keeper-types.ts';
import { leaveNow } from './loss.ts';
import * as moves from './moves.ts';
import { startWindow } from './return-window.ts';
import { admit } from './returning.ts';
import { settle } from './settle.ts';

/** The first word of each session: the gate is remembered, the view is told, and what was not answered is said again. */

type Rejoin = Extract<HandoffMessage, { type: 'REJOIN' }>;

export function rejoin(draft: Draft, word: Rejoin): void {
  const { state } = draft;
  const isOtherBoot = state.bootId !== null && state.bootId !== word.bootId;
  moves.patch(draft, { epoch: Math.max(state.epoch, word.epoch), bootId: word.bootId });
  moves.patchLive(draft, { wakeId: word.wakeId, heardEpoch: word.epoch >= state.epoch });
  // Its own word, where the front cannot tell a gate that drains from a dead one.
  moves.patchLive(draft, { edgeLeaving: state.live.edgeLeaving || word.doing === 'draining' });
  takeGate(draft, word.gate);
  takeReasons(draft, word.reasons);
  const code = draft.state.hold?.code;
  if (draft.state.state === 'HOLD' && (code === 'agentSilent' || code === 'recordUnreadable')) settle(draft);
  moves.tell(draft);
  answer(draft, word, isOtherBoot);
}

function takeGate(draft: Draft, gate: Rejoin['gate']): void {
  const { state } = draft;
  if (gate === null) return;
  const isSame = JSON.stringify(gate) === JSON.stringify(state.gate);
  if (isSame && state.live.gateUsed === true) return;
  moves.patch(draft, { gate });
  moves.patchLive(draft, { gateUsed: null, gateMs: draft.now.ms });
  draft.effects.push({ type: 'useGate', gate });
}

/** While something is under way the reasons are its own; INTENT says what changes. */
function takeReasons(draft: Draft, reasons: Rejoin['reasons']): void {
  switch (draft.state.state) {
    case 'SERVING':
    case 'WARNED':
      moves.patch(draft, { reasons });
      if ((draft.state.state === 'WARNED') !== reasons.length > 0)
        moves.enter(draft, reasons.length > 0 ? 'WARNED' : 'SERVING', 'none');
      return;
    case 'SUSPECT':
    case 'OFFLINE':
    case 'LOST':
    case 'HOLD':
    case 'RETURNING':
      return moves.patch(draft, { reasons });
    case 'PREPARING':
    case 'SHIFTING':
    case 'VERIFYING':
    case 'DRAINING':
    case 'RELEASED':
      return undefined;
  }
}

function answer(draft: Draft, word: Rejoin, isOtherBoot: boolean): void {
  switch (draft.state.state) {
    case 'SERVING':
    case 'WARNED':
    case 'SUSPECT':
    case 'HOLD':
      return whileServing(draft, word);
    case 'PREPARING':
      if (!draft.state.prepared) moves.say(draft, { type: 'PREPARE', remainingMs: moves.remainingMs(draft) });
      return undefined;
    case 'SHIFTING':
    case 'VERIFYING':
      return undefined;
    case 'DRAINING':
      return sayDrainAgain(draft);
    case 'RELEASED':
      // It stopped, or it was started again since: in both cases there is nothing left to wait for.
      if (word.doing === 'gone' || (word.doing === 'nothing' && isOtherBoot))
        return onGone(draft, { stoppedMs: 0, forced: false });
      return sayReleaseAgain(draft);
    case 'OFFLINE':
    case 'LOST':
      return undefined;
    case 'RETURNING':
      if (draft.state.phase === 'window') startWindow(draft);
      if (
        draft.state.phase === 'window' ||
        draft.state.phase === 'admitted' ||
        draft.state.phase === 'raising'
      )
        admit(draft);
      return undefined;
  }
}

/** It has a share here, but does it serve? It may have left alone while this core was away. */
function whileServing(draft: Draft, word: Rejoin): void {
  if (!moves.hasShare(draft.state)) return;
  switch (word.doing) {
    case 'stopping':
    case 'gone':
      leaveNow(draft, { by: 'bye', reasons: word.reasons, what: 'the edge had left alone' });
      return moves.patch(draft, { noPeer: true, unplanned: false });
    case 'draining':
      return beginDeparture(draft, { reasons: word.reasons, remainingMs: null, atOnce: true });
    case 'preparing':
      return undefined;
    case 'nothing':
      // Its gate shut itself for a moment, and nothing died meanwhile: at the weight that stands it may open.
      if (word.gateReady === false && draft.state.live.edgeAlive !== false && draft.state.state !== 'HOLD')
        admit(draft);
      return undefined;
  }
}
