import { isDeepStrictEqual } from 'node:util';
import { ok, type TandemError } from '../../src-shared/errors/result.ts';
import type { Tunnel } from '../../src-shared/world/tunnel.ts';
import type { Disposable } from '../platform/clock.ts';
import { createTurns } from '../platform/turns.ts';
import { chooseTunnel, type TunnelChoice } from './choose-tunnel.ts';
import { openLan } from './lan/lan.ts';
import type { LanView } from './lan/lan-view.ts';
import type { TunnelPorts, TunnelRoom } from './ports.ts';
import type { Room } from './room.ts';
import { examineTunnel } from './tunnel-doctor.ts';
import { tunnelVerbs } from './tunnel-verbs.ts';

/** The relay is asked this often what it sees. */
const NEWS_MS = 1000;
/** Everything is looked at anew this often: pods come and go, and somebody may have changed what is ours. */
const ROUND_MS = 5000;
/** A tool is installed by a person's hand, and is looked for in every folder of the PATH. */
const TOOL_MS = 30_000;
/** What did not change is shown with a newer age so often. */
const REPEAT_MS = 3 * ROUND_MS;

/** What connects the clusters of the pair: which kind, LAN mode itself, and the manager of Submariner. */
export async function openTunnel(ports: TunnelPorts): Promise<TunnelRoom> {
  const holder: { room: Room | null } = { room: null };
  const room: Room = {
    ports,
    lan: await openLan(ports),
    submariner: await ports.openSubmariner({
      clearLan: async () => holder.room !== null && clearLan(holder.room),
      changed: () => holder.room !== null && showProgress(holder.room),
    }),
    cilium: await ports.openCilium({
      changed: () => holder.room !== null && showProgress(holder.room),
    }),
    turns: createTurns(),
    published: null,
    publishedMs: -Infinity,
    tool: null,
    isDue: false,
    isAsking: false,
    isDisposed: false,
    isBare: false,
  };
  holder.room = room;
  const timers = [
    ports.scheduler.every(ROUND_MS, () => due(room)),
    ports.scheduler.every(NEWS_MS, () => askForNews(room)),
  ];
  due(room);
  return doorOf(room, timers);
}

