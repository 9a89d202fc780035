import { expect, test } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { handoff } from '../../test/doubles/handoff-parts.ts';
import { BEGAN_AT } from '../../test/doubles/handoff-report.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import type { HandoffMessage } from '../../src-shared/handoff-messages.ts';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import type { Role } from '../../src-shared/world/role.ts';
import { silentLog } from '../platform/log.ts';
import { openHandoffRoom, type HandoffRoomPorts } from './handoff-room.ts';
import { leaveNowBytes } from './leave-now-bytes.ts';
import type { Keeper, Leaver } from './room-ports.ts';

const caller = { send: () => undefined, onClose: () => undefined };
const envelope = { handoffId: 'h-1', epoch: 2, seq: 1 };
const gone: HandoffMessage = { type: 'GONE', ...envelope, stoppedMs: 10, forced: false };
const drain: HandoffMessage = { type: 'DRAIN', ...envelope, remainingMs: null };
const reason = { name: 'suspend', level: 'forced', since: BEGAN_AT, detail: null } as const;

interface Given {
  readonly role?: Role;
  readonly asked?: Result<void>;
  /** What begin() waits for. */
  readonly begins?: Promise<void>;
  readonly hostEvent?: () => Promise<void>;
}

/** A room whose keeper and leaver only note what they are told. */
function bench({ role = 'core', asked = ok(undefined), begins = Promise.resolve(), hostEvent }: Given = {}) {
  const time = fakeTime();
  const notes: string[] = [];
  const published: (Handoff | null)[] = [];
  const says: ((handoff: Handoff) => void)[] = [];
  const now = { role };
  const note =
    (who: string, what: string, answer?: unknown) =>
    (...args: unknown[]) => {
      notes.push(`${who}.${what}${args.length === 0 ? '' : ` ${JSON.stringify(args)}`}`);
      return answer;
    };
  const view = handoff({ epoch: 2, handoffId: 'h-1' });
  const both = (who: string) => ({
    begin: () => {
      notes.push(`${who}.begin`);
      return begins;
    },
    hear: ({ type, seq }: HandoffMessage) => void notes.push(`${who}.hear ${type} ${seq}`),
    linkChanged: ({ state }: { state: string }) => void notes.push(`${who}.link ${state}`),
    view: () => view,
    dispose: note(who, 'dispose', Promise.resolve()),
  });
  const keeper = {
    ...both('keeper'),
    trafficChanged: note('keeper', 'traffic'),
    settingsChanged: note('keeper', 'settings'),
    person: note('keeper', 'person', Promise.resolve(ok(view))),
  } as unknown as Keeper;
  const leaver = {
    ...both('leaver'),
    stage: note('leaver', 'stage'),
    lid: note('leaver', 'lid'),
    hostEvent: (event: string) => {
      notes.push(`leaver.hostEvent ${event}`);
      return hostEvent?.() ?? Promise.resolve();
    },
    leave: note('leaver', 'leave', Promise.resolve(ok(view))),
    cancel: note('leaver', 'cancel', Promise.resolve(fail('tooLateToCancel'))),
    delay: note('leaver', 'delay', Promise.resolve(ok({ delayedUntil: BEGAN_AT }))),
    return: note('leaver', 'return', Promise.resolve(ok(view))),
    lookAgain: note('leaver', 'lookAgain'),
  } as unknown as Leaver;
  const ports: HandoffRoomPorts = {
    scheduler: time.scheduler,
    log: silentLog,
    wanted: () => now.role,
    openKeeper: (publish) => (says.push(publish), keeper),
    openLeaver: (publish) => (says.push(publish), leaver),
    publish: (slice) => void published.push(slice),
    ended: async (which, next) => void notes.push(`ended ${which} for ${next}`),
    coreTold: (traffic) => void notes.push(`coreTold ${traffic === null ? null : 'traffic'}`),
    link: () => ({ state: 'up', class: null, byeReason: null, silenceMs: 10 }),
    stage: () => ({ stage: 'warn', reasons: [] }),
    lid: () => false,
    ask: async (command, name) => {
      notes.push(`ask ${command} ${name}`);
      return asked;
    },
    dryRun: async () => fail('noData'),
  };
  const room = openHandoffRoom(ports);
  return { time, room, notes, published, says, now, view };
}

