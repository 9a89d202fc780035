import type { Draft } from './keeper-types.ts';
import * as moves from './moves.ts';
import { startReturn } from './returning.ts';

/**
 * Where the live weight says that it is: after a hold that ended, and after a restart. It raises nothing: a share
 * below the target goes through RETURNING, with a window at the share that stands.
 */
export function settle(draft: Draft): void {
  const { seen, reasons } = draft.state;
  if (seen === null) return;
  if (seen.edge === 0 && draft.now.target.edge > 0) return moves.enter(draft, 'OFFLINE', 'none');
  moves.enter(draft, reasons.length > 0 ? 'WARNED' : 'SERVING', 'none');
  level(draft);
}

/** The settings' shares and the live ones, while it serves: down at once, up by a return. */
export function level(draft: Draft): void {
  const { state, now } = draft;
  const { seen, live } = state;
  if (seen === null || !moves.isIdle(state) || state.ending !== null) return;
  if (seen.edge > now.target.edge) return moves.write(draft, now.target.edge);
  if (seen.edge === now.target.edge || state.state !== 'SERVING') return;
  if (live.link.state !== 'up' || live.edgeAlive === false || !now.mayAct) return;
  startReturn(draft, { short: !state.owesFullReturn });
}
