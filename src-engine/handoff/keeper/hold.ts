import type { HandoffState } from '../../../src-shared/world/handoff.ts';
import type { Problem, Shares } from '../../../src-shared/world/traffic.ts';
import { conclude } from './ending.ts';
import type { Draft, KeeperState } from './keeper-types.ts';
import * as moves from './moves.ts';

/** States of a departure before the edge was told to stop. */
export function isDeparting(state: HandoffState): boolean {
  return state === 'PREPARING' || state === 'SHIFTING' || state === 'VERIFYING' || state === 'DRAINING';
}

/** Held while it is off: a share that somebody gives it falls again, as in OFFLINE. */
export function isHeldOut({ state, out, hold: why }: KeeperState): boolean {
  return state === 'HOLD' && (out || why?.code === 'flapping' || why?.code === 'returnFailed');
}

/**
 * Weights that somebody else wrote.
 *
 * @param kept as they were read before that: the hold ends by itself once they are so again
 */
export function holdConflict(draft: Draft, found: Problem['params'], kept: Shares | null): void {
  hold(draft, moves.problem('weightConflict', kept === null ? found : { ...found, kept: kept.edge }));
}

/** It does not go on by itself: weights stay as they are, and a person is told why. Never for a forced departure. */
export function hold(draft: Draft, why: Problem): void {
  const { state } = draft.state;
  moves.closeStep(draft, 'failed');
  moves.enter(draft, 'HOLD', 'none');
  moves.patch(draft, { hold: why });
  moves.note(draft, 'hold', `held: ${why.code}`, { problem: why, from: state, shares: draft.state.seen });
  const kind =
    isDeparting(state) || state === 'RELEASED' ? 'departure' : state === 'RETURNING' ? 'return' : null;
  if (kind === null) return;
  conclude(draft, kind, 'held', why);
  moves.startAct(draft, { do: 'counters', once: true });
}
