import { describe, expect, test } from 'vitest';
import { fakeDisk } from '../../../test/doubles/record-disk.ts';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { fakeTraffic } from '../../../test/doubles/fake-traffic.ts';
import { gate, reason } from '../../../test/doubles/keeper-bench.ts';
import type { HandoffMessage, HandoffWords } from '../../../src-shared/handoff-messages.ts';
import type { Handoff } from '../../../src-shared/world/handoff.ts';
import { silentLog } from '../../platform/log.ts';
import type { LinkFact } from '../ports.ts';
import type { HandoffReport } from '../report/report.ts';
import type { KeeperPorts } from '../room-ports.ts';
import { openKeeper } from './keeper.ts';
import { parseRecord } from './record.ts';

const up: LinkFact = { state: 'up', class: null, byeReason: null, silenceMs: 5 };

interface CoreOptions {
  readonly edge?: number;
  readonly front?: ReturnType<typeof fakeTraffic>;
  readonly disk?: ReturnType<typeof fakeDisk>;
}

/** A core with a fake front and a fake disk, on fake time. */
async function core(options: CoreOptions = {}) {
  const time = fakeTime();
  const fake = options.front ?? fakeTraffic(time.clock, options.edge ?? 80);
  const sent: HandoffMessage[] = [];
  const views: Handoff[] = [];
  const reports: HandoffReport[] = [];
  const notes: string[] = [];
  const ports: KeeperPorts = {
    clock: time.clock,
    scheduler: time.scheduler,
    log: silentLog,
    timeScale: 1,
    courier: { send: (message) => sent.push(message) > 0, leaveNow: async () => true },
    link: () => up,
    settings: () => ({ shares: { core: 20, edge: 80 }, deadlineMs: 120_000 }),
    mayAct: () => true,
    publish: (view) => void views.push(view),
    note: (kind) => void notes.push(kind),
    report: (report) => `report-${reports.push(report)}`,
    recordFile: '/nowhere',
    peerPin: null,
    traffic: fake.traffic,
    fitness: { fit: () => ({ fit: true, why: null }) },
    trafficView: () => null,
  };
  const { disk, store } = options.disk ?? fakeDisk();
  const keeper = openKeeper(ports, store);
  await keeper.begin();
  let seq = 0;
  const epoch = () => keeper.view().epoch;
  const say = (words: HandoffWords) => {
    seq += 1;
    keeper.hear({
      ...words,
      handoffId: keeper.view().handoffId ?? '',
      epoch: epoch(),
      seq,
    });
  };
  /** Fake time goes on in small steps until it is so. */
  const until = async (isSo: () => boolean, limitMs = 300_000) => {
    for (let passedMs = 0; passedMs < limitMs && !isSo(); passedMs += 250) await time.advance(250);
    expect(isSo(), `${keeper.view().state}: ${fake.front.calls.join(', ')}`).toBe(true);
  };
  const inState = (state: Handoff['state']) => until(() => keeper.view().state === state);
  const said = (type: HandoffMessage['type']) => sent.filter((message) => message.type === type);
  return { keeper, ...fake, disk, store, time, sent, views, reports, notes, say, until, inState, said };
}

const rejoin: HandoffWords = {
  type: 'REJOIN',
  bootId: 'boot-1',
  wakeId: 'wake-1',
  reasons: [],
  gate,
  gateReady: true,
  gatePaused: false,
  doing: 'nothing',
};
const intent: HandoffWords = {
  type: 'INTENT',
  reasons: [reason('user', 'drain')],
  leave: true,
  remainingMs: null,
};

async function serving(options: CoreOptions = {}) {
  const c = await core(options);
  await c.inState(options.edge === 0 ? 'OFFLINE' : 'SERVING');
  c.say(rejoin);
  c.sayEdge(true);
  await c.until(() => c.front.gate !== null);
  return c;
}

