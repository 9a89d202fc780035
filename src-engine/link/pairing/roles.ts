import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Role } from '../../../src-shared/world/role.ts';

/** What each side says of itself before the pair is one. */
export interface RoleClaim {
  /** `single` leaves it open (design decision 25). */
  readonly role: Role;
  readonly hasBattery: boolean;
}

export type SettledRole = Exclude<Role, 'single'>;

export interface SettledRoles {
  readonly listener: SettledRole;
  readonly dialler: SettledRole;
}

/**
 * Who becomes what; both sides compute it alone and get the same. What a person set stands, the other side
 * is its opposite. Where nobody set anything, the Mac with a battery leaves; of two alike the one that
 * opened the window stays.
 *
 * @returns `rolesEqual {role}` when both are set to the same
 */
export function settleRoles(listener: RoleClaim, dialler: RoleClaim): Result<SettledRoles> {
  if (listener.role !== 'single' && listener.role === dialler.role)
    return fail('rolesEqual', { role: listener.role });
  if (listener.role !== 'single') return ok({ listener: listener.role, dialler: oppositeOf(listener.role) });
  if (dialler.role !== 'single') return ok({ listener: oppositeOf(dialler.role), dialler: dialler.role });
  const listenerLeaves = listener.hasBattery && !dialler.hasBattery;
  return ok(listenerLeaves ? { listener: 'edge', dialler: 'core' } : { listener: 'core', dialler: 'edge' });
}

const oppositeOf = (role: SettledRole): SettledRole => (role === 'core' ? 'edge' : 'core');