function doorOf(room: Room, timers: readonly Disposable[]): TunnelRoom {
  const { lan, submariner, cilium, turns, ports } = room;
  // A person who asks may have installed a tool a moment ago.
  const anew = <T>(task: () => Promise<T>): Promise<T> => {
    room.tool = null;
    return task();
  };
  const roundNow = (): Promise<void> => anew(() => turns.inTurn(() => round(room)));
  return {
    handlers: {
      'tunnel.get': async () => ok({ tunnel: room.published }),
      ...tunnelVerbs(room, { choose: () => anew(() => choose(room)), round: roundNow }),
      'tunnel.doctor': async () => {
        await roundNow();
        return ok({ checks: await examineTunnel(room.published, { submariner, cilium }, ports) });
      },
    },
    heard(payload) {
      if (submariner.heard(payload) || cilium.heard(payload)) return;
      void turns
        .inTurn(async () => {
          const keys = await ports.pair();
          if (keys.ok) await lan.heard(keys.value, payload);
        })
        .catch((error: unknown) => failed(room, error));
      due(room);
    },
    heardSecret(name, value) {
      if (!cilium.heardSecret(name, value)) submariner.heardSecret(name, value);
    },
    sessionBegan() {
      lan.tellAgain();
      submariner.sessionBegan();
      cilium.sessionBegan();
      due(room);
    },
    changed: () => due(room),
    async dispose(how) {
      room.isDisposed = true;
      for (const timer of timers) timer.dispose();
      await Promise.all([submariner.dispose(), cilium.dispose()]);
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
    .catch((error: unknown) => failed(room, error))
    .finally(() => (room.isAsking = false));
}

async function round(room: Room): Promise<void> {
  const { ports, lan, submariner, cilium } = room;
  if (room.isDisposed) return;
  try {
    // It may take minutes, and shows its own progress: the round goes on beside it.
    void submariner.mend().catch((error: unknown) => failed(room, error));
    void cilium.mend().catch((error: unknown) => failed(room, error));
    await cilium.notice();
    const keys = await ports.pair();
    // What cannot be read is not unpaired: everything stays as it is, and it is read again.
    if (!keys.ok && keys.error.code !== 'notPaired') return sayProblem(room, keys.error);
    const choice = keys.ok ? await choose(room) : null;
    if (keys.ok && choice?.kind === 'lan') {
      room.isBare = false;
      return publish(room, choice, { ...nothing, ...(await lan.settle(keys.value)) });
    }
    room.isBare ||= await lan.withdraw(!keys.ok);
    if (choice?.kind === 'cilium') return publish(room, choice, { ...nothing, ...(await cilium.settle()) });
    if (choice?.kind !== 'submariner') return publish(room, choice, nothing);
    publish(room, choice, { ...nothing, ...(await submariner.settle()) });
  } catch (error) {
    failed(room, error);
  }
}

/** A full disk, or a bug: what is carried goes on, and the next round tries again. */
function failed({ ports }: Room, error: unknown): void {
  ports.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'a round failed');
}

function sayProblem(room: Room, { code, params }: TandemError): void {
  if (room.published !== null) show(room, { ...room.published, problem: { code, params: { ...params } } });
}

type View = LanView & Pick<Tunnel, 'submariner' | 'cilium'>;
const nothing: View = {
  state: 'none',
  problem: null,
  relay: null,
  submariner: null,
  cilium: null,
  names: null,
  exports: [],
  imports: [],
};

/** Before a join begins: two that answer clusterset names in one DNS would stop all of it. */
function clearLan(room: Room): Promise<boolean> {
  return room.turns.inTurn(async () => {
    room.isBare ||= await room.lan.withdraw(false);
    return room.isBare;
  });
}

async function choose(room: Room): Promise<TunnelChoice | null> {
  const { ports, submariner, cilium } = room;
  const { kind } = ports.settings();
  return chooseTunnel({
    setting: kind,
    provider: ports.cluster()?.provider ?? null,
    hasTool: kind === 'auto' && (await hasTool(room)),
    claim: submariner.claim(),
    cilium: cilium.claim() ?? (cilium.couldJoin() ? 'possible' : null),
  });
}

async function hasTool(room: Room): Promise<boolean> {
  const { tool, ports } = room;
  const nowMs = ports.clock.monotonicMs();
  if (tool !== null && nowMs - tool.atMs < TOOL_MS) return tool.isThere;
  const isThere = await ports.hasTool();
  // Not what was looked for before somebody asked anew.
  if (room.tool === tool) room.tool = { isThere, atMs: nowMs };
  return isThere;
}

const sources = { lan: 'relay', submariner: 'gateways.submariner.io', cilium: 'cilium-config' } as const;

function publish(room: Room, choice: TunnelChoice | null, view: View): void {
  const { ports, published, submariner, cilium } = room;
  const now = ports.clock.wall().toISOString();
  const isSame = choice !== null && published?.kind === choice.kind && published.state === view.state;
  const next: Tunnel | null =
    choice === null
      ? null
      : {
          ...choice,
          ...view,
          // What is half done comes before how the rest of it is.
          problem: submariner.leftover() ?? cilium.leftover() ?? view.problem,
          operation: submariner.operation() ?? cilium.operation(),
          since: isSame ? published.since : now,
          source: sources[choice.kind],
          sampledAt: now,
        };
  if (next !== null && !isSame)
    ports.note('tunnel.state', `${next.kind}: ${next.state}`, { why: next.why, problem: next.problem });
  show(room, next);
}

/** The steps of a verb under way, between two rounds; when it is over, a round belongs to it. */
function showProgress(room: Room): void {
  const operation = room.submariner.operation() ?? room.cilium.operation();
  if (room.isDisposed) return;
  if (operation === null) due(room);
  else if (room.published !== null) show(room, { ...room.published, operation });
}

function show(room: Room, next: Tunnel | null): void {
  const { ports, published } = room;
  room.published = next;
  const hasAges = next?.relay != null || next?.submariner != null || next?.cilium != null;
  const isOld = hasAges && ports.clock.monotonicMs() - room.publishedMs >= REPEAT_MS;
  if (!isOld && isDeepStrictEqual(meaningOf(next), meaningOf(published))) return;
  room.publishedMs = ports.clock.monotonicMs();
  ports.publish(next);
}

/** When it was looked at, and how long that took, is no news by itself. */
function meaningOf(tunnel: Tunnel | null) {
  if (tunnel === null) return null;
  const { relay, submariner, cilium, ...rest } = tunnel;
  return {
    ...rest,
    sampledAt: null,
    listen: relay?.listen,
    peer: relay?.peer,
    answers: relay !== null && relay.rttMs !== null,
    gateway: submariner?.gateway && { ...submariner.gateway, updatedAt: null },
    otherGateway: submariner?.peer && { ...submariner.peer, rttMs: null },
    broker: submariner?.broker,
    clusterId: submariner?.clusterId,
    mesh: cilium && { ...cilium, peer: cilium.peer && { ...cilium.peer, seenAt: null } },
  };
}
