import { Agent } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { oneKey } from './pair-keys.ts';
import {
  call,
  dealt,
  frontWorld,
  openWorld,
  steadyLoad,
  until,
  upgrade,
  type MakeFront,
} from './front-world.ts';
import { startGate } from './test-gate.ts';

const LIMIT_MS = 30_000;

/** What every front promises (src-engine/traffic/ports.ts): each adapter's tests call it with a way to make one. */
export function frontContract(make: MakeFront): void {
  describe('weights', () => contractOfWeights(make));
  describe('a dead edge', () => contractOfDeath(make));
  describe('its process', () => contractOfProcess(make));
}

function contractOfWeights(make: MakeFront): void {
  test(
    'are dealt in turn, set and read back, and 0 is 0',
    async () => {
      const { front, port, gate } = await openWorld(make, 80);
      expect(front.dealing).toBe('in-turn');
      expect(await front.read()).toEqual({ ok: true, value: { core: 20, edge: 80 } });
      expect((await dealt(port, 100))['edge']).toSatisfy((edge: number) => Math.abs(edge - 80) <= 1);
      for (const edge of [10, 50]) {
        expect(await front.set({ core: 100 - edge, edge })).toEqual({
          ok: true,
          value: { core: 100 - edge, edge },
        });
        expect((await dealt(port, 100))['edge']).toSatisfy((seen: number) => Math.abs(seen - edge) <= 2);
      }
      await front.set({ core: 100, edge: 0 });
      const before = gate.heard.length;
      expect(await dealt(port, 100)).toEqual({ core: 100, edge: 0 });
      expect(gate.heard).toHaveLength(before);
      expect(await front.read()).toEqual({ ok: true, value: { core: 100, edge: 0 } });
    },
    LIMIT_MS,
  );

  test(
    'no request is lost while they change under load, and the counters tell of each',
    async () => {
      const { front, port } = await openWorld(make, 80);
      const load = steadyLoad(port);
      for (const edge of [40, 0, 10, 50, 80]) {
        const from = load.sent();
        await until(() => load.sent() > from + 20);
        expect((await front.set({ core: 100 - edge, edge })).ok).toBe(true);
      }
      const { sent, lost, by } = await load.stop();
      expect(lost).toEqual([]);
      const counters = await front.counters();
      if (!counters.ok) throw new Error(counters.error.code);
      const { core, edge } = counters.value;
      // What did not get a connection in time was sent again to the other side, and is counted on both.
      expect(core.requests - core.retried).toBe(by['core']);
      expect(edge.requests - edge.retried).toBe(by['edge']);
      expect(core.requests + edge.requests - core.retried - edge.retried).toBe(sent);
      expect([core.inFlight, edge.inFlight]).toEqual([0, 0]);
    },
    LIMIT_MS,
  );

  test(
    'GET rides on kept connections, everything else on a fresh one; who answers says so',
    async () => {
      const { port, gate } = await openWorld(make, 100);
      const agent = new Agent({ keepAlive: true });
      for (let sent = 0; sent < 10; sent += 1) await call(port, '/get', { agent });
      for (let sent = 0; sent < 5; sent += 1) {
        const reply = await call(port, '/post', { method: 'POST', body: 'x', agent });
        expect([reply.status, reply.backend]).toEqual([200, 'edge']);
      }
      agent.destroy();
      const connections = (url: string) =>
        new Set(gate.heard.filter((heard) => heard.url === url).map(({ connection }) => connection)).size;
      expect(connections('/get')).toBeLessThanOrEqual(2);
      expect(connections('/post')).toBe(5);
    },
    LIMIT_MS,
  );

  test(
    'an upgraded connection goes both ways, counts as under way, and outlives weight 0',
    async () => {
      const { front, port, gate } = await openWorld(make, 100);
      const client = upgrade(port, 'hello');
      await until(() => client.heard.text.includes('101 '));
      expect(client.heard.text).toMatch(/x-tandem-backend: edge/i);
      expect(gate.heard).toMatchObject([{ url: '/ws' }]);
      await front.set({ core: 100, edge: 0 });
      client.say();
      await until(() => client.heard.text.endsWith('hello'));
      const inFlight = async () => {
        const counters = await front.counters();
        return counters.ok ? counters.value.edge.inFlight : -1;
      };
      await until(async () => (await inFlight()) === 1);
      client.end();
      await until(async () => (await inFlight()) === 0);
    },
    LIMIT_MS,
  );
}

