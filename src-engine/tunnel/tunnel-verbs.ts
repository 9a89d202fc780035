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
  const { lan, submariner, cilium } = room;
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
          cilium: () => cilium.add({ namespace, name }),
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
          cilium: () => cilium.remove({ namespace, name }),
        },
      ),
    'tunnel.broker': () => manage(room, around, () => submariner.broker()),
    'tunnel.join': ({ id }) =>
      isForMesh(room) && id === undefined
        ? mesh(room, around)
        : manage(room, around, () => submariner.join(id)),
    'tunnel.leave': (input) => leave(room, around, input),
    async 'tunnel.cancel'() {
      const cancelled = submariner.operation() === null ? cilium.cancel() : submariner.cancel();
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
  ways: Readonly<Record<'lan' | 'submariner' | 'cilium', () => Promise<Result<void>>>>,
): Promise<Shown> {
  const { ports, turns } = room;
  const keys = await ports.pair();
  if (!keys.ok) return keys;
  const choice = await around.choose();
  const kind = choice?.kind ?? 'none';
  if (kind === 'none') return fail('tunnelNotLan', { kind });
  // Submariner takes its time to take an export up: rounds go on meanwhile.
  const done = kind === 'submariner' ? await ways.submariner() : await turns.inTurn(() => ways[kind]());
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
  const busy = otherBusy(room.cilium);
  if (busy !== null) return busy;
  const done = await act();
  await around.round();
  return done.ok ? ok({ tunnel: room.published }) : done;
}

/** Cilium is in both clusters, or a person chose it; what Submariner has joined stays Submariner's. */
function isForMesh({ ports, submariner, cilium }: Room): boolean {
  const { kind } = ports.settings();
  if (kind === 'cilium') return true;
  return kind === 'auto' && submariner.claim() === null && (cilium.couldJoin() || cilium.claim() !== null);
}

/** One manager at a time changes what connects the clusters. */
function otherBusy(other: Pick<Room['cilium'], 'operation'>): Shown | null {
  const verb = other.operation()?.verb;
  return verb === undefined ? null : fail('tunnelBusy', { verb });
}

/** Cluster Mesh is for a pair. */
async function mesh(room: Room, around: Around): Promise<Shown> {
  const { ports, cilium, submariner } = room;
  const keys = await ports.pair();
  if (!keys.ok) return keys;
  const busy = otherBusy(submariner);
  if (busy !== null) return busy;
  // Two that connect the same networks: one of them at a time.
  if (submariner.claim() !== null)
    return fail('alreadyJoined', {
      clusterId: room.published?.submariner?.clusterId ?? ports.cluster()?.name ?? '-',
    });
  const done = await cilium.join();
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
  const { ports, submariner, cilium } = room;
  const isMesh =
    submariner.claim() === null && (cilium.claim() !== null || ports.settings().kind === 'cilium');
  const leaving = (): Promise<Result<void>> => (isMesh ? cilium.leave() : submariner.leave());
  const done = await (stale === undefined ? leaving() : submariner.forgetStale(stale));
  await around.round();
  return done.ok ? ok({ tunnel: room.published }) : done;
}
