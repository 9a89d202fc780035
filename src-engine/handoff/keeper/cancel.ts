import { stay } from './departing.ts';
import { concludeNow } from './ending.ts';
import type { Draft } from './keeper-types.ts';
import * as moves from './moves.ts';
import { startReturn } from './returning.ts';
import { settle } from './settle.ts';

/** A departure that is not wanted any more: free up to PREPARING, by a return from 0 up to DRAINING, never later. */
export function cancel(draft: Draft): void {
  const { state, phase, before } = draft.state;
  switch (state) {
    case 'PREPARING':
      moves.closeStep(draft, 'cut');
      return stay(draft, 'cancelled', null);
    case 'SHIFTING':
    case 'VERIFYING':
    case 'DRAINING':
      // It said that it goes at once: there is nobody who could serve.
      if (phase === 'gone') return moves.reject(draft, moves.problem('tooLateToCancel'));
      moves.closeStep(draft, 'cut');
      concludeNow(draft, 'departure', 'cancelled');
      moves.note(draft, 'cancelled', 'the departure was cancelled', { from: state });
      if (before?.edge === 0) return settle(draft);
      return startReturn(draft, { short: !draft.state.owesFullReturn, fromZero: true });
    case 'RELEASED':
    case 'OFFLINE':
    case 'LOST':
      return moves.reject(draft, moves.problem('tooLateToCancel'));
    case 'HOLD':
      return settle(draft);
    case 'WARNED':
      if (draft.state.reasons.length === 0) settle(draft);
      return undefined;
    case 'SERVING':
    case 'SUSPECT':
    case 'RETURNING':
      return moves.tell(draft);
  }
}
