import type { Caller, Handlers } from '../src-shared/commands/registry.ts';
import { fail } from '../src-shared/errors/result.ts';
import type { World } from '../src-shared/world/world.ts';
import type { WorldStore } from './world-store.ts';

/** What ends a pairing or a role, and with it the gate or the way to it. */
type Ending = Pick<Handlers<Caller>, 'peer.unpair' | 'settings.set'>;

/**
 * An edge that serves leaves first: to end the pairing or to take another role would cut what it holds. `force` does
 * it all the same, for an edge that cannot leave or a Mac that is not trusted any more.
 *
 * @returns the same handlers, with `leaveFirst` where the edge has a share
 */
export function leaveFirst(world: Pick<WorldStore, 'get'>, handlers: Ending): Ending {
  const refused = (force: boolean | undefined): boolean => force !== true && edgeServes(world.get());
  return {
    'peer.unpair': async (input, caller) =>
      input.yes && refused(input.force) ? fail('leaveFirst') : handlers['peer.unpair'](input, caller),
    'settings.set': async (input, caller) => {
      const isOtherRole = input.key === 'role' && input.value !== world.get().role;
      return isOtherRole && refused(input.force)
        ? fail('leaveFirst')
        : handlers['settings.set'](input, caller);
    },
  };
}

/** Requests go to the edge, or are not over there; false where nobody can tell and its gate is not open. */
export function edgeServes({
  role,
  peer,
  handoff,
  traffic,
}: Pick<World, 'role' | 'peer' | 'handoff' | 'traffic'>): boolean {
  if (peer === null) return false;
  switch (role) {
    case 'single':
      return false;
    case 'core':
      return traffic !== null && (traffic.weights.edge > 0 || (traffic.inFlight?.edge ?? 0) > 0);
    case 'edge': {
      const isSafe = handoff?.safeToCloseLid ?? null;
      if (isSafe !== null) return !isSafe;
      return traffic?.gate != null && (traffic.gate.ready || traffic.gate.inFlight > 0);
    }
  }
}
