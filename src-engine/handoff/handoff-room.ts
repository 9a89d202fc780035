import { handoffMessageSchema, type HandoffMessage } from '../../src-shared/handoff-messages.ts';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import type { Role } from '../../src-shared/world/role.ts';
import type { Traffic } from '../../src-shared/world/traffic.ts';
import { pause, type Scheduler } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { createTurns } from '../platform/turns.ts';
import { beginHalf, coreOf, edgeOf, isForSide, type Half, type HalfSide } from './half.ts';
import { readLeaveNow } from './leave-now-bytes.ts';
import type { LinkFact } from './ports.ts';
import type { HostEvent, Keeper, Leaver, StageFact } from './room-ports.ts';
import { handoffHandlers, peerAsks, type AskableCommand, type HandoffHandlers } from './room-handlers.ts';
import type { DryRun } from '../../src-shared/commands/handoff.ts';
import type { Result } from '../../src-shared/errors/result.ts';

/** What the room needs of the wiring. */
export interface HandoffRoomPorts {
  readonly scheduler: Scheduler;
  readonly log: Logger;
  /** What this Mac is to another one now: `single` while it has none. */
  wanted(): Role;
  /** `publish` is heard only while that keeper or leaver is the one that counts. */
  openKeeper(publish: (handoff: Handoff) => void): Keeper;
  openLeaver(publish: (handoff: Handoff) => void): Leaver;
  /** The World's `handoff`; null while this Mac is neither. */
  publish(handoff: Handoff | null): void;
  /** A keeper or leaver ended although the engine goes on: another role, or unpaired. */
  ended(role: HalfSide['role'], next: Role): Promise<void>;
  /** The core's word on its traffic; null when it has none, or no core is there any more. */
  coreTold(traffic: Traffic | null): void;
  link(): LinkFact;
  stage(): StageFact | null;
  lid(): boolean | null;
  ask(command: AskableCommand, name: string | null): Promise<Result<void>>;
  dryRun(half: Half): Promise<Result<DryRun>>;
}

export interface HandoffRoom {
  readonly handlers: HandoffHandlers;
  /** The role or the pairing changed. */
  choose(): void;
  /** What was begun so far has begun. */
  settled(): Promise<void>;
  /** Of a HANDOFF frame, and of a LEAVE_NOW datagram: junk until parsed. */
  heard(payload: unknown): void;
  heardLeave(payload: Buffer): void;
  linkChanged(fact: LinkFact): void;
  stageChanged(): void;
  lidChanged(): void;
  /** Resolves when a forced departure that this began is over, or after its limit. */
  hostEvent(event: HostEvent): Promise<void>;
  /** The other Mac's person asks. */
  peerAsks(command: AskableCommand, name: string | null): Promise<Result<unknown>>;
  trafficChanged(): void;
  settingsChanged(): void;
  /** The gate or the cluster of an edge is another one. */
  lookAgain(): void;
  /** True while a leaver decides about this Mac's cluster. */
  leaves(): boolean;
  view(): Handoff | null;
  dispose(): Promise<void>;
}

/** Of design/limits.md: how long a sleep or a shutdown is held up at most. */
const HOST_EVENT_MS: Readonly<Record<HostEvent, number>> = {
  suspend: 3000,
  shutdown: 20_000,
  resume: 3000,
  onAc: 3000,
  onBattery: 3000,
};

/** Keeper, leaver or neither, by the role; and the one door to whichever it is. */
export function openHandoffRoom(ports: HandoffRoomPorts): HandoffRoom {
  const room: Room = { ports, half: null, disposed: false, junk: 0, turns: createTurns() };
  choose(room);
  return {
    handlers: handoffHandlers({ half: () => room.half, ask: ports.ask, dryRun: ports.dryRun }),
    choose: () => choose(room),
    settled: async () => {
      await room.turns.settled();
      await room.half?.begun;
    },
    heard: (payload) => heard(room, payload),
    heardLeave: (payload) => heardLeave(room, payload),
    linkChanged: (fact) => room.half?.linkChanged(fact),
    stageChanged: () => tellStage(room),
    lidChanged: () => tellLid(room),
    hostEvent: (event) => hostEvent(room, event),
    peerAsks: (command, name) => peerAsks(room.half, command, name),
    trafficChanged: () => room.half?.soon(() => coreOf(room.half)?.trafficChanged()),
    settingsChanged: () => settingsChanged(room),
    lookAgain: () => room.half?.soon(() => edgeOf(room.half)?.lookAgain()),
    leaves: () => edgeOf(room.half) !== null,
    view: () => room.half?.view() ?? null,
    async dispose() {
      room.disposed = true;
      choose(room);
      await room.turns.settled();
    },
  };
}

