import { expect, test } from 'vitest';
import { fakeTime } from '../test/doubles/fake-time.ts';
import { coreWorlds, edgeWorlds } from '../test/doubles/handoff-worlds.ts';
import { worlds } from '../test/doubles/worlds.ts';
import { fail, ok, type Result } from '../src-shared/errors/result.ts';
import type { World } from '../src-shared/world/world.ts';
import { leaveFirst, servesAsEdge } from './leave-first.ts';
import { createShellStore } from './shell-store.ts';

function setUp(first: World, answer: Result<unknown> = ok({})) {
  const { scheduler, advance } = fakeTime();
  const store = createShellStore('en');
  store.setState({ world: first });
  const calls: unknown[] = [];
  const call = async (method: unknown, input: unknown): Promise<Result<never>> => {
    calls.push([method, input]);
    return answer as Result<never>;
  };
  let ended: Result<boolean> | null = null;
  void leaveFirst({ store, scheduler, link: { call } }).then((result) => (ended = result));
  return {
    calls,
    advance,
    ended: () => ended,
    show: async (world: World) => {
      store.setState({ world });
      await advance(0);
    },
  };
}

test('an edge that serves is one that requests may still come to', () => {
  expect(servesAsEdge(edgeWorlds.serving)).toBe(true);
  expect(servesAsEdge(edgeWorlds.returning)).toBe(true);
  expect(servesAsEdge(edgeWorlds.draining)).toBe(true);
  expect(servesAsEdge(edgeWorlds.released)).toBe(false);
  expect(servesAsEdge(edgeWorlds.offline)).toBe(false);
  expect(servesAsEdge(coreWorlds.serving)).toBe(false);
  expect(servesAsEdge(worlds.running)).toBe(false);
});

test('it leaves at once and waits until it is offline', async () => {
  const { calls, show, advance, ended } = setUp(edgeWorlds.serving);
  await advance(0);
  expect(calls).toEqual([['handoff.leave', { now: true }]]);
  await show(edgeWorlds.draining);
  await show(edgeWorlds.released);
  expect(ended()).toBeNull();
  await show(edgeWorlds.offline);
  expect(ended()).toEqual(ok(true));
});

test('called off, held or too late: it did not go', async () => {
  const cancelled = setUp(edgeWorlds.serving);
  await cancelled.advance(0);
  await cancelled.show(edgeWorlds.shifting);
  await cancelled.show(edgeWorlds.serving);
  expect(cancelled.ended()).toEqual(ok(false));
  const held = setUp(edgeWorlds.serving);
  await held.advance(0);
  await held.show(edgeWorlds.hold);
  expect(held.ended()).toEqual(ok(false));
  const late = setUp(edgeWorlds.serving);
  await late.advance(0);
  await late.show(edgeWorlds.draining);
  await late.advance(131_000);
  expect(late.ended()).toEqual(ok(false));
});

test('a refusal is handed on', async () => {
  const { advance, ended } = setUp(edgeWorlds.serving, fail('coreUnfit'));
  await advance(0);
  expect(ended()).toMatchObject({ ok: false, error: { code: 'coreUnfit' } });
});
