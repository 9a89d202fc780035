import type { GateAddress } from '../../../src-shared/handoff-messages.ts';
import type { LinkState } from '../../../src-shared/world/peer.ts';
import type { GateState } from '../ports.ts';
import { without } from '../reasons/reasons.ts';
import { sayCancel, sayDrained, sayGone, sayIntent, sayLeaveNow } from './departure.ts';
import { enter, goOut, greet, greetAgainIn, markTold, note, sending, toldReasons } from './draft.ts';
import type { Draft, Phase } from './leaver-types.ts';
import { FIRST_ASK_MS, SAY_AGAIN_MS } from './limits.ts';

/** Sessions: REJOIN is the first word of each, and the core's answer opens it. */

export function onLink(draft: Draft, link: LinkState, told: boolean): void {
  const isNewSession = told && link === 'up' && draft.state.session !== 'greeting';
  if (draft.state.link === link && !isNewSession) return;
  draft.state = { ...draft.state, link };
  switch (link) {
    case 'up':
      awake(draft);
      draft.state = { ...draft.state, lookMs: draft.now.ms, gateAgain: null };
      return greet(draft);
    case 'suspect':
      return;
    case 'never':
    case 'down':
    case 'left':
      draft.state = { ...draft.state, session: 'none', greetAgainMs: null };
  }
}

/** The suspend is over when the host has said so and the core can be reached. */
export function awake(draft: Draft): void {
  const { state } = draft;
  if (!state.asleep && state.link === 'up')
    draft.state = { ...state, reasons: without(state.reasons, 'suspend') };
}

export function greetIfDue(draft: Draft): void {
  const { session, greetAgainMs } = draft.state;
  const waits = session === 'greeting' || session === 'asked';
  if (waits && greetAgainMs !== null && draft.now.ms >= greetAgainMs) greet(draft);
}

/** What REJOIN says of the gate was looked up: say it. */
export function onGreeting(draft: Draft, address: GateAddress | null, gate: GateState | null): void {
  if (draft.state.session !== 'greeting') return;
  if (gate?.notReady === 'paused') paused(draft);
  const { state } = draft;
  draft.effects.push(
    sending(draft, {
      type: 'REJOIN',
      bootId: state.bootId,
      wakeId: state.wakeId,
      reasons: [...toldReasons(draft)],
      gate: address,
      gateReady: gate?.ready ?? null,
      gatePaused: state.gatePaused,
      doing: doingOf(state.phase),
    }),
  );
  markTold(draft);
  const gateTold = address !== null;
  if (gateTold && !state.gateTold) gateFound(draft);
  const { ms } = draft.now;
  const lookMs = gateTold ? draft.state.lookMs : ms;
  draft.state = { ...draft.state, session: 'asked', greetAgainMs: ms + SAY_AGAIN_MS, gateTold, lookMs };
}

/** What the core refused without knowing where the gate is, it may grant now. */
function gateFound(draft: Draft): void {
  const { phase } = draft.state;
  draft.state = { ...draft.state, gateAgain: null };
  if (phase.name === 'out') enter(draft, { ...phase, final: false });
}

export function doingOf(phase: Phase): 'nothing' | 'preparing' | 'draining' | 'stopping' | 'gone' {
  switch (phase.name) {
    case 'out':
    case 'serving':
    case 'leftNow':
      return 'nothing';
    case 'asking':
    case 'prepared':
      return 'preparing';
    case 'draining':
    case 'drained':
      return 'draining';
    case 'stopping':
      return 'stopping';
    case 'gone':
    case 'starting':
      return 'gone';
  }
}

/** The gate reset what it held: it stays out until the core admits it, whatever this edge thought it was. */
export function paused(draft: Draft): void {
  if (draft.state.gatePaused) return;
  draft.state = { ...draft.state, gatePaused: true };
  note(draft, 'gatePaused', 'the gate shut itself after a pause', { phase: draft.state.phase.name });
  if (draft.state.phase.name === 'serving') goOut(draft);
}

/** The link says up and the session is gone, or its buffer is full: from the beginning. */
export function onUnsent(draft: Draft): void {
  if (draft.state.session !== 'none') greetAgainIn(draft, 1_000);
}

/** The core has answered: what it may not have heard is said again. */
export function onOpen(draft: Draft): void {
  const { phase } = draft.state;
  switch (phase.name) {
    case 'asking':
      return sayIntent(draft, phase.departure);
    case 'drained':
      return sayDrained(draft);
    case 'gone':
      return sayGone(draft);
    case 'leftNow':
      return phase.acked ? undefined : sayLeaveNow(draft, phase.reason);
    case 'serving':
      return phase.cancelled === null ? undefined : sayCancel(draft);
    case 'out':
      // ADMIT may be the very answer to REJOIN.
      return enter(draft, { ...phase, askedMs: null, notBeforeMs: draft.now.ms + FIRST_ASK_MS });
    case 'prepared':
    case 'draining':
    case 'stopping':
    case 'starting':
      return;
  }
}