interface Room {
  readonly ports: HandoffRoomPorts;
  readonly turns: ReturnType<typeof createTurns>;
  half: Half | null;
  disposed: boolean;
  /** Payloads that were no message. */
  junk: number;
}

function choose(room: Room): void {
  void room.turns
    .inTurn(() => chooseNow(room))
    .catch((error: unknown) =>
      room.ports.log.error({ error: String(error) }, 'the hand-off could not follow the role'),
    );
}

async function chooseNow(room: Room): Promise<void> {
  const { ports } = room;
  const wanted = room.disposed ? 'single' : ports.wanted();
  const before = room.half;
  if (wanted === (before?.side.role ?? 'single')) return;
  room.half = null;
  if (before !== null) await endBefore(room, before, wanted);
  if (wanted === 'single') return;
  begin(room, wanted);
}

async function endBefore({ ports, disposed }: Room, { side, end }: Half, next: Role): Promise<void> {
  await end();
  // The engine ends: the World ends with it, and the traffic stays as it is.
  if (disposed) return;
  await ports.ended(side.role, next);
  ports.publish(null);
  if (side.role === 'edge') ports.coreTold(null);
}

function begin(room: Room, role: HalfSide['role']): void {
  const { ports } = room;
  let mine: Half | null = null;
  // While it is made it may already say something; afterwards only as long as it is the one.
  const publish = (handoff: Handoff): void => {
    if (mine === null || room.half === mine) ports.publish(handoff);
  };
  const side: HalfSide =
    role === 'core'
      ? { role, keeper: ports.openKeeper(publish) }
      : { role, leaver: ports.openLeaver(publish) };
  mine = beginHalf(ports, side);
  room.half = mine;
  const half = mine;
  half.soon(() => half.linkChanged(ports.link()));
  tellStage(room);
  tellLid(room);
}

function heard(room: Room, payload: unknown): void {
  const parsed = handoffMessageSchema.safeParse(payload);
  if (!parsed.success) return junk(room, parsed.error.issues[0]?.message ?? 'no message');
  take(room, parsed.data);
}

function heardLeave(room: Room, payload: Buffer): void {
  const view = room.half?.view();
  const message = readLeaveNow(payload, (epoch) => (view?.epoch === epoch ? (view.handoffId ?? '') : ''));
  if (message === null) return junk(room, 'LEAVE_NOW');
  take(room, message);
}

function take(room: Room, message: HandoffMessage): void {
  const { half, ports } = room;
  // A role that was just changed: who speaks does not know it yet.
  if (half === null) return ports.log.debug({ type: message.type }, 'a message for nobody');
  if (!isForSide(half.side.role, message.type)) return junk(room, message.type);
  if (message.type === 'STATE') ports.coreTold(message.traffic);
  half.hear(message);
}

/** The first, and each hundredth, so that a peer gone mad fills no log. */
function junk(room: Room, what: string): void {
  room.junk += 1;
  if (room.junk % 100 === 1)
    room.ports.log.warn({ what: what.slice(0, 200), count: room.junk }, 'no message of a hand-off');
}

function tellStage({ half, ports }: Room): void {
  half?.soon(() => {
    const fact = ports.stage();
    if (fact !== null) edgeOf(half)?.stage(fact);
  });
}

function tellLid({ half, ports }: Room): void {
  half?.soon(() => edgeOf(half)?.lid(ports.lid()));
}

function settingsChanged({ half }: Room): void {
  half?.soon(() => {
    coreOf(half)?.settingsChanged();
    edgeOf(half)?.lookAgain();
  });
}

async function hostEvent({ half, ports }: Room, event: HostEvent): Promise<void> {
  const leaver = edgeOf(half);
  if (half === null || leaver === null) return;
  const over = new AbortController();
  const limit = pause(ports.scheduler, HOST_EVENT_MS[event], over.signal);
  // Told in this very turn where it can be: before a sleep every millisecond may be the last.
  const told = new Promise<void>((resolve) => half.soon(() => resolve(leaver.hostEvent(event))));
  try {
    await Promise.race([told, limit]);
  } catch (error) {
    ports.log.error({ error: String(error), event }, 'the hand-off failed on an event of this host');
  } finally {
    over.abort();
  }
}
