import { expect, test } from 'vitest';
import type { Wake } from '../../src-shared/world/wake.ts';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { cluster, world } from '../../test/doubles/worlds.ts';
import { openWake, type WakePorts } from './wake-room.ts';

const node = { name: 'lab-control-plane', role: 'control-plane' as const, ready: true, pods: 3 };

/** A Mac with a kind cluster, whose observations are told by the test. */
function bench() {
  const time = fakeTime();
  const told: Wake[] = [];
  const facts = { skewMs: 0, isUp: true, refreshed: 0, notes: [] as unknown[] };
  const ports: WakePorts = {
    ...time,
    world: () =>
      world({
        primaryCluster: 'lab',
        clusters: [
          cluster({
            name: 'lab',
            provider: 'kind',
            state: facts.isUp ? 'running' : 'degraded',
            why: facts.isUp ? null : 'apiDown',
            nodes: [node],
            sampledAt: time.clock.wall().toISOString(),
          }),
        ],
      }),
    skewMs: async () => facts.skewMs,
    certificates: async () => null,
    refresh: () => void (facts.refreshed += 1),
    publish: (wake) => void told.push(wake),
    failed: (error) => void facts.notes.push(error),
    note: (...note) => void facts.notes.push(note),
  };
  return { time, told, facts, room: openWake(ports) };
}

/** Each line takes a few turns. */
async function settle({ advance }: ReturnType<typeof fakeTime>): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await advance(0);
}

const verdicts = (wake: Wake | undefined) => wake?.lines.map(({ id, verdict }) => `${id} ${verdict}`);

test('a wake that finds all well is one list at once; what does not apply is not on it', async () => {
  const { time, told, facts, room } = bench();
  room.resumed();
  // Said twice by the system, looked at once.
  room.resumed();
  await settle(time);
  expect(verdicts(told.at(-1))).toEqual(['clock ok', 'api ok', 'nodes ok', 'certificates unknown']);
  expect(told.at(-1)?.state).toBe('done');
  expect([facts.refreshed, facts.notes.length]).toEqual([1, 1]);
});

test('what is not back yet is waited for and shown, and says how long it took', async () => {
  const { time, told, facts, room } = bench();
  facts.isUp = false;
  room.resumed();
  await settle(time);
  await time.advance(4000);
  expect(verdicts(told.at(-1))).toEqual(['clock ok', 'api looking']);
  facts.isUp = true;
  await time.advance(1000);
  await settle(time);
  expect(told.at(-1)?.lines[1]).toMatchObject({ verdict: 'recovered', tookMs: 4500 });
  expect(told.at(-1)?.state).toBe('done');
});

test('what does not come back within its limit is named, and what stands on it is not waited for', async () => {
  const { time, told, facts, room } = bench();
  Object.assign(facts, { isUp: false, skewMs: 90_000 });
  room.resumed();
  await settle(time);
  await time.advance(71_000);
  await settle(time);
  const done = told.at(-1);
  expect(verdicts(done)).toEqual(['clock problem', 'api problem', 'nodes unknown', 'certificates unknown']);
  expect(done?.lines.map(({ problem }) => problem?.code ?? null)).toEqual([
    'vmClockLags',
    'apiUnreachable',
    null,
    null,
  ]);
});

test('asked for by hand it answers with the whole list', async () => {
  const { time, room } = bench();
  const caller = { send: () => undefined, onClose: () => undefined };
  expect(await room.handlers['wake.get']({ look: false }, caller)).toEqual({
    ok: true,
    value: { wake: null },
  });
  const asked = room.handlers['wake.get']({ look: true }, caller);
  await settle(time);
  expect(await asked).toMatchObject({ ok: true, value: { wake: { state: 'done' } } });
});

test('an engine that ends waits for nothing', async () => {
  const { time, told, facts, room } = bench();
  facts.isUp = false;
  room.resumed();
  await time.advance(1000);
  room.dispose();
  await time.advance(100_000);
  expect(told.at(-1)?.state).toBe('looking');
  expect(time.pending()).toBe(0);
});
