import { assertNever } from '../assert-never.ts';
import type { Handoff, LeaveReason } from './handoff.ts';

/** What a person can ask of a hand-off; `leave` in a countdown is "go now". */
export type HandoffVerb = 'leave' | 'delay' | 'cancel' | 'return';

/** What makes sense now, the likeliest first. Popover, tray menu and command line offer the same. */
export function handoffVerbs(handoff: Handoff): readonly HandoffVerb[] {
  switch (handoff.state) {
    case 'SERVING':
    case 'SUSPECT':
    case 'RETURNING':
      return ['leave'];
    case 'WARNED':
      if (handoff.countdownEndsAt !== null) return ['leave', 'delay', 'cancel'];
      return handoff.delayedUntil === null ? ['leave'] : ['leave', 'cancel'];
    case 'PREPARING':
    case 'SHIFTING':
    case 'VERIFYING':
    case 'DRAINING':
      return mustGo(handoff) ? [] : ['cancel'];
    case 'RELEASED':
      // From here it finishes first (design/limits.md, Cancel).
      return [];
    case 'OFFLINE':
    case 'LOST':
      return ['return'];
    case 'HOLD':
      return ['return', 'leave'];
    default:
      return assertNever(handoff.state);
  }
}

/** Between the decision to go and "nothing comes here any more". */
export function isMoving({ state }: Handoff): boolean {
  return state === 'PREPARING' || state === 'SHIFTING' || state === 'VERIFYING' || state === 'DRAINING';
}

/** A stage stop, a shutdown or a sleep cannot be called off; what a person began can. */
function mustGo({ reasons }: Handoff): boolean {
  return reasons.some(({ name, level }) => level === 'forced' && name !== 'user');
}

const SERIOUS: Readonly<Record<LeaveReason['level'], number>> = { warn: 0, drain: 1, forced: 2 };

/** The most serious reason, the oldest among equals; null when there is none. */
export function firstReason({ reasons }: Pick<Handoff, 'reasons'>): LeaveReason | null {
  const [first] = reasons.toSorted(
    (one, other) => SERIOUS[other.level] - SERIOUS[one.level] || one.since.localeCompare(other.since),
  );
  return first ?? null;
}
