import { expect, test } from 'vitest';
import {
  call,
  dealt,
  frontWorld,
  openWorld,
  outcomeOf,
  steadyLoad,
  until,
  type Call,
  type FrontWorld,
  type MakeFront,
} from './front-world.ts';
import { oneKey } from './pair-keys.ts';
import { startGate } from './test-gate.ts';

const LIMIT_MS = 30_000;

/** What a front does when its edge hangs, is killed, is declared dead, or is somebody else. */
export function contractOfDeath(make: MakeFront): void {
  test(
    'that takes connections and says nothing: new requests go to the core, POSTs as well',
    async () => {
      const { port, gate } = await openWorld(make, 80);
      const before = gate.heard.length;
      gate.mood = 'hole';
      const replies = await Promise.all(
        Array.from({ length: 10 }, () => call(port, '/', { method: 'POST', body: 'x' })),
      );
      expect(replies.map(({ status, backend }) => `${status} ${backend}`)).toEqual(
        Array.from({ length: 10 }, () => '200 core'),
      );
      expect(gate.heard).toHaveLength(before);
    },
    LIMIT_MS,
  );

  test(
    '`dead`: what may be sent again is, what may not is reset, nothing new goes there; `revive` is weight 0 and new connections',
    async () => {
      const world = await openWorld(make, 100);
      const { front, port, gate } = world;
      await dealt(port, 20);
      gate.mood = 'silent';
      const gets = await Promise.all(Array.from({ length: 8 }, (_none, id) => held(world, `/get-${id}`)));
      const post = await held(world, '/post', { method: 'POST', body: 'x' });
      const dead = await front.dead();
      if (!dead.ok) throw new Error(dead.error.code);
      for (const { outcome } of gets) expect(await outcome).toBe('200 core');
      expect(await post.outcome).not.toMatch(/^200/);
      expect(dead.value.resent).toBe(8);
      expect(dead.value.cutCount).toBe(1);
      expect(await front.read()).toEqual({ ok: true, value: { core: 100, edge: 0 } });
      await until(() => gate.connections() === 0);

      gate.mood = 'serve';
      const heard = gate.heard.length;
      const accepted = gate.accepted();
      expect(await dealt(port, 20)).toEqual({ core: 20, edge: 0 });
      expect((await front.set({ core: 20, edge: 80 })).ok).toBe(false);
      expect(gate.heard).toHaveLength(heard);

      expect((await front.revive()).ok).toBe(true);
      expect(await front.read()).toEqual({ ok: true, value: { core: 100, edge: 0 } });
      expect(await dealt(port, 10)).toEqual({ core: 10, edge: 0 });
      expect((await front.set({ core: 20, edge: 80 })).ok).toBe(true);
      await until(async () => (await dealt(port, 10))['edge'] === 8);
      expect(gate.accepted()).toBeGreaterThan(accepted);
    },
    LIMIT_MS,
  );

  test(
    'that is killed under load costs no GET, and of the POSTs only those under way',
    async () => {
      const { port, gate } = await openWorld(make, 80);
      const load = steadyLoad(port);
      await until(() => (load.by['edge'] ?? 0) > 50);
      gate.kill();
      const from = load.sent();
      await until(() => load.sent() > from + 100);
      const { lost } = await load.stop();
      expect(lost.filter((line) => line.startsWith('GET'))).toEqual([]);
      // 40 POSTs a second, each under way for some milliseconds.
      expect(lost.length).toBeLessThanOrEqual(4);
    },
    LIMIT_MS,
  );

  test(
    'or somebody else in its place, with another key, is told nothing',
    async () => {
      const world = await frontWorld(make);
      const stranger = await startGate(oneKey(), world.keys.core.pin);
      const { edge } = world.config;
      if (edge === null) throw new Error('no edge');
      const front = world.adapter();
      const config = { ...world.config, edge: { ...edge, port: stranger.port } };
      expect((await front.open(config, { core: 20, edge: 80 })).ok).toBe(true);
      expect(await dealt(world.port, 10)).toEqual({ core: 10, edge: 0 });
      expect((await call(world.port, '/', { method: 'POST', body: 'secret' })).backend).toBe('core');
      expect(stranger.heard).toEqual([]);
    },
    LIMIT_MS,
  );
}

/**
 * A request that the edge has and does not answer. On a machine that is out of breath its connection may not be made
 * in time: the core has answered it then, and it is asked again.
 */
async function held(
  { port, gate }: FrontWorld,
  path: string,
  how?: Call,
): Promise<{ readonly outcome: Promise<string> }> {
  for (;;) {
    const before = gate.heard.length;
    let isOver = false;
    const outcome = outcomeOf(call(port, path, how)).finally(() => (isOver = true));
    const isHeld = (): boolean => gate.heard.slice(before).some(({ url }) => url === path);
    await until(() => isOver || isHeld());
    if (!isOver) return { outcome };
  }
}