function contractOfDeath(make: MakeFront): void {
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
      const { front, port, gate } = await openWorld(make, 100);
      await dealt(port, 20);
      gate.mood = 'silent';
      const gets = Array.from({ length: 8 }, () => call(port, '/get'));
      const post = call(port, '/post', { method: 'POST', body: 'x' }).then(
        ({ status }) => `answered ${status}`,
        (error: unknown) => `broken: ${String(error)}`,
      );
      await until(() => gate.heard.filter(({ url }) => url === '/get' || url === '/post').length === 9);
      const dead = await front.dead();
      if (!dead.ok) throw new Error(dead.error.code);
      for (const { status, backend } of await Promise.all(gets)) expect([status, backend]).toEqual([200, 'core']);
      expect(await post).not.toBe('answered 200');
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

function contractOfProcess(make: MakeFront): void {
  test(
    'outlives its adapter: the next one adopts it with its weights, and no request notices',
    async () => {
      const { front, port, adapter, config } = await openWorld(make, 80);
      const pid = front.pid();
      await front.set({ core: 60, edge: 40 });
      const load = steadyLoad(port);
      await front.dispose('keep');
      const next = adapter();
      expect(await next.open(config, { core: 20, edge: 80 })).toEqual({ ok: true, value: 'adopted' });
      expect(next.pid()).toBe(pid);
      expect(await next.read()).toEqual({ ok: true, value: { core: 60, edge: 40 } });
      await until(() => load.sent() > 50);
      expect((await load.stop()).lost).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'that is killed comes back with the weights of now',
    async () => {
      const { front, port } = await openWorld(make, 80);
      const states: boolean[] = [];
      front.onState(({ up }) => states.push(up));
      await front.set({ core: 70, edge: 30 });
      const pid = front.pid() ?? 0;
      process.kill(pid, 'SIGKILL');
      await until(async () => front.pid() !== pid && front.pid() !== null && (await front.read()).ok);
      expect(await front.read()).toEqual({ ok: true, value: { core: 70, edge: 30 } });
      expect((await call(port, '/')).status).toBe(200);
      expect(states).toEqual([false, true]);
    },
    LIMIT_MS,
  );

  test(
    'and a dead edge is still out after that',
    async () => {
      const { front, port, gate } = await openWorld(make, 80);
      expect((await front.dead()).ok).toBe(true);
      const pid = front.pid() ?? 0;
      process.kill(pid, 'SIGKILL');
      await until(async () => front.pid() !== pid && front.pid() !== null && (await front.read()).ok);
      const heard = gate.heard.length;
      expect(await front.read()).toEqual({ ok: true, value: { core: 100, edge: 0 } });
      expect(await dealt(port, 10)).toEqual({ core: 10, edge: 0 });
      expect(gate.heard).toHaveLength(heard);
    },
    LIMIT_MS,
  );

  test(
    'takes another configuration with requests in flight: none is lost, and the new gate is used',
    async () => {
      const { front, port, config, keys, gate } = await openWorld(make, 80);
      const second = await startGate(keys.edge, keys.core.pin);
      const { edge } = config;
      if (edge === null) throw new Error('no edge');
      const load = steadyLoad(port);
      await until(() => load.sent() > 50);
      const slow = Array.from({ length: 5 }, () => call(port, '/slow?delayMs=400'));
      await until(() => gate.heard.some(({ url }) => url.startsWith('/slow')));
      const moved = { ...config, edge: { ...edge, port: second.port } };
      expect(await front.reconfigure(moved, { core: 20, edge: 80 })).toEqual({ ok: true, value: undefined });
      for (const { status } of await Promise.all(slow)) expect(status).toBe(200);
      await until(() => second.heard.length > 20);
      const { lost } = await load.stop();
      expect(lost).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'says who has its port, and ends when it is told to',
    async () => {
      const world = await frontWorld(make);
      const squatter = createServer();
      await new Promise<void>((resolve) => squatter.listen(world.port, '127.0.0.1', resolve));
      const front = world.adapter();
      expect(await front.open(world.config, { core: 20, edge: 80 })).toMatchObject({
        ok: false,
        error: { code: 'frontPortTaken' },
      });
      await new Promise((resolve) => squatter.close(resolve));
      await front.dispose('stop');
      const second = world.adapter();
      expect((await second.open(world.config, { core: 20, edge: 80 })).ok).toBe(true);
      expect((await call(world.port, '/')).status).toBe(200);
      await second.dispose('stop');
      await expect(call(world.port, '/')).rejects.toThrow('ECONNREFUSED');
    },
    LIMIT_MS,
  );
}
