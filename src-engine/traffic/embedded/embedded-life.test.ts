import { rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { createServer } from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import { builtFront } from '../../../test/doubles/built-front.ts';
import {
  call,
  frontWorld,
  openWorld,
  outcomeOf,
  steadyLoad,
  until,
} from '../../../test/doubles/front-world.ts';
import { ownPort } from '../../../test/doubles/own-port.ts';
import { systemClock, systemScheduler } from '../../platform/clock.ts';
import type { Home } from '../../platform/home.ts';
import { silentLog } from '../../platform/log.ts';
import { controlSocketOf } from '../process/own-program.ts';
import { embeddedFront } from './embedded-front.ts';

let program = '';
beforeAll(async () => void (program = await builtFront()), 60_000);
const LIMIT_MS = 30_000;
const make = (home: Home) =>
  embeddedFront({ home, clock: systemClock, scheduler: systemScheduler, log: silentLog, program });

test(
  'another address: the new one is open before the old one closes, and who was connected gets its next answer',
  async () => {
    const { front, port, config } = await openWorld(make, 80);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await call(port, '/', { agent });
    const slow = outcomeOf(call(port, '/?delayMs=500'));
    const next = ownPort();
    const moved = { ...config, listen: { host: '127.0.0.1', port: next } };
    const pid = front.pid();
    expect((await front.reconfigure(moved, { core: 20, edge: 80 })).ok).toBe(true);
    expect(front.pid()).toBe(pid);
    expect((await call(next, '/')).status).toBe(200);
    const last = await call(port, '/', { agent });
    expect([last.status, last.headers.connection]).toEqual([200, 'close']);
    expect(await slow).toMatch(/^200 /);
    await expect(call(port, '/')).rejects.toThrow('ECONNREFUSED');
    agent.destroy();
  },
  LIMIT_MS,
);

test(
  'an address that is taken, or is none, is refused by name, and the old one goes on',
  async () => {
    const { front, port, config } = await openWorld(make, 80);
    const squatter = createServer();
    const taken = ownPort();
    await new Promise<void>((resolve) => squatter.listen(taken, '127.0.0.1', resolve));
    const load = steadyLoad(port);
    for (const [listen, code] of [
      [{ host: '127.0.0.1', port: taken }, 'frontPortTaken'],
      [{ host: '192.0.2.1', port }, 'frontDown'],
    ] as const)
      expect(await front.reconfigure({ ...config, listen }, { core: 20, edge: 80 })).toMatchObject({
        ok: false,
        error: { code },
      });
    const from = load.sent();
    await until(() => load.sent() > from + 20);
    const { sent, lost } = await load.stop();
    // Where the port stays and the address does not, nobody listens for a moment.
    expect(lost.length).toBeLessThan(sent / 10);
    expect((await call(port, '/')).status).toBe(200);
    squatter.close();
  },
  LIMIT_MS,
);

test(
  'an edge that nobody knows yet gets nothing, and joins without a restart',
  async () => {
    const world = await frontWorld(make);
    const front = world.adapter();
    expect(await front.open({ ...world.config, edge: null }, { core: 20, edge: 80 })).toEqual({
      ok: true,
      value: 'started',
    });
    expect(await front.read()).toEqual({ ok: true, value: { core: 100, edge: 0 } });
    expect(await front.set({ core: 20, edge: 80 })).toMatchObject({
      ok: false,
      error: { code: 'backendInvalid' },
    });
    expect(await front.dead()).toMatchObject({ ok: true, value: { resent: 0, cutCount: 0 } });
    const pid = front.pid();
    expect((await front.reconfigure(world.config, { core: 100, edge: 0 })).ok).toBe(true);
    expect((await front.set({ core: 0, edge: 100 })).ok).toBe(true);
    expect((await call(world.port, '/')).backend).toBe('edge');
    expect(front.pid()).toBe(pid);
  },
  LIMIT_MS,
);

test(
  'its control socket is gone: nobody can talk to it, so that it is started anew with the weights of now',
  async () => {
    const { front, port, home } = await openWorld(make, 80);
    const now = { core: 90, edge: 10 };
    expect((await front.set(now)).ok).toBe(true);
    const pid = front.pid();
    rmSync(controlSocketOf(home, 'front'));
    expect(await front.read()).toMatchObject({ ok: false, error: { code: 'frontDown' } });
    expect((await call(port, '/')).status).toBe(200);
    await until(async () => (await front.read()).ok);
    expect(front.pid()).not.toBe(pid);
    expect(await front.read()).toEqual({ ok: true, value: now });
    expect((await call(port, '/')).status).toBe(200);
  },
  LIMIT_MS,
);