test('a core has a keeper, which is told the link as soon as it has begun, and never of stage or lid', async () => {
  const { time, room, notes } = bench();
  await time.advance(0);
  room.stageChanged();
  room.lidChanged();
  room.heard(gone);
  expect(notes).toEqual(['keeper.begin', 'keeper.link up', 'keeper.hear GONE 1']);
  expect(room.leaves()).toBe(false);
});

test('an edge has a leaver: link, stage and lid first, then what happens', async () => {
  const { time, room, notes } = bench({ role: 'edge' });
  await time.advance(0);
  expect(notes).toEqual([
    'leaver.begin',
    'leaver.link up',
    'leaver.stage [{"stage":"warn","reasons":[]}]',
    'leaver.lid [false]',
  ]);
  room.heard(drain);
  expect(notes.at(-1)).toBe('leaver.hear DRAIN 1');
  expect(room.leaves()).toBe(true);
});

test('what comes before it has begun waits in order, but not for ever', async () => {
  const never = new Promise<void>(() => undefined);
  const { time, room, notes } = bench({ begins: never });
  await time.advance(0);
  room.heard({ ...gone, seq: 1 });
  room.heard({ ...gone, seq: 2 });
  await time.advance(1900);
  expect(notes).toEqual(['keeper.begin']);
  await time.advance(200);
  expect(notes.slice(1)).toEqual(['keeper.link up', 'keeper.hear GONE 1', 'keeper.hear GONE 2']);
});

test('another role: the one before ends, is heard no more, and the World says what is now', async () => {
  const { time, room, notes, published, says, now, view } = bench({ role: 'edge' });
  await time.advance(0);
  now.role = 'core';
  room.choose();
  await time.advance(0);
  expect(notes.slice(4)).toEqual([
    'leaver.dispose',
    'ended edge for core',
    'coreTold null',
    'keeper.begin',
    'keeper.link up',
  ]);
  expect(published).toEqual([null]);
  says[0]?.(view);
  expect(published).toEqual([null]);
  says[1]?.(view);
  expect(published).toEqual([null, view]);
  now.role = 'single';
  room.choose();
  await time.advance(0);
  expect(notes.slice(-2)).toEqual(['keeper.dispose', 'ended core for single']);
  expect(published.at(-1)).toBeNull();
  expect(room.view()).toBeNull();
});

test('junk, and what only the other side may say, is dropped', async () => {
  const { time, room, notes } = bench();
  await time.advance(0);
  const before = notes.length;
  const bad: unknown[] = [null, 'GONE', {}, { ...gone, epoch: -1 }, { ...gone, stoppedMs: 'x' }, drain];
  for (const payload of bad) room.heard(payload);
  room.heardLeave(Buffer.alloc(24));
  expect(notes).toHaveLength(before);
});

test('LEAVE_NOW by datagram is the message of the departure that is known', async () => {
  const { time, room, notes } = bench();
  await time.advance(0);
  room.heardLeave(leaveNowBytes({ type: 'LEAVE_NOW', handoffId: 'h-1', epoch: 2, seq: 9, reason }));
  expect(notes.at(-1)).toBe('keeper.hear LEAVE_NOW 9');
});

test('STATE tells the edge of the traffic, too', async () => {
  const { time, room, notes, view } = bench({ role: 'edge' });
  await time.advance(0);
  const shares = { core: 20, edge: 80 };
  room.heard({ type: 'STATE', ...envelope, handoff: view, traffic: null, shares });
  expect(notes.slice(-2)).toEqual(['coreTold null', 'leaver.hear STATE 1']);
});

