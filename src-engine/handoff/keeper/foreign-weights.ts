import { dealAlike } from '../../../src-shared/world/shares.ts';
import type { Shares } from '../../../src-shared/world/traffic.ts';
import type { SharesRead } from '../ports.ts';
import { holdConflict } from './hold.ts';
import type { Draft, KeeperState } from './keeper-types.ts';
import { VERIFYING_MS } from './limits.ts';
import * as moves from './moves.ts';
import { settle } from './settle.ts';

/**
 * Weights that somebody else wrote, noticed by the regular look at the front and not only by the keeper's next write.
 * The look is a hint: before anything is held the front itself is asked. Nothing here raises a weight.
 */

/** On each tick while the edge has a share: the front is asked when the look differs from what was read last. */
export function lookAtWeights(draft: Draft): void {
  const { state, now } = draft;
  const { seen } = state;
  if (seen === null || now.shown == null || dealAlike(now.shown, seen)) return;
  if (moves.isIdle(state) && state.ending === null) moves.startAct(draft, { do: 'read' });
}

/** It reads as it should, or somebody else deals: that is not for a program to decide. */
export function onWeightsRead(draft: Draft, live: SharesRead): void {
  const { seen } = draft.state;
  if (seen === null || dealAlike(live, seen)) return;
  moves.witness(draft, 'somebody else wrote weights', { core: live.core, edge: live.edge, kept: seen.edge });
  holdConflict(draft, moves.conflictOf(live).params, seen);
  moves.sawShares(draft, live);
}

/** Whoever ends the hold goes on from the truth; and it ends by itself when the weights are as they were. */
export function onHeldRead(draft: Draft, live: Shares): void {
  const { hold: why } = draft.state;
  moves.sawShares(draft, live);
  if (why?.code !== 'weightConflict' || why.params['kept'] !== live.edge) return;
  moves.note(draft, 'cleared', 'the weights are as they were before somebody else wrote', { shares: live });
  settle(draft);
}

/**
 * From the proof of weight 0 until the edge is gone: a share that somebody gives it falls again at once. The proof
 * does not hold any more: while it drains it is made anew, and what it said of its requests is said again. An edge
 * that was told to stop has its proof when it is taken out of the pool.
 */
export function keepOff(draft: Draft): void {
  const { state, now } = draft;
  const shown = now.shown ?? null;
  if (!isOff(state) || shown === null || shown.edge === 0 || state.live.running?.act.do === 'write') return;
  moves.note(draft, 'reasserted', 'somebody gave the edge a share while it leaves: weight 0 again', {
    live: shown,
  });
  moves.witness(draft, 'weight 0 was written again', { core: shown.core, edge: shown.edge });
  moves.sawShares(draft, shown);
  moves.patch(draft, { drained: false });
  if (state.state === 'DRAINING') moves.enter(draft, 'VERIFYING', 'again', VERIFYING_MS);
  moves.write(draft, 0, { force: true });
}

/** Proven at 0, or read as 0 again after such a share. */
function isOff({ state, zeroLive, seen }: KeeperState): boolean {
  return zeroLive || (state === 'RELEASED' && seen?.edge === 0);
}
