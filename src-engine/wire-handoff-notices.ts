import type { Handoff } from '../src-shared/world/handoff.ts';
import { firstReason } from '../src-shared/world/handoff-verbs.ts';
import type { Role } from '../src-shared/world/role.ts';
import type { Happening } from './notices/notice-policy.ts';

type Side = 'core' | 'edge';
type Kind = Extract<Happening, { type: 'handoff' }>['kind'];
type Params = Extract<Happening, { type: 'handoff' }>['params'];

/**
 * What a person is told of a change of World.handoff: a countdown, the traffic has moved, it is back, it is held, the
 * edge is lost. Pure: the hand-off's wiring tells each to the room of notices.
 *
 * @param before null when nothing was known: what stands then is told only when it waits for a person
 * @param name of the other Mac, when it is known
 */
export function handoffHappenings(
  before: Handoff | null,
  now: Handoff | null,
  role: Role,
  name: string | null = null,
): Happening[] {
  if (role === 'single') return before === null ? [] : settledIf(waits(before, 'edge') !== null);
  const was = before === null ? null : waits(before, role);
  const is = now === null ? null : waits(now, role);
  const over = settledIf(was !== null && was !== is);
  if (now === null) return over;
  const told = (kind: Kind, params: Params): Happening => ({
    type: 'handoff',
    kind,
    params: { side: role, ...(name === null ? {} : { name }), ...params },
  });
  return [
    ...over,
    ...(is !== null && is !== was ? [told(is, paramsOf(is, now))] : []),
    ...(before !== null && hasMoved(before, now) ? [told('handoffMoved', movedParams(now))] : []),
    ...(before?.state === 'RETURNING' && now.state === 'SERVING'
      ? [told('handoffReturned', sharesParams(before))]
      : []),
  ];
}

function settledIf(isOver: boolean): Happening[] {
  return isOver ? [{ type: 'settled', category: 'handoff' }] : [];
}

/** What waits for a person, or lasts. A loss is the core's to tell: the edge hears of it when it is back. */
function waits(handoff: Handoff, side: Side): 'handoffWarned' | 'handoffHeld' | 'handoffLost' | null {
  if (handoff.state === 'WARNED' && handoff.countdownEndsAt !== null) return 'handoffWarned';
  if (handoff.state === 'HOLD') return 'handoffHeld';
  return handoff.state === 'LOST' && side === 'core' ? 'handoffLost' : null;
}

/** Nothing comes to the edge any more, at the end of a departure. */
function hasMoved(before: Handoff, now: Handoff): boolean {
  const gone = (one: Handoff): boolean =>
    (one.state === 'RELEASED' || one.state === 'OFFLINE') && one.safeToCloseLid === true;
  const departed = before.state !== 'LOST' && before.state !== 'RETURNING' && before.state !== 'HOLD';
  return gone(now) && !gone(before) && departed;
}

function paramsOf(kind: Kind, handoff: Handoff): Params {
  if (kind === 'handoffHeld')
    return handoff.hold === null ? {} : { ...handoff.hold.params, code: handoff.hold.code };
  if (kind !== 'handoffWarned') return {};
  const reason = firstReason(handoff);
  return {
    ...(reason === null ? {} : { reason: reason.name }),
    ...(reason?.detail == null ? {} : { detail: reason.detail }),
    ...(handoff.countdownEndsAt === null ? {} : { endsAt: handoff.countdownEndsAt }),
  };
}

/** Counted by the steps, as far as they did. */
function movedParams({ steps }: Handoff): Params {
  const found = (names: readonly string[]): number | null => {
    const values = steps.flatMap(({ facts }) => names.map((name) => facts[name]));
    return values.findLast((value) => typeof value === 'number') ?? null;
  };
  const moved = found(['moved', 'requestsMoved']);
  const cut = found(['cut', 'cutCount']);
  return { ...(moved === null ? {} : { moved }), ...(cut === null ? {} : { cut }) };
}

function sharesParams({ returning }: Handoff): Params {
  return returning === null ? {} : { share: returning.target };
}