test('a whole departure and return: words in order, weights down, weights up, two reports', async () => {
  const c = await serving();
  c.say(intent);
  await c.until(() => c.said('PREPARE').length === 1);
  c.say({ type: 'PREPARED', inFlight: 0, fit: true, why: null });
  await c.inState('DRAINING');
  expect(c.front.written).toEqual([40, 0]);
  c.say({ type: 'DRAINED', newRequests: 0, cut: [], cutCount: 0 });
  await c.inState('RELEASED');
  expect(c.keeper.view().safeToCloseLid).toBe(true);
  c.say({ type: 'GONE', stoppedMs: 900, forced: false });
  await c.until(() => c.reports.length === 1);
  expect(c.keeper.view()).toMatchObject({ state: 'OFFLINE', lastReport: 'report-1' });
  expect(c.reports[0]).toMatchObject({ outcome: 'offline', planned: true, cutCount: 0 });
  c.front.written.length = 0;
  c.say({ type: 'ASK_RETURN', person: true, clusterReady: true });
  await c.inState('SERVING');
  await c.until(() => c.reports.length === 2);
  expect(c.front.written).toEqual([10, 50, 80]);
  expect(c.reports[1]).toMatchObject({ kind: 'return', outcome: 'serving' });
  const words = c.sent.map(({ type }) => type).filter((type) => type !== 'STATE');
  expect(words).toEqual(['PREPARE', 'ACK', 'ACK', 'DRAIN', 'RELEASE', 'ADMIT']);
  expect(c.sent.map(({ seq }) => seq)).toEqual(c.sent.map((_, index) => index + 1));
  await c.keeper.dispose();
  expect(c.watchers()).toBe(0);
});

test('the intent is on the disk before the front hears of it', async () => {
  const c = await serving();
  const atWrite: number[][] = [];
  const { set } = c.traffic;
  Object.assign(c.traffic, {
    set: async (...args: Parameters<typeof set>) => {
      const record = parseRecord(c.disk.text ?? '', { ms: 0, wallMs: 0 });
      atWrite.push(record?.ours.map(({ edge }) => edge) ?? []);
      return set(...args);
    },
  });
  c.say(intent);
  c.say({ type: 'PREPARED', inFlight: 0, fit: true, why: null });
  await c.inState('DRAINING');
  expect(atWrite).toEqual([
    [80, 40],
    [40, 0],
  ]);
  await c.keeper.dispose();
});

test('a loss waits for no proof that runs, and the late proof changes nothing', async () => {
  const c = await serving();
  const release = c.hold('verify');
  c.say(intent);
  c.say({ type: 'PREPARED', inFlight: 0, fit: true, why: null });
  await c.until(() => c.front.calls.some((call) => call.startsWith('verify')));
  c.sayEdge(false);
  await c.until(() => c.front.isOut);
  expect(c.keeper.view().state).toBe('LOST');
  release();
  await c.until(() => c.reports.length === 1);
  expect(c.said('DRAIN')).toEqual([]);
  expect(c.keeper.view().state).toBe('LOST');
  await c.keeper.dispose();
});

test('a loss waits for no write that hangs, and whatever that writes, the last word is 0', async () => {
  const c = await serving();
  const release = c.hold('set');
  c.say(intent);
  c.say({ type: 'PREPARED', inFlight: 0, fit: true, why: null });
  await c.until(() => c.front.calls.includes('set 40'));
  c.sayEdge(false);
  await c.time.advance(1_000);
  expect(c.front.isOut).toBe(true);
  release();
  await c.until(() => c.front.calls.filter((call) => call === 'dead').length === 2);
  expect(c.front.written.at(-1)).toBe(0);
  await c.keeper.dispose();
});

test('what was replaced before its turn is not begun', async () => {
  const c = await serving();
  const release = c.hold('useGate');
  c.say({ ...rejoin, gate: { ...gate, port: 47382 } });
  c.say(intent);
  c.say({ type: 'PREPARED', inFlight: 0, fit: true, why: null });
  await c.inState('SHIFTING');
  c.sayEdge(false);
  await c.time.advance(500);
  // A gate that is being taken over holds up no loss.
  expect(c.front.isOut).toBe(true);
  release();
  await c.time.advance(500);
  expect([...new Set(c.front.written)]).toEqual([0]);
  await c.keeper.dispose();
});

