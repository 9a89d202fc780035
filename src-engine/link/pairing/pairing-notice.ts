import type { Pairing } from '../../../src-shared/world/peer.ts';
import type { LinkHappening } from '../link-ports.ts';

/**
 * What a person is told of a pairing who does not look: digits wait for an answer, and that is over. The person at the
 * other Mac has begun it, so that here nobody may be watching.
 *
 * @returns null when there is nothing new to tell
 */
export function pairingHappening(before: Pairing | null, now: Pairing | null): LinkHappening | null {
  const [waited, waits] = [before, now].map((one) => one?.stage === 'compare');
  if (waited === waits) return null;
  if (!waits) return { type: 'settled', category: 'digits' };
  const name = now?.peerName;
  return { type: 'peer', kind: 'pairingAsked', params: typeof name === 'string' ? { name } : {} };
}
