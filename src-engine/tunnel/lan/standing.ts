import type { ByeReason, LinkState } from '../../../src-shared/world/peer.ts';

/** Two looks without an answer: one blip of the radio withdraws nothing. */
const FAILURES = 2;

/** The machine itself goes, or nobody finds it: nothing of it answers any more. */
const goneWith: readonly ByeReason[] = ['sleep', 'shutdown', 'otherNetwork'];

export interface StandingFacts {
  readonly link: LinkState;
  readonly byeReason: ByeReason | null;
  /** Of the relay's looks, in a row. */
  readonly failures: number;
  /** It has answered at all since it was looked at. */
  readonly hasAnswered: boolean;
}

export type Standing = 'serves' | 'silent' | 'withdrawn';

/**
 * Does the other Mac's relay serve? `silent`: it does not answer, and its services are not ready. `withdrawn`: the link
 * has decided too (design/limits.md, 2.5 s), or the Mac goes now: what is carried is reset. An engine that died, or
 * said good-bye because it ended, takes nothing with it: its relay lives on, and as long as that answers it serves.
 */
export function standingOf({ link, byeReason, failures, hasAnswered }: StandingFacts): Standing {
  if (link === 'left' && byeReason !== null && goneWith.includes(byeReason)) return 'withdrawn';
  const isSilent = failures >= FAILURES || !hasAnswered;
  if (!isSilent) return 'serves';
  return link === 'down' || link === 'left' ? 'withdrawn' : 'silent';
}
