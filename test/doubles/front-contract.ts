import { Agent } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { contractOfDeath } from './front-contract-death.ts';
import {
  call,
  dealt,
  frontWorld,
  openWorld,
  outcomeOf,
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
    'that is killed comes back with a share that somebody else lowered, once that was seen',
    async () => {
      const { front, config, adapter } = await openWorld(make, 80);
      const other = adapter();
      expect(await other.open(config, { core: 20, edge: 80 })).toMatchObject({ value: 'adopted' });
      await other.set({ core: 90, edge: 10 });
      await other.dispose('keep');
      expect(await front.read()).toMatchObject({ value: { edge: 10 } });
      const pid = front.pid() ?? 0;
      process.kill(pid, 'SIGKILL');
      await until(async () => front.pid() !== pid && front.pid() !== null && (await front.read()).ok);
      expect(await front.read()).toMatchObject({ value: { edge: 10 } });
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
      const slow = Array.from({ length: 5 }, () => outcomeOf(call(port, '/slow?delayMs=400')));
      await until(() => gate.heard.some(({ url }) => url.startsWith('/slow')));
      const moved = { ...config, edge: { ...edge, port: second.port } };
      expect(await front.reconfigure(moved, { core: 20, edge: 80 })).toEqual({ ok: true, value: undefined });
      for (const outcome of await Promise.all(slow)) expect(outcome).toMatch(/^200 /);
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
