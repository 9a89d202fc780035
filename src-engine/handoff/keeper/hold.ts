import type { HandoffState } from '../../../src-shared/world/handoff.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import { conclude } from './ending.ts';
import type { Draft } from './keeper-types.ts';
import * as moves from './moves.ts';

/** States of a departure before the edge was told to stop. */
export function isDeparting(state: HandoffState): boolean {
  return state === 'PREPARING' || state === 'SHIFTING' || state === 'VERIFYING' || state === 'DRAINING';
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
