import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeCluster, fakeGate, stageFact, stateWords } from '../../../test/doubles/fake-edge.ts';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import type { HandoffMessage, HandoffWords } from '../../../src-shared/handoff-messages.ts';
import type { Handoff } from '../../../src-shared/world/handoff.ts';
import type { LinkState } from '../../../src-shared/world/peer.ts';
import { silentLog } from '../../platform/log.ts';
import type { HandoffReport } from '../report/report.ts';
import { openLeaver } from './leaver.ts';

/** Fake time, after what was begun just now has settled. */
function settledTime() {
  const time = fakeTime();
  return {
    ...time,
    async advance(ms: number): Promise<void> {
      await time.advance(0);
      await time.advance(0);
      await time.advance(ms);
    },
  };
}

function edge(journalFile = join(temporaryFolder('leaver'), 'run', 'leaver.json')) {
  const time = settledTime();
  const { gate, control } = fakeGate();
  const { cluster, stopper } = fakeCluster();
  const sent: HandoffMessage[] = [];
  const published: Handoff[] = [];
  const reports: HandoffReport[] = [];
  const journals: string[] = [];
  const world = { link: 'never' as LinkState, session: true, acked: true, epoch: 1 };
  let seq = 0;
  const stop = stopper.stop;
  const leaver = openLeaver({
    ...time,
    log: silentLog,
    timeScale: 1,
    bootId: 'boot',
    journalFile,
    courier: {
      send: (message) => world.session && sent.push(message) > 0,
      leaveNow: async (message) => sent.push(message) > 0 && world.acked,
    },
    link: () => ({ state: world.link, class: null, byeReason: null, silenceMs: 0 }),
    settings: () => ({ shares: { core: 20, edge: 80 }, deadlineMs: 120_000 }),
    mayAct: () => true,
    publish: (handoff) => void published.push(handoff),
    note: () => undefined,
    report: (report) => `report-${reports.push(report)}`,
    gate: control,
    cluster: {
      ...stopper,
      stop(limitMs) {
        journals.push(readFileSync(journalFile, 'utf8'));
        return stop(limitMs);
      },
    },
  });
  const self = {
    time,
    gate,
    cluster,
    sent,
    published,
    reports,
    journals,
    world,
    leaver,
    journalFile,
    said: (type: HandoffMessage['type']) => sent.filter((message) => message.type === type),
    hear(...words: readonly HandoffWords[]): void {
      for (const one of words) leaver.hear({ ...one, handoffId: 'one', epoch: world.epoch, seq: (seq += 1) });
    },
    async link(state: LinkState): Promise<void> {
      world.link = state;
      leaver.linkChanged({ state, class: null, byeReason: null, silenceMs: 0 });
      await time.advance(0);
    },
    async session(): Promise<void> {
      await self.link('up');
      self.hear(stateWords('OFFLINE'));
    },
    async serving(): Promise<void> {
      await leaver.begin();
      await self.session();
      self.hear({ type: 'ADMIT', share: 10 });
      await time.advance(1_500);
      self.hear(stateWords('SERVING'));
    },
  };
  return self;
}

test('a whole departure and return, with real promises and a journal on disk', async () => {
  const m = edge();
  await m.serving();
  expect(m.gate.ready).toBe(true);
  expect(await m.leaver.leave({ now: false, reason: null })).toMatchObject({ ok: true });
  m.world.epoch = 2;
  m.hear({ type: 'PREPARE', remainingMs: 119_000 }, { type: 'DRAIN', remainingMs: 95_000 });
  await m.time.advance(11_000);
  expect(m.said('DRAINED')).toHaveLength(1);
  m.hear({ type: 'RELEASE', remainingMs: 60_000 });
  await m.time.advance(0);
  expect(m.cluster.stops).toEqual([30_000]);
  expect(JSON.parse(m.journals[0] ?? '')).toMatchObject({ doing: 'stopping', departure: { alone: false } });
  expect(m.said('GONE')).toMatchObject([{ stoppedMs: 5, epoch: 2, handoffId: 'one' }]);
  m.hear(stateWords('OFFLINE'));
  expect(m.leaver.view()).toMatchObject({ state: 'OFFLINE', safeToCloseLid: true });
  expect(await m.leaver.return()).toMatchObject({ ok: true });
  await m.time.advance(0);
  expect(m.cluster.starts).toBe(1);
  expect(m.said('ASK_RETURN').at(-1)).toMatchObject({ person: true });
  m.hear({ type: 'ADMIT', share: 10 });
  await m.time.advance(0);
  expect(m.gate.ready).toBe(true);
  const seqs = m.sent.map(({ seq }) => seq);
  expect(seqs).toEqual([...new Set(seqs)].sort((one, other) => one - other));
  expect(m.published.at(-1)).toEqual(m.leaver.view());
});

test('REJOIN carries where the gate is', async () => {
  const m = edge();
  await m.leaver.begin();
  await m.link('up');
  expect(m.sent).toMatchObject([
    { type: 'REJOIN', bootId: 'boot', gate: { port: 47381 }, gateReady: false, epoch: 0, handoffId: '' },
  ]);
});

test('a gate that hangs holds no REJOIN and no forced departure', async () => {
  const m = edge();
  await m.serving();
  m.gate.away = true;
  await m.link('down');
  m.leaver.stage(stageFact(['battery', 'stop']));
  await m.time.advance(60_000);
  expect(m.cluster.stops).toHaveLength(1);
  expect(m.reports).toMatchObject([{ noPeer: true }]);
  await m.link('up');
  expect(m.said('REJOIN').at(-1)).toMatchObject({ gate: null, gateReady: null, doing: 'gone' });
});

