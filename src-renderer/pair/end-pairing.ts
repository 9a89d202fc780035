import type { Bridge } from '../../src-shared/commands/shell.ts';
import type { TandemError } from '../../src-shared/errors/result.ts';

/** How an attempt to end the pairing came out; `serves`: refused, since requests still go to the edge. */
export type EndOfPairing = 'done' | 'serves' | { readonly error: TandemError };

/**
 * Ends the pairing. An edge that serves leaves first, which it cannot when its core is dead or was set up anew: whoever
 * was told `serves` and says yes again does it all the same.
 *
 * @param force after that second yes
 */
export async function endPairing(bridge: Pick<Bridge, 'call'>, force: boolean): Promise<EndOfPairing> {
  const result = await bridge.call('peer.unpair', force ? { yes: true, force } : { yes: true });
  if (result.ok) return 'done';
  return result.error.code === 'leaveFirst' ? 'serves' : { error: result.error };
}