test('verbs: the edge decides, the core asks it', async () => {
  const edge = bench({ role: 'edge' });
  await edge.time.advance(0);
  const { handlers } = edge.room;
  expect(await handlers['handoff.leave']({ now: true, reason: 'train' }, caller)).toEqual(ok(edge.view));
  expect(edge.notes.at(-1)).toBe('leaver.leave [{"now":true,"reason":"train"}]');
  expect(await handlers['handoff.cancel']({}, caller)).toMatchObject({ error: { code: 'tooLateToCancel' } });
  expect(await handlers['handoff.delay']({}, caller)).toEqual(ok({ delayedUntil: BEGAN_AT }));
  const core = bench();
  await core.time.advance(0);
  const reasonText = 'x'.repeat(60);
  await core.room.handlers['handoff.leave']({ now: false, reason: reasonText }, caller);
  expect(core.notes.at(-1)).toBe(`ask leave ${'x'.repeat(40)}`);
  expect(await core.room.handlers['handoff.delay']({}, caller)).toMatchObject({
    error: { code: 'notOnEdge' },
  });
});

test('an edge that is away: the core does alone what it can, and says what it cannot', async () => {
  const { time, room, notes } = bench({ asked: fail('peerAway') });
  await time.advance(0);
  const { handlers } = room;
  expect(await handlers['handoff.leave']({ now: true }, caller)).toMatchObject({
    error: { code: 'peerAway' },
  });
  expect(await handlers['handoff.return']({}, caller)).toMatchObject({ ok: true });
  expect(notes.at(-1)).toBe('keeper.person ["return"]');
  const refused = bench({ asked: fail('alreadyServing') });
  await refused.time.advance(0);
  expect(await refused.room.handlers['handoff.return']({}, caller)).toMatchObject({
    error: { code: 'alreadyServing' },
  });
  expect(refused.notes.at(-1)).toBe('ask return null');
});

test('a single Mac, and who is asked although it is no edge', async () => {
  const single = bench({ role: 'single' });
  await single.time.advance(0);
  for (const verb of ['handoff.cancel', 'handoff.delay', 'handoff.return', 'handoff.dryRun'] as const)
    expect(await single.room.handlers[verb]({}, caller)).toMatchObject({ error: { code: 'singleMac' } });
  expect(await single.room.peerAsks('leave', null)).toMatchObject({ error: { code: 'singleMac' } });
  const core = bench();
  await core.time.advance(0);
  expect(await core.room.peerAsks('leave', null)).toMatchObject({ error: { code: 'notOnEdge' } });
  const edge = bench({ role: 'edge' });
  await edge.time.advance(0);
  await edge.room.peerAsks('leave', 'asked by the core');
  expect(edge.notes.at(-1)).toBe('leaver.leave [{"now":true,"reason":"asked by the core"}]');
});

test('an event of the host is told at once, and holds nobody up longer than its limit', async () => {
  const never = (): Promise<void> => new Promise(() => undefined);
  const { time, room, notes } = bench({ role: 'edge', hostEvent: never });
  await time.advance(0);
  for (const [event, limitMs] of [
    ['suspend', 3000],
    ['shutdown', 20_000],
  ] as const) {
    let over = false;
    void room.hostEvent(event).then(() => (over = true));
    expect(notes.at(-1)).toBe(`leaver.hostEvent ${event}`);
    await time.advance(limitMs - 100);
    expect(over).toBe(false);
    await time.advance(200);
    expect(over).toBe(true);
  }
  const core = bench();
  await core.time.advance(0);
  await core.room.hostEvent('shutdown');
  expect(time.pending()).toBe(0);
});

test('at the end of the engine nothing is published and nothing undone', async () => {
  const { time, room, notes, published } = bench();
  await time.advance(0);
  await room.dispose();
  expect(notes.at(-1)).toBe('keeper.dispose');
  expect(published).toEqual([]);
  room.heard(gone);
  expect(notes.at(-1)).toBe('keeper.dispose');
  expect(time.pending()).toBe(0);
});
