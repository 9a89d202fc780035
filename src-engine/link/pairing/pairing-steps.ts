import type { TandemError } from '../../../src-shared/errors/result.ts';
import { claimOf, ownSasSide } from './pairing-agreement.ts';
import type { PairFrame } from './pairing-frames.ts';
import {
  isTry,
  OUTCOME_MS,
  sideOf,
  type PairingContext,
  type PairingEffect,
  type PairingState,
  type Step,
  type WireFacts,
} from './pairing-state.ts';
import { commitOf } from './sas.ts';

/** Steps that several events share. */

export function given(state: PairingState, ...effects: readonly PairingEffect[]): Step {
  return { state, effects };
}

export const unchanged = (state: PairingState): Step => given(state);

/** The end of a pairing: the other side is told (`tell`), the connection closed, the try counted. */
export function failed(state: PairingState, error: TandemError, nowMs: number, tell: PairFrame | null): Step {
  const connected = ['commit', 'nonce', 'reveal', 'compare'].includes(state.stage);
  const effects: PairingEffect[] = [];
  if (connected && tell !== null) effects.push({ type: 'send', frame: tell });
  if (connected) effects.push({ type: 'close' });
  if (isTry(state)) effects.push({ type: 'countFailure' });
  const known = 'known' in state ? state.known : null;
  return given(
    { stage: 'failed', side: sideOf(state), known, error, untilMs: nowMs + OUTCOME_MS },
    ...effects,
  );
}

/** Who connected was nobody: the window goes on as if it had not been. */
export function backToWindow({ window }: Extract<PairingState, { stage: 'commit' }>): Step {
  return given({ stage: 'listening', window, untilMs: window.untilMs }, { type: 'close' });
}

/** Both said yes. The connection has nothing more to say. */
export function storing(state: Extract<PairingState, { stage: 'compare' }>): Step {
  const { side, listening, known } = state;
  return given({ stage: 'storing', side, listening, known }, { type: 'close' }, { type: 'store', known });
}

export function commitFrame(context: PairingContext, wire: WireFacts): PairFrame {
  return { type: 'COMMIT', ...claimOf(context), commit: commitOf(ownSasSide(context, wire)) };
}
