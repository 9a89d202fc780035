import { isDeepStrictEqual } from 'node:util';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import type { Tunnel } from '../../src-shared/world/tunnel.ts';
import type { Disposable } from '../platform/clock.ts';
import { createTurns, type Turns } from '../platform/turns.ts';
import { chooseTunnel, type TunnelChoice } from './choose-tunnel.ts';
import { openLan, type Lan } from './lan/lan.ts';
import type { LanView } from './lan/lan-view.ts';
import type { TunnelPorts, TunnelRoom } from './ports.ts';
import { tunnelChecks } from './tunnel-doctor.ts';

/** The relay is asked this often what it sees. */
const NEWS_MS = 1000;
/** Everything is looked at anew this often: pods come and go, and somebody may have changed what is ours. */
const ROUND_MS = 5000;
/** What did not change is shown with a newer age so often. */
const REPEAT_MS = 3 * ROUND_MS;

interface Room {
  readonly ports: TunnelPorts;
  readonly lan: Lan;
  readonly turns: Turns;
  published: Tunnel | null;
  publishedMs: number;
  /** A round is due, and waits for its turn: another one behind it would see the same. */
  isDue: boolean;
  isAsking: boolean;
  isDisposed: boolean;
  /** What there is to withdraw has been. */
  isBare: boolean;
}

/** What connects the clusters of the pair: which kind, and LAN mode itself. */
export async function openTunnel(ports: TunnelPorts): Promise<TunnelRoom> {
  const room: Room = {
    ports,
    lan: await openLan(ports),
    turns: createTurns(),
    published: null,
    publishedMs: -Infinity,
    isDue: false,
    isAsking: false,
    isDisposed: false,
    isBare: false,
  };
  const timers = [
    ports.scheduler.every(ROUND_MS, () => due(room)),
    ports.scheduler.every(NEWS_MS, () => askForNews(room)),
  ];
  due(room);
  return doorOf(room, timers);
}

function doorOf(room: Room, timers: readonly Disposable[]): TunnelRoom {
  const { lan, turns, ports } = room;
  return {
    handlers: {
      'tunnel.get': async () => ok({ tunnel: room.published }),
      'tunnel.export': ({ namespace, name, names }) =>
        change(room, 'exported', { namespace, name }, () => lan.add({ namespace, name, names })),
      'tunnel.unexport': ({ namespace, name }) =>
        change(room, 'exported no more', { namespace, name }, () => lan.remove({ namespace, name })),
      'tunnel.doctor': async () => {
        await turns.inTurn(() => round(room));
        return ok({ checks: tunnelChecks(room.published, ports.link().state, ports.cluster()) });
      },
    },
    heard(payload) {
      void turns.inTurn(async () => {
        const keys = await ports.pair();
        if (keys.ok) await lan.heard(keys.value, payload);
      });
      due(room);
    },
    sessionBegan() {
      lan.tellAgain();
      due(room);
    },
    changed: () => due(room),
    async dispose(how) {
      room.isDisposed = true;
      for (const timer of timers) timer.dispose();
      await turns.settled();
      await lan.dispose(how);
    },
  };
}

/** One round soon: one that has not begun yet will see this too. */
function due(room: Room): void {
  if (room.isDue || room.isDisposed) return;
  room.isDue = true;
  void room.turns.inTurn(async () => {
    room.isDue = false;
    await round(room);
  });
}

function askForNews(room: Room): void {
  if (room.isAsking || room.isDue || room.isDisposed) return;
  room.isAsking = true;
  void room.lan
    .hasNews()
    .then((isNew) => (isNew ? due(room) : undefined))
    .finally(() => (room.isAsking = false));
}

async function round(room: Room): Promise<void> {
  const { ports, lan } = room;
  if (room.isDisposed) return;
  try {
    const keys = await ports.pair();
    const choice = keys.ok ? await choose(room) : null;
    if (keys.ok && choice?.kind === 'lan') {
      room.isBare = false;
      return publish(room, choice, await lan.settle(keys.value));
    }
    room.isBare ||= await lan.withdraw(!keys.ok && keys.error.code === 'notPaired');
    publish(room, choice, nothing);
  } catch (error) {
    // A full disk, or a bug: what is carried goes on, and the next round tries again.
    ports.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'a round failed');
  }
}

const nothing: LanView = { state: 'none', problem: null, relay: null, exports: [], imports: [] };

async function choose({ ports }: Room): Promise<TunnelChoice | null> {
  const { kind } = ports.settings();
  return chooseTunnel({
    setting: kind,
    provider: ports.cluster()?.provider ?? null,
    hasTool: kind === 'auto' && (await ports.hasTool()),
  });
}

function publish(room: Room, choice: TunnelChoice | null, view: LanView): void {
  const { ports, published } = room;
  const now = ports.clock.wall().toISOString();
  const isSame = choice !== null && published?.kind === choice.kind && published.state === view.state;
  const next: Tunnel | null =
    choice === null
      ? null
      : { ...choice, ...view, since: isSame ? published.since : now, source: 'relay', sampledAt: now };
  room.published = next;
  if (next !== null && !isSame)
    ports.note('tunnel.state', `${next.kind}: ${next.state}`, { why: next.why, problem: next.problem });
  const isOld = next?.relay != null && ports.clock.monotonicMs() - room.publishedMs >= REPEAT_MS;
  if (!isOld && isDeepStrictEqual(meaningOf(next), meaningOf(published))) return;
  room.publishedMs = ports.clock.monotonicMs();
  ports.publish(next);
}

/** When it was looked at, and how long that took, is no news by itself. */
function meaningOf(tunnel: Tunnel | null) {
  if (tunnel === null) return null;
  const { relay, ...rest } = tunnel;
  return {
    ...rest,
    sampledAt: null,
    listen: relay?.listen,
    peer: relay?.peer,
    answers: relay !== null && relay.rttMs !== null,
  };
}

/** A person's word about an export: kept, carried out, and answered with how it is then. */
async function change(
  room: Room,
  what: string,
  service: { readonly namespace: string; readonly name: string },
  act: () => Promise<Result<void>>,
): Promise<Result<{ tunnel: Tunnel | null }>> {
  return room.turns.inTurn(async () => {
    const { ports } = room;
    const keys = await ports.pair();
    if (!keys.ok) return keys;
    const choice = await choose(room);
    if (choice?.kind !== 'lan') return fail('tunnelNotLan', { kind: choice?.kind ?? 'none' });
    const done = await act();
    if (!done.ok) return done;
    ports.note('tunnel.export', `${service.namespace}/${service.name} is ${what}`, service);
    await round(room);
    return ok({ tunnel: room.published });
  });
}
