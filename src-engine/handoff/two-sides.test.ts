import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { twoSides, type Passing, type Sides, type Who } from '../../test/doubles/two-sides.ts';
import type { HandoffMessageType } from '../../src-shared/handoff-messages.ts';
import type { HandoffState } from '../../src-shared/world/handoff.ts';
import type * as Files from '../platform/files.ts';

// A real keeper and a real leaver: what neither can prove alone.

/** Record and journal, without a disk: fake time does not wait for one. */
const files = vi.hoisted(() => {
  // What a file of tests before this one has loaded writes to the real disk.
  vi.resetModules();
  return new Map<string, string>();
});
vi.mock('../platform/files.ts', async (original) => ({
  ...(await original<typeof Files>()),
  systemFiles: { read: async (path: string) => files.get(path) ?? null, list: async () => [] },
  writePrivately: async (path: string, text: string) => void files.set(path, text),
  writeWhole: async (path: string, text: string) => void files.set(path, text),
  removeFile: async (path: string) => void files.delete(path),
}));
beforeEach(() => files.clear());
// Files of tests share a process: the next one must not get modules that write into this map.
afterAll(() => {
  vi.doUnmock('../platform/files.ts');
  vi.resetModules();
});

async function serving(options: Parameters<typeof twoSides>[0] = {}): Promise<Sides> {
  const sides = twoSides(options);
  await sides.begin('core');
  await sides.begin('edge');
  await sides.time.advance(3000);
  expect(sides.view()?.state).toBe('SERVING');
  return sides;
}

/** What must hold whatever happened: no request lost, no rise that no return made, no stop under traffic. */
function expectSound({ ledger, stops, reports }: Sides, rises = 0): void {
  expect(ledger.lost).toBe(0);
  expect(ledger.rises).toHaveLength(rises);
  for (const { edgeShare } of stops) expect(edgeShare).toBe(0);
  expect(reports.every(({ cutCount }) => cutCount === 0)).toBe(true);
}

const leave = (sides: Sides) => sides.leaver().leave({ now: true, reason: null });
const types = (sides: Sides, from: Who): HandoffMessageType[] =>
  sides.passed
    .filter((one) => one.from === from && one.message.type !== 'STATE')
    .map(({ message }) => message.type);

test('a planned departure: weight 0 proven, both sides empty, then the stop; the report says so', async () => {
  const sides = await serving();
  expect(await leave(sides)).toMatchObject({ ok: true });
  expect(await sides.until('OFFLINE', 60_000)).toBe(true);
  await sides.time.advance(2000);
  expect(types(sides, 'edge')).toEqual(['REJOIN', 'INTENT', 'PREPARED', 'DRAINED', 'GONE']);
  // ADMIT opens the gate of an edge that began without a journal.
  const said = types(sides, 'core').filter((type) => type !== 'ACK');
  expect(said).toEqual(['ADMIT', 'PREPARE', 'DRAIN', 'RELEASE']);
  expect(sides.front.shares.edge).toBe(0);
  expect(sides.edge.cluster).toBe('stopped');
  expect([sides.keeper().view().safeToCloseLid, sides.leaver().view().safeToCloseLid]).toEqual([true, true]);
  const report = sides.reports.find(({ kind }) => kind === 'departure');
  expect(report).toMatchObject({ outcome: 'offline', planned: true, noPeer: false, cutCount: 0 });
  expectSound(sides);
});

test('and back: 10, 50, 80, and both say that they serve', async () => {
  const sides = await serving();
  await leave(sides);
  await sides.until('OFFLINE', 60_000);
  await sides.time.advance(2000);
  expect(await sides.leaver().return()).toMatchObject({ ok: true });
  expect(await sides.until('SERVING', 120_000)).toBe(true);
  await sides.time.advance(6000);
  expect(sides.ledger.rises.map((rise) => rise.replace(/^\S+ /, ''))).toEqual(['0->10', '10->50', '50->80']);
  expect([sides.front.shares.edge, sides.edge.ready, sides.edge.cluster]).toEqual([80, true, 'running']);
  expect(sides.leaver().view().state).toBe('SERVING');
  expectSound(sides, 3);
});

