import { readFileSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { fail } from '../src-shared/errors/result.ts';
import { withSetting, settingsSchema, type Settings } from '../src-shared/settings.ts';
import { builtFront } from '../test/doubles/built-front.ts';
import { ownPort } from '../test/doubles/own-port.ts';
import { temporaryFolder } from '../test/doubles/temporary-folder.ts';
import { startCore } from '../test/doubles/workload.ts';
import { world as someWorld } from '../test/doubles/worlds.ts';
import type { HistoryRoom } from './history/history-room.ts';
import { openIdentity } from './link/identity/identity-files.ts';
import { writePeer } from './link/identity/peer-file.ts';
import { systemClock, systemScheduler } from './platform/clock.ts';
import { systemFiles } from './platform/files.ts';
import { homeAt, type Home } from './platform/home.ts';
import { silentLog } from './platform/log.ts';
import type { Platform } from './platform/platform.ts';
import { systemTools } from './platform/tools.ts';
import { BACKEND_HEADER } from './traffic/ports.ts';
import type { TrafficRoom } from './traffic/room-ports.ts';
import { wireTraffic } from './wire-traffic.ts';
import { createWorldStore, type WorldStore } from './world-store.ts';

const patient = { timeout: 60_000, interval: 50 };
let program = '';
beforeAll(async () => void (program = await builtFront()), 120_000);

interface Mac {
  readonly home: Home;
  readonly pin: string;
  readonly history: string[];
  settings: Settings;
  open(): Promise<{ room: TrafficRoom; world: WorldStore }>;
}

async function mac(role: 'core' | 'edge', settings: Record<string, unknown>): Promise<Mac> {
  const home = homeAt(temporaryFolder(`wire-${role}`));
  const identity = await openIdentity(home.identity);
  if (!identity.ok) throw new Error(identity.error.code);
  const platform: Platform = {
    clock: systemClock,
    scheduler: systemScheduler,
    tools: systemTools,
    files: systemFiles,
    home,
    timeScale: 1,
    env: process.env,
    os: process.platform,
    log: () => silentLog,
  };
  const history: string[] = [];
  const all = Object.entries({ role, ...settings }).reduce<Record<string, unknown>>(
    (made, [key, value]) => withSetting(made, key, value),
    {},
  );
  const made: Mac = {
    home,
    pin: identity.value.pin,
    history,
    settings: settingsSchema.parse(all),
    async open() {
      const world = createWorldStore(someWorld({ role }), systemClock.wall);
      const room = await wireTraffic({
        platform,
        world,
        history: { add: ({ what }: { what: string }) => history.push(what) } as unknown as HistoryRoom,
        settings: { get: () => made.settings, subscribe: () => undefined },
        clusters: { handlers: { 'cluster.kubeconfig': async () => fail('clusterUnknown', { name: '-' }) } },
        program,
      });
      onTestFinished(() => room.dispose('stop'));
      return { room, world };
    },
  };
  return made;
}

async function pair(one: Mac, other: Mac, role: 'core' | 'edge'): Promise<void> {
  const written = await writePeer(one.home.identity, {
    pin: other.pin,
    name: 'other',
    role,
    pairedAt: '2026-01-01T00:00:00.000Z',
    address: '127.0.0.1',
    port: 47_321,
    minor: 0,
    homeRouters: [null],
    refusedRouters: [],
  });
  if (!written.ok) throw new Error(written.error.code);
}

/** Who answered; null: nobody. */
function ask(listen: string): Promise<string | null> {
  return new Promise((resolve) => {
    const call = request(`http://${listen}/echo`, { agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(String(response.headers[BACKEND_HEADER] ?? response.statusCode)));
    });
    call.on('error', () => resolve(null));
    call.end();
  });
}

async function askMany(listen: string, times: number): Promise<Record<string, number>> {
  const count: Record<string, number> = {};
  for (let time = 0; time < times; time += 1) {
    const by = String(await ask(listen));
    count[by] = (count[by] ?? 0) + 1;
  }
  return count;
}

