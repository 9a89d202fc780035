import type { ParsedInput } from '../../src-shared/commands/registry.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import type { TunnelChoice } from './choose-tunnel.ts';
import type { TunnelRoom } from './ports.ts';
import type { Room, Shown } from './room.ts';

interface Around {
  choose(): Promise<TunnelChoice | null>;
  round(): Promise<void>;
}

type Verbs = Omit<TunnelRoom['handlers'], 'tunnel.get' | 'tunnel.doctor'>;

/** What a person asks of the tunnel: carried out, and answered with how it is then. */
export function tunnelVerbs(room: Room, around: Around): Verbs {
  const { lan, submariner } = room;
  return {
    'tunnel.export': ({ namespace, name, names }) =>
      change(
        room,
        around,
        'exported',
        { namespace, name },
        {
          lan: () => lan.add({ namespace, name, names }),
          submariner: () => submariner.add({ namespace, name }),
        },
      ),
    'tunnel.unexport': ({ namespace, name }) =>
      change(
        room,
        around,
        'exported no more',
        { namespace, name },
        {
          lan: () => lan.remove({ namespace, name }),
          submariner: () => submariner.remove({ namespace, name }),
        },
      ),
    'tunnel.broker': () => manage(room, around, () => submariner.broker()),
    'tunnel.join': ({ id }) => manage(room, around, () => submariner.join(id)),
    'tunnel.leave': (input) => leave(room, around, input),
    async 'tunnel.cancel'() {
      const cancelled = submariner.cancel();
      return cancelled.ok ? ok({ tunnel: room.published }) : cancelled;
    },
  };
}

/** A person's word about an export, in the way of the kind that is chosen. */
async function change(
  room: Room,
  around: Around,
  what: string,
  service: { readonly namespace: string; readonly name: string },
  ways: { lan(): Promise<Result<void>>; submariner(): Promise<Result<void>> },
): Promise<Shown> {
  const { ports, turns } = room;
  const keys = await ports.pair();
  if (!keys.ok) return keys;
  const choice = await around.choose();
  const kind = choice?.kind ?? 'none';
  if (kind === 'none' || kind === 'cilium') return fail('tunnelNotLan', { kind });
  // Submariner takes its time to take an export up: rounds go on meanwhile.
  const done = kind === 'lan' ? await turns.inTurn(() => ways.lan()) : await ways.submariner();
  if (!done.ok) return done;
  ports.note('tunnel.export', `${service.namespace}/${service.name} is ${what}`, service);
  await around.round();
  return ok({ tunnel: room.published });
}

/** Submariner is for a pair, and for a setting that lets it be. */
async function manage(room: Room, around: Around, act: () => Promise<Result<void>>): Promise<Shown> {
  const { ports } = room;
  const keys = await ports.pair();
  if (!keys.ok) return keys;
  const { kind } = ports.settings();
  if (kind !== 'auto' && kind !== 'submariner') return fail('tunnelNotSubmariner', { kind });
  const done = await act();
  await around.round();
  return done.ok ? ok({ tunnel: room.published }) : done;
}

/** Whatever is set, and whoever is paired: what was joined may always be left. */
async function leave(
  room: Room,
  around: Around,
  { stale, yes }: ParsedInput<'tunnel.leave'>,
): Promise<Shown> {
  if (!yes)
    return fail('notConfirmed', { what: `tunnel leave${stale === undefined ? '' : ` --stale ${stale}`}` });
  const { submariner } = room;
  const done = await (stale === undefined ? submariner.leave() : submariner.forgetStale(stale));
  await around.round();
  return done.ok ? ok({ tunnel: room.published }) : done;
}