test.each<HandoffState>(['PREPARING', 'SHIFTING', 'VERIFYING', 'DRAINING'])(
  'cancelled in %s: the edge serves again, nothing was stopped, nothing is lost',
  async (state) => {
    const sides = await serving();
    await leave(sides);
    for (let step = 0; step < 4000 && sides.view()?.state !== state; step += 1) await sides.time.advance(10);
    expect(sides.view()?.state).toBe(state);
    expect(await sides.leaver().cancel()).toMatchObject({ ok: true });
    expect(await sides.until('SERVING', 120_000)).toBe(true);
    await sides.time.advance(6000);
    expect([sides.front.shares.edge, sides.edge.ready, sides.stops.length]).toEqual([80, true, 0]);
    expect(sides.ledger.lost).toBe(0);
  },
);

test('cancelled in RELEASED: too late, it finishes', async () => {
  const sides = await serving();
  await leave(sides);
  for (let step = 0; step < 4000 && sides.edge.cluster === 'running' && sides.stops.length === 0; step += 1)
    await sides.time.advance(10);
  expect(await sides.leaver().cancel()).toMatchObject({ error: { code: 'tooLateToCancel' } });
  expect(await sides.until('OFFLINE', 60_000)).toBe(true);
  expectSound(sides);
});

test('a request that does not end is cut at the limit, counted and named', async () => {
  const sides = await serving();
  sides.edge.held = 2;
  await leave(sides);
  expect(await sides.until('OFFLINE', 120_000)).toBe(true);
  await sides.time.advance(2000);
  const report = sides.reports.find(({ kind }) => kind === 'departure');
  expect(report).toMatchObject({ cutCount: 2, cut: [{ path: '/stream' }, { path: '/stream' }] });
  expect(sides.stops).toEqual([{ edgeShare: 0 }]);
});

test('the edge vanishes: weight 0 at the decision, and not before', async () => {
  const sides = await serving();
  sides.power(false);
  sides.kill('edge', true);
  sides.link('core', 'suspect');
  await sides.time.advance(1000);
  expect(sides.front.shares.edge).toBe(80);
  sides.link('core', 'down');
  expect(await sides.until('LOST', 1000)).toBe(true);
  await sides.time.advance(500);
  expect(sides.front.shares.edge).toBe(0);
  expect(sides.reports.find(({ kind }) => kind === 'loss')).toMatchObject({ planned: false });
  expect(sides.ledger.rises).toEqual([]);
});

test('a lost edge that is there again comes back step by step, by itself, once the cool-down is over', async () => {
  const sides = await serving();
  sides.power(false);
  sides.kill('edge', true);
  sides.link('core', 'down');
  expect(await sides.until('LOST', 2000)).toBe(true);
  sides.reboot();
  sides.power(true);
  await sides.restart('edge');
  await sides.time.advance(10_000);
  expect(sides.ledger.rises).toEqual([]);
  expect(await sides.until('SERVING', 120_000)).toBe(true);
  expect(sides.ledger.rises.map((rise) => rise.replace(/^\S+ /, ''))).toEqual(['0->10', '10->50', '50->80']);
});

test('the link is cut while both serve: weights stand, HOLD after 30 s, and it heals', async () => {
  const sides = await serving();
  for (const who of ['core', 'edge'] as const) sides.link(who, 'down');
  await sides.time.advance(25_000);
  expect(sides.view()?.state).toBe('SUSPECT');
  expect(await sides.until('HOLD', 10_000)).toBe(true);
  expect(sides.view()?.hold?.code).toBe('agentSilent');
  for (const who of ['core', 'edge'] as const) sides.link(who, 'up');
  expect(await sides.until('SERVING', 10_000)).toBe(true);
  expect([sides.front.shares.edge, sides.edge.ready, sides.ledger.lost]).toEqual([80, true, 0]);
  expect(sides.ledger.rises).toEqual([]);
});

const batteryAtStop = {
  stage: 'stop',
  reasons: [
    { metric: 'battery.percent', stage: 'stop', value: 10, limit: 15, since: '2026-01-01T00:00:00.000Z' },
  ],
} as const;

const batteryAtDrain = {
  stage: 'drain',
  reasons: [{ ...batteryAtStop.reasons[0], stage: 'drain', value: 25, limit: 25 }],
} as const;

test('a reason in the middle of a return: weight 0 at once, and gone as soon as nothing is in flight', async () => {
  const sides = await serving();
  await leave(sides);
  await sides.until('OFFLINE', 60_000);
  await sides.time.advance(2000);
  await sides.leaver().return();
  for (let step = 0; step < 4000 && sides.front.shares.edge !== 10; step += 1) await sides.time.advance(10);
  expect(sides.view()?.state).toBe('RETURNING');
  sides.leaver().stage(batteryAtDrain);
  await sides.time.advance(2000);
  expect(sides.front.shares.edge).toBe(0);
  // What was in flight ends, and nobody waits for a countdown any more.
  expect(await sides.until('OFFLINE', 20_000)).toBe(true);
  await sides.time.advance(2000);
  expect(sides.edge.cluster).toBe('stopped');
  expectSound(sides, 1);
});