describe('a suspend', () => {
  const resolved = (promise: Promise<void>) => {
    const state = { done: false };
    void promise.then(() => (state.done = true));
    return state;
  };

  test('is answered when the core proved weight 0 and nothing is under way', async () => {
    const m = edge();
    await m.serving();
    m.gate.open = [{ method: 'POST', path: '/', ageMs: 5 }];
    const state = resolved(m.leaver.hostEvent('suspend'));
    expect(m.said('LEAVE_NOW')).toHaveLength(1);
    m.hear({ type: 'ACK', of: 'LEAVE_NOW', stage: 'live' });
    await m.time.advance(500);
    expect(state.done).toBe(false);
    m.gate.open = [];
    await m.time.advance(300);
    expect(state.done).toBe(true);
    expect(m.gate.notReady).toBe('leaving');
    expect(JSON.parse(readFileSync(m.journalFile, 'utf8'))).toMatchObject({ doing: 'out' });
  });

  test('is answered within 3 s whatever the core does', async () => {
    const m = edge();
    await m.serving();
    m.world.acked = false;
    const state = resolved(m.leaver.hostEvent('suspend'));
    await m.time.advance(2_999);
    expect(state.done).toBe(true);
  });

  test('is answered at once by an edge that is out', async () => {
    const m = edge();
    await m.leaver.begin();
    const state = resolved(m.leaver.hostEvent('suspend'));
    await m.time.advance(0);
    expect(state.done).toBe(true);
  });
});

test('a shutdown resolves when it has left, and after 20 s at the latest', async () => {
  const m = edge();
  await m.serving();
  let hold: () => void = () => undefined;
  m.cluster.hold = new Promise((resolve) => (hold = resolve));
  let done = false;
  void m.leaver.hostEvent('shutdown').then(() => (done = true));
  await m.time.advance(19_900);
  expect([done, m.cluster.stops.length]).toEqual([false, 1]);
  await m.time.advance(100);
  expect(done).toBe(true);
  hold();
  const quick = edge();
  await quick.serving();
  await quick.link('down');
  const left = quick.leaver.hostEvent('shutdown');
  await quick.time.advance(5_000);
  await left;
  expect(quick.cluster.stops).toHaveLength(1);
});

test('a return right after the start waits for the first session', async () => {
  const m = edge();
  await m.leaver.begin();
  const asked = m.leaver.return();
  await m.time.advance(6_000);
  await m.session();
  expect(await asked).toMatchObject({ ok: true });
  expect(m.said('ASK_RETURN').at(-1)).toMatchObject({ person: true });
});

test('without a core it is refused after ten seconds, and later at once', async () => {
  const m = edge();
  await m.leaver.begin();
  const asked = m.leaver.return();
  await m.time.advance(10_000);
  expect(await asked).toMatchObject({ ok: false, error: { code: 'coreAway' } });
  expect(await m.leaver.return()).toMatchObject({ ok: false, error: { code: 'coreAway' } });
});

test('an engine that follows finds the journal; one that is broken in two means: stay out', async () => {
  const m = edge();
  await m.serving();
  await m.leaver.dispose();
  expect(m.time.pending()).toBe(0);
  const next = edge(m.journalFile);
  await next.leaver.begin();
  expect(next.leaver.view().state).toBe('SERVING');
  const { writeFileSync } = await import('node:fs');
  writeFileSync(m.journalFile, readFileSync(m.journalFile, 'utf8').slice(0, 40));
  const broken = edge(m.journalFile);
  await broken.leaver.begin();
  await broken.time.advance(0);
  expect([broken.leaver.view().state, broken.gate.orders]).toEqual(['OFFLINE', ['stayOut']]);
});

test('a delay says until when', async () => {
  const m = edge();
  await m.serving();
  m.leaver.stage(stageFact(['battery', 'drain']));
  const delayedUntil = new Date(m.time.clock.wall().getTime() + 600_000).toISOString();
  expect(await m.leaver.delay()).toEqual({ ok: true, value: { delayedUntil } });
  expect(m.leaver.view()).toMatchObject({ delayedUntil, countdownEndsAt: null });
});

test('a link that changed without a word is seen at the next look', async () => {
  const m = edge();
  await m.leaver.begin();
  m.world.link = 'up';
  await m.time.advance(5_000);
  expect(m.said('REJOIN').length).toBeGreaterThan(0);
});

test('return waits for a departure of before a crash that the core has ended already', async () => {
  const m = edge();
  await m.serving();
  await m.leaver.leave({ now: true, reason: null });
  m.world.epoch = 2;
  m.hear({ type: 'PREPARE', remainingMs: 119_000 }, { type: 'DRAIN', remainingMs: 95_000 });
  await m.leaver.dispose();
  const next = edge(m.journalFile);
  next.world.epoch = 2;
  await next.leaver.begin();
  await next.session();
  const asked = next.leaver.return();
  await next.time.advance(3_000);
  next.hear(stateWords('OFFLINE'));
  next.world.epoch = 3;
  next.hear({ type: 'DRAIN', remainingMs: 95_000 });
  await next.time.advance(11_000);
  next.hear({ type: 'RELEASE', remainingMs: 60_000 });
  await next.time.advance(0);
  expect(await asked).toMatchObject({ ok: true });
  await next.time.advance(0);
  expect([next.cluster.stops.length, next.cluster.starts]).toEqual([1, 1]);
});
