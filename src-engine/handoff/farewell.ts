import type { Handoff, ReasonName } from '../../src-shared/world/handoff.ts';
import type { ByeReason } from '../../src-shared/world/peer.ts';
import type { Role } from '../../src-shared/world/role.ts';

export interface FarewellWords {
  readonly reason: ByeReason;
  /** Nothing of the front is under way here any more. */
  readonly drainDone: boolean;
}

/** What a good-bye says: an edge that has left because of its battery, or by a person's word, says so. */
export function farewellOf(reason: ByeReason, role: Role, handoff: Handoff | null): FarewellWords {
  const drainDone = role === 'edge' && handoff?.safeToCloseLid === true;
  if (!drainDone) return { reason, drainDone };
  const left = (name: ReasonName): boolean =>
    handoff.reasons.some((one) => one.name === name && one.level !== 'warn');
  const ends = reason === 'sleep' || reason === 'shutdown' || reason === 'quit';
  if (ends && left('battery')) return { reason: 'lowBattery', drainDone };
  if (reason === 'quit' && left('user')) return { reason: 'userStop', drainDone };
  return { reason, drainDone };
}