test('an unforced departure without a core stays, a forced one leaves alone', async () => {
  const stays = await serving();
  for (const who of ['core', 'edge'] as const) stays.link(who, 'down');
  const left = leave(stays);
  await stays.time.advance(30_000);
  expect(await left).toMatchObject({ error: { code: 'coreAway' } });
  expect([stays.edge.cluster, stays.edge.ready]).toEqual(['running', true]);
  stays.leaver().stage(batteryAtStop);
  await stays.time.advance(90_000);
  expect([stays.edge.cluster, stays.edge.ready]).toEqual(['stopped', false]);
  expect(stays.reports.find(({ noPeer }) => noPeer)).toMatchObject({ kind: 'departure' });
});

test('a forced edge that nobody hears says by its gate that it leaves: weight 0, and what it holds may end', async () => {
  const sides = await serving();
  sides.edge.held = 1;
  for (const who of ['core', 'edge'] as const) sides.link(who, 'down');
  sides.leaver().stage(batteryAtStop);
  expect(await sides.until('DRAINING', 60_000)).toBe(true);
  await sides.time.advance(5000);
  expect([sides.front.shares.edge, sides.edge.held, sides.front.out]).toEqual([0, 1, false]);
  sides.edge.held = 0;
  expect(await sides.until('OFFLINE', 90_000)).toBe(true);
  await sides.time.advance(2000);
  expect(sides.reports.filter(({ kind }) => kind === 'loss')).toEqual([]);
  expectSound(sides);
});

test('the lid closes: LEAVE_NOW, weight 0 at once, and no way back before REJOIN', async () => {
  const sides = await serving();
  sides.leaver().lid(true);
  await sides.time.advance(1500);
  expect(types(sides, 'edge')).toContain('LEAVE_NOW');
  expect(sides.front.shares.edge).toBe(0);
  await sides.time.advance(20_000);
  expect(sides.ledger.rises).toEqual([]);
});

const until = async (sides: Sides, limitMs: number): Promise<string> => {
  for (let past = 0; past < limitMs; past += 500) {
    const { cluster, ready } = sides.edge;
    const state = sides.view()?.state;
    if (state === 'OFFLINE' && cluster === 'stopped') return 'gone';
    if (state === 'SERVING' && sides.front.shares.edge === 80 && ready && past > 30_000) return 'serves';
    await sides.time.advance(500);
  }
  return `${sides.view()?.state} ${sides.front.shares.edge} ${sides.edge.cluster} ${sides.leaver().view().state}`;
};

/** The words of a departure, in their order, as the wire of an undisturbed one has them. */
const boundaries: HandoffMessageType[] = [
  'INTENT',
  'PREPARE',
  'PREPARED',
  'DRAIN',
  'DRAINED',
  'RELEASE',
  'GONE',
];

for (const victim of ['core', 'edge'] as const)
  for (const lost of [true, false])
    test.each(boundaries)(
      `kill -9 of the ${victim} at %s (${lost ? 'lost' : 'delivered'}): ends whole, weight never rises unasked`,
      async (type) => {
        const seen = { killed: false };
        const onMessage = ({ message }: Passing, _index: number, sides: Sides): boolean => {
          if (seen.killed || message.type !== type) return true;
          seen.killed = true;
          if (!lost) {
            // Delivered, and dead in the next turn.
            sides.time.scheduler.after(1, () => sides.kill(victim));
            return true;
          }
          sides.kill(victim);
          return false;
        };
        const sides = await serving({ onMessage });
        await leave(sides);
        for (let step = 0; step < 3000 && !seen.killed; step += 1) await sides.time.advance(20);
        expect(seen.killed).toBe(true);
        await sides.time.advance(2000);
        await sides.restart(victim);
        expect(await until(sides, 240_000)).toMatch(/^(gone|serves)$/);
        expect(sides.ledger.lost).toBe(0);
        for (const { edgeShare } of sides.stops) expect(edgeShare).toBe(0);
        const [first] = sides.ledger.rises;
        // A rise is the first step of a return, never 80 at once.
        if (first !== undefined) expect(first).toMatch(/0->10$/);
      },
    );