describe('an engine that is killed', () => {
  test('the next one goes on in DRAINING, and repeats its word', async () => {
    const c = await serving();
    c.say(intent);
    c.say({ type: 'PREPARED', inFlight: 0, fit: true, why: null });
    await c.inState('DRAINING');
    await c.keeper.dispose();
    const next = await core({ front: fakeTraffic(c.time.clock, 0), disk: c });
    await next.inState('DRAINING');
    expect(next.keeper.view()).toMatchObject({ epoch: 1, handoffId: c.keeper.view().handoffId });
    next.say({ ...rejoin, doing: 'draining' });
    await next.until(() => next.said('DRAIN').length === 1);
    next.say({ type: 'DRAINED', newRequests: 0, cut: [], cutCount: 0 });
    await next.inState('RELEASED');
    await next.keeper.dispose();
  });

  test('a record cut in half: set aside, said, held until the edge is heard', async () => {
    const c = await serving();
    c.say(intent);
    await c.until(() => c.said('PREPARE').length === 1);
    await c.keeper.dispose();
    c.disk.text = c.disk.text?.slice(0, c.disk.text.length / 2) ?? null;
    const next = await core({ disk: c });
    await next.inState('HOLD');
    expect(next.keeper.view().hold).toMatchObject({ code: 'recordUnreadable' });
    expect(next.notes).toContain('handoff.recordUnreadable');
    expect(next.front.written).toEqual([]);
    next.say(rejoin);
    await next.inState('SERVING');
    await next.keeper.dispose();
  });

  test('a front that is not up yet decides nothing; nobody is told a view of yesterday', async () => {
    const front = fakeTraffic(fakeTime().clock, 80);
    front.front.isAway = true;
    const c = await core({ front });
    await c.time.advance(30_000);
    expect(c.sent).toEqual([]);
    expect(await c.keeper.person('return')).toMatchObject({ error: { code: 'frontDown' } });
    front.front.isAway = false;
    await c.inState('SERVING');
    expect(c.said('STATE').length).toBeGreaterThan(0);
    await c.keeper.dispose();
  });
});

test('a disk that takes nothing keeps no weight from falling', async () => {
  const c = await serving();
  c.disk.isFull = true;
  c.sayEdge(false);
  await c.until(() => c.front.isOut);
  expect(c.keeper.view().state).toBe('LOST');
  await c.keeper.dispose();
});

test('nor does a disk that hangs: a loss waits 100 ms for it', async () => {
  const c = await serving();
  Object.assign(c.store, { write: () => new Promise(() => undefined) });
  c.sayEdge(false);
  await c.time.advance(0);
  await c.time.advance(99);
  expect(c.front.isOut).toBe(false);
  await c.time.advance(1);
  expect(c.front.isOut).toBe(true);
});

test("a person's answer: the view, or why not", async () => {
  const c = await serving();
  expect(await c.keeper.person('return')).toMatchObject({ ok: false, error: { code: 'alreadyServing' } });
  c.say(intent);
  await c.until(() => c.said('PREPARE').length === 1);
  expect(await c.keeper.person('cancel')).toMatchObject({ ok: true, value: { state: 'WARNED' } });
  await c.keeper.dispose();
});

test('what is shown changes only when something does', async () => {
  const c = await serving();
  await c.time.advance(2_000);
  const { length } = c.views;
  await c.time.advance(60_000);
  expect(c.views).toHaveLength(length);
  expect(c.said('STATE').length).toBeGreaterThanOrEqual(6);
  await c.keeper.dispose();
});

test('the first admission of a pair', async () => {
  const c = await serving({ edge: 0 });
  expect(c.keeper.view().safeToCloseLid).toBe(true);
  await c.until(() => c.front.isOut);
  c.say({ type: 'ASK_RETURN', person: false, clusterReady: null });
  await c.inState('SERVING');
  expect(c.front.written.filter((edge) => edge > 0)).toEqual([10, 50, 80]);
  expect(c.front.isOut).toBe(false);
  await c.keeper.dispose();
});