test.each(['embedded', 'haproxy'])(
  '%s: a pair that shares its traffic, a departure that is proven, an engine that comes back',
  { timeout: 240_000 },
  async (front) => {
    if (front === 'haproxy' && (await systemTools.find('haproxy')) === null) return;
    const [listen, gateListen] = [`127.0.0.1:${ownPort()}`, `127.0.0.1:${ownPort()}`];
    const [atCore, atEdge] = [await startCore('core'), await startCore('edge')];
    const core = await mac('core', {
      'traffic.front': front,
      'traffic.listen': listen,
      'traffic.upstream': `127.0.0.1:${atCore.port}`,
    });
    const edge = await mac('edge', {
      'traffic.gateListen': gateListen,
      'traffic.upstream': `127.0.0.1:${atEdge.port}`,
    });
    await pair(core, edge, 'edge');
    await pair(edge, core, 'core');

    const there = await edge.open();
    const here = await core.open();
    await expect.poll(() => here.world.get().traffic?.state, patient).toBe('up');
    expect(here.world.get().traffic).toMatchObject({
      front,
      why: 'setting',
      weights: { core: 100, edge: 0 },
    });
    expect(await askMany(listen, 5)).toEqual({ core: 5 });

    // The edge says where its gate is; it stays out until it is let in.
    await expect.poll(async () => (await there.room.gate.address()).ok, patient).toBe(true);
    const address = await there.room.gate.address();
    if (!address.ok) throw new Error(address.error.code);
    expect(await there.room.gate.state()).toMatchObject({ value: { ready: false, notReady: 'stayOut' } });
    expect(await here.room.switch.useGate(address.value)).toEqual({ ok: true, value: undefined });
    const told: boolean[] = [];
    here.room.switch.watchEdge((alive) => told.push(alive));
    await expect.poll(() => told, patient).toEqual([false]);
    // Before it is let in its workload is looked at through it.
    expect(await here.room.switch.probe('edge', 5)).toMatchObject({ sent: 5, ok: 5 });
    await there.room.gate.setReady(true, null);
    await expect.poll(() => told.at(-1), patient).toBe(true);

    expect(await here.room.switch.revive()).toMatchObject({ ok: true });
    const shares = { core: 20, edge: 80 };
    expect(await here.room.switch.set(shares, { core: 100, edge: 0 })).toEqual({ ok: true, value: shares });
    await expect.poll(async () => (await askMany(listen, 20))['edge'], patient).toBe(16);
    const [one, other] = await Promise.all([
      here.room.switch.probe('core', 20),
      here.room.switch.probe('edge', 20),
    ]);
    expect([one.ok, other.ok]).toEqual([20, 20]);

    // The departure.
    const none = { core: 100, edge: 0 };
    expect(await here.room.switch.set(none, shares)).toEqual({ ok: true, value: none });
    const proof = await here.room.switch.verifyLive(shares, 30_000);
    expect(proof).toMatchObject({ ok: true, value: { rounds: 2, onEdge: 0, newOnEdge: 0 } });
    expect(await askMany(listen, 10)).toEqual({ core: 10 });

    // The engine goes and comes: the front is the same, with its weights.
    await here.room.switch.set({ core: 50, edge: 50 }, none);
    await here.room.dispose('keep');
    expect(await ask(listen)).not.toBeNull();
    const again = await core.open();
    await expect.poll(() => again.world.get().traffic?.state, patient).toBe('up');
    expect(again.world.get().traffic?.weights).toEqual({ core: 50, edge: 50 });
    expect(core.history.filter((what) => what.includes('adopted'))).toHaveLength(1);
    const counters = await again.room.switch.counters();
    expect(counters.ok && counters.value.core.requests > 0).toBe(true);

    // The edge dies.
    await there.room.dispose('stop');
    expect(await again.room.switch.dead()).toMatchObject({ ok: true });
    expect(await askMany(listen, 10)).toEqual({ core: 10 });
    await again.room.dispose('stop');
    expect(await ask(listen)).toBeNull();
  },
);

/** A core whose workload runs, with the built-in front at a port of its own. */
async function coreWithEmbeddedFront() {
  const listen = `127.0.0.1:${ownPort()}`;
  const workload = await startCore('core');
  const core = await mac('core', {
    'traffic.front': 'embedded',
    'traffic.listen': listen,
    'traffic.upstream': `127.0.0.1:${workload.port}`,
  });
  return { core, listen };
}

test(
  'a port that is taken is named, and taken when it is free; another kind takes over within seconds',
  { timeout: 240_000 },
  async () => {
    const { core, listen } = await coreWithEmbeddedFront();
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(Number(listen.split(':')[1]), '127.0.0.1', resolve));
    const { room, world } = await core.open();
    await expect.poll(() => world.get().traffic?.problem?.code, patient).toBe('frontPortTaken');
    expect(world.get().traffic?.state).toBe('down');
    await new Promise((resolve) => squatter.close(resolve));
    await expect.poll(() => world.get().traffic?.state, patient).toBe('up');
    expect(world.get().traffic?.problem).toBeNull();
    expect(await ask(listen)).toBe('core');

    if ((await systemTools.find('haproxy')) === null) return;
    core.settings = { ...core.settings, traffic: { ...core.settings.traffic, front: 'haproxy' } };
    room.settingsChanged();
    await expect
      .poll(() => world.get().traffic, patient)
      .toMatchObject({ front: 'haproxy', state: 'up', problem: null });
    expect(await ask(listen)).toBe('core');
    await expect
      .poll(() => core.history.at(-1), patient)
      .toMatch(/from embedded to haproxy: nothing answered for \d+ ms at most/);
  },
);

test(
  'a front whose record is lost is found by its command line: no other kind is put beside it',
  { timeout: 240_000 },
  async () => {
    const { core, listen } = await coreWithEmbeddedFront();
    const pidInRecord = (): unknown =>
      (JSON.parse(readFileSync(join(core.home.run, 'front.json'), 'utf8')) as { pid: unknown }).pid;
    const first = await core.open();
    await expect.poll(() => first.world.get().traffic?.state, patient).toBe('up');
    const pid = pidInRecord();
    await first.room.dispose('keep');
    for (const name of ['front.json', 'traffic.json']) rmSync(join(core.home.run, name));
    // Where HAProxy is found it would be the choice of a machine without a front.
    core.settings = { ...core.settings, traffic: { ...core.settings.traffic, front: 'auto' } };
    const { world } = await core.open();
    await expect.poll(() => world.get().traffic?.state, patient).toBe('up');
    expect(world.get().traffic).toMatchObject({ front: 'embedded', problem: null });
    expect(pidInRecord()).toBe(pid);
    expect(await ask(listen)).toBe('core');
  },
);
