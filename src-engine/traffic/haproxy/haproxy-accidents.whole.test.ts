import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Shares } from '../../../src-shared/world/traffic.ts';
import { call, dealt, frontWorld, openWorld, until } from '../../../test/doubles/front-world.ts';
import {
  configFile,
  haproxyHere,
  makeHaproxy,
  openStream,
  sideOf,
  socketFile,
  withEdge,
} from '../../../test/doubles/haproxy-scene.ts';
import { systemTools } from '../../platform/tools.ts';
import type { Home } from '../../platform/home.ts';
import { isAlive, refOf } from '../../platform/processes.ts';
import { wasEdited } from './config.ts';

/** What people and systems do to a front behind the engine's back. */
const make = (home: Home) => makeHaproxy(home);
const usual: Shares = { core: 20, edge: 80 };
const allOnCore: Shares = { core: 100, edge: 0 };
const good = <T>(value: T) => ({ ok: true, value });
const refused = (code: string) => ({ ok: false, error: { code } });

describe.skipIf(!haproxyHere.isHere)(
  `accidents of HAProxy (${haproxyHere.version})`,
  { timeout: 60_000 },
  () => {
    it('writes a configuration anew that somebody edited, and says so until the next write', async () => {
      const world = await openWorld(make, 80);
      const pid = world.front.pid();
      await world.front.dispose('keep');
      const text = readFileSync(configFile(world), 'utf8');
      writeFileSync(configFile(world), text.replace('weight 80', 'weight 1'));
      const next = world.adapter();
      const said: unknown[] = [];
      expect(await next.open(world.config, usual)).toEqual(good('adopted'));
      next.onState((state) => said.push(state));
      await until(() => said.length > 0);
      const problem = { code: 'frontEdited', params: { file: configFile(world) } };
      expect(said).toEqual([{ up: true, problem }]);
      expect([next.pid(), wasEdited(readFileSync(configFile(world), 'utf8'))]).toEqual([pid, false]);
      expect(await next.set(usual)).toEqual(good(usual));
      await until(() => said.length > 1);
      expect(said.at(-1)).toEqual({ up: true, problem: null });
      await next.dispose('stop');
      writeFileSync(configFile(world), `${text}# mine\n`);
      const third = world.adapter();
      expect(await third.open(world.config, usual)).toEqual(good('started'));
      third.onState((state) => said.push(state));
      await until(() => said.length > 2);
      expect(said.at(-1)).toEqual({ up: true, problem });
    });

    it('comes up by itself when its port, that was taken, is free', async () => {
      const world = await frontWorld(make);
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(world.port, '127.0.0.1', resolve));
      const front = world.adapter();
      expect(await front.open(world.config, usual)).toEqual({
        ok: false,
        error: { code: 'frontPortTaken', params: { address: '127.0.0.1', port: world.port } },
      });
      await new Promise((resolve) => other.close(resolve));
      await until(() => front.pid() !== null);
      expect(await front.read()).toEqual(good(usual));
    });

    it('lets another take over when its socket is gone, with the weights of now', async () => {
      const world = await openWorld(make, 80);
      const { front, port } = world;
      await front.set({ core: 90, edge: 10 });
      const pid = front.pid();
      const stream = await openStream(port);
      rmSync(socketFile(world));
      expect(await front.read()).toMatchObject(refused('frontDown'));
      await until(() => front.pid() !== pid);
      expect(await front.read()).toEqual(good({ core: 90, edge: 10 }));
      expect((await dealt(port, 10))['core']).toBe(9);
      const bytes = stream.bytes();
      await until(() => stream.bytes() > bytes);
    });

    it('goes on as it was when a configuration is refused', async () => {
      const world = await openWorld(make, 80);
      const { front, config, home } = world;
      const pid = front.pid();
      if (config.edge === null) throw new Error('no edge');
      const tls = { ...config.edge.tls, ownPemFile: join(home.root, 'none.pem') };
      const answer = await front.reconfigure(withEdge(config, { tls }), allOnCore);
      expect(answer).toMatchObject(refused('frontRefused'));
      expect(answer.ok ? '' : answer.error.params['line']).toContain('none.pem');
      expect(await front.set({ core: 40, edge: 60 })).toMatchObject({ ok: true });
      await until(() => readFileSync(configFile(world), 'utf8').includes('weight 60'));
      expect(await front.set(usual)).toMatchObject({ ok: true });
      expect([front.pid(), await front.read()]).toEqual([pid, good(usual)]);
    });

    it('serves from a core that fails its checks, for want of a better one; without an edge there is no share of it', async () => {
      const world = await frontWorld(make);
      world.core.ready = false;
      const front = world.adapter();
      expect(await front.open({ ...world.config, edge: null }, usual)).toEqual(good('started'));
      expect(await front.read()).toEqual(good(allOnCore));
      await until(async () => (await sideOf(front, 'core')).up === false);
      expect(await dealt(world.port, 10)).toEqual({ core: 10, edge: 0 });
      expect((await sideOf(front, 'core')).requests).toBe(10);
      expect(await front.set(usual)).toMatchObject(refused('backendInvalid'));
      expect(await front.dead()).toEqual(good({ resent: 0, cut: [], cutCount: 0 }));
    });

    it('is had by the next engine although its program is not found any more', async () => {
      const { front, home, config } = await openWorld(make, 80);
      const pid = front.pid();
      await front.dispose('keep');
      const next = makeHaproxy(home, { ...systemTools, find: async () => null });
      onTestFinished(() => next.dispose('stop'));
      expect(await next.open(config, usual)).toEqual(good('adopted'));
      expect([next.pid(), await next.set(allOnCore)]).toEqual([pid, good(allOnCore)]);
    });

    it('is had as it is when it cannot be what the next engine wants, and changed when it can', async () => {
      const { front, config, ...world } = await openWorld(make, 80);
      const pid = front.pid();
      await front.dispose('keep');
      const next = world.adapter();
      const wrong = { ...config, core: { ...config.core, host: 'nobody.invalid' } };
      expect((await next.open(wrong, usual)).ok).toBe(false);
      expect([next.pid(), await next.read()]).toEqual([pid, good(usual)]);
      expect(await next.set(allOnCore)).toEqual(good(allOnCore));
      const other = { ...config, core: { ...config.core, healthPath: '/' } };
      expect(await next.reconfigure(other, allOnCore)).toEqual(good(undefined));
      expect(next.pid()).not.toBe(pid);
    });

    it('leaves nothing behind when it is stopped, a predecessor with a stream included', async () => {
      const world = await openWorld(make, 100);
      const { front, config, port } = world;
      const stream = await openStream(port);
      const first = await refOf(front.pid() ?? 0);
      expect(await front.reconfigure({ ...config, edge: null }, allOnCore)).toEqual(good(undefined));
      const second = await refOf(front.pid() ?? 0);
      if (first === null || second === null) throw new Error('not running');
      expect(await isAlive(first)).toBe(true);
      await front.dispose('stop');
      expect([await isAlive(first), await isAlive(second)]).toEqual([false, false]);
      expect([configFile(world), socketFile(world)].filter((file) => existsSync(file))).toEqual([]);
      await until(() => stream.ended());
      await expect(call(port, '/')).rejects.toThrow('ECONNREFUSED');
    });
  },
);
