import type { Pairing } from '../../../src-shared/world/peer.ts';
import type { PairingState } from './pairing-state.ts';

/** The stage of the World for each of ours: a person need not see the steps of the machines. */
const shownStage = {
  listening: 'listening',
  commit: 'listening',
  reveal: 'listening',
  dialling: 'dialling',
  nonce: 'dialling',
  storing: 'waiting',
  done: 'done',
  failed: 'failed',
} as const;

/** The slice `link.pairing` of the World; null when there is nothing to show. `wall` is the wall time of `nowMs`. */
export function pairingOf(state: PairingState, nowMs: number, wall: Date): Pairing | null {
  if (state.stage === 'idle') return null;
  const known = 'known' in state ? state.known : null;
  return {
    side: 'side' in state ? state.side : shownStage[state.stage] === 'dialling' ? 'dialler' : 'listener',
    stage: state.stage === 'compare' ? (state.mine ? 'waiting' : 'compare') : shownStage[state.stage],
    listening: listeningOf(state),
    digits: known?.digits ?? null,
    peerName: known?.name ?? null,
    peerPin: known?.pin ?? null,
    role: known?.ownRole ?? null,
    expiresAt: new Date(wall.getTime() + Math.max(0, endOf(state, nowMs) - nowMs)).toISOString(),
    error: state.stage === 'failed' ? { code: state.error.code, params: { ...state.error.params } } : null,
  };
}

function listeningOf(state: PairingState): string | null {
  if ('window' in state) return state.window.listening;
  return 'listening' in state ? state.listening : null;
}

/** When it ends for the person who looks: a window stays open while machines talk. */
function endOf(state: PairingState, nowMs: number): number {
  if ('window' in state) return state.window.untilMs;
  return 'untilMs' in state ? state.untilMs : nowMs;
}
