import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  call,
  dealt,
  frontWorld,
  openWorld,
  steadyLoad,
  until,
  type FrontWorld,
} from '../../../test/doubles/front-world.ts';
import { startGate } from '../../../test/doubles/test-gate.ts';
import type { Shares } from '../../../src-shared/world/traffic.ts';
import { systemClock, systemScheduler } from '../../platform/clock.ts';
import { shortFolder, type Home } from '../../platform/home.ts';
import { silentLog } from '../../platform/log.ts';
import { isAlive, refOf } from '../../platform/processes.ts';
import { systemTools } from '../../platform/tools.ts';
import type { FrontAdapter, FrontConfig } from '../ports.ts';
import { wasEdited } from './config.ts';
import { findHaproxy } from './find-haproxy.ts';
import { haproxyFront } from './haproxy-front.ts';

/** What HAProxy alone has; what it has in common with every front is in front-contract.test.ts. */
const found = await findHaproxy(systemTools);
const where = found.ok ? found.value.version : 'not run: this machine has no HAProxy 2.6 or newer';

const make = (home: Home): FrontAdapter =>
  haproxyFront({
    home,
    clock: systemClock,
    scheduler: systemScheduler,
    log: silentLog,
    tools: systemTools,
    os: process.platform,
  });
const usual: Shares = { core: 20, edge: 80 };
const allOnCore: Shares = { core: 100, edge: 0 };
const good = <T>(value: T) => ({ ok: true, value });
const refused = (code: string) => ({ ok: false, error: { code } });

const configFile = ({ home }: FrontWorld): string => join(home.run, 'haproxy.cfg');
const socketFile = ({ home }: FrontWorld): string => join(shortFolder(home.root), 'hap.sock');

/** The same with another gate, or the same gate with other files. */
function withEdge(config: FrontConfig, changes: Partial<NonNullable<FrontConfig['edge']>>): FrontConfig {
  if (config.edge === null) throw new Error('no edge');
  return { ...config, edge: { ...config.edge, ...changes } };
}

async function sideOf(front: FrontAdapter, side: 'core' | 'edge') {
  const counters = await front.counters();
  if (!counters.ok) throw new Error(counters.error.code);
  return counters.value[side];
}

/** A client that reads a stream until it ends. */
async function openStream(port: number): Promise<{ readonly bytes: () => number; readonly ended: () => boolean }> {
  const seen = { bytes: 0, ended: false };
  const call = get({ host: '127.0.0.1', port, path: '/stream', agent: false });
  call.on('error', () => void (seen.ended = true));
  onTestFinished(() => void call.destroy());
  const answer = await new Promise<IncomingMessage>((resolve) => call.once('response', resolve));
  answer.on('data', (chunk: Buffer) => (seen.bytes += chunk.length));
  answer.on('close', () => (seen.ended = true));
  answer.on('error', () => undefined);
  return { bytes: () => seen.bytes, ended: () => seen.ended };
}

describe.skipIf(!found.ok)(`HAProxy (${where})`, { timeout: 30_000 }, () => {
  it('keeps its files to itself, and a time-out that a server advertises from its clients', async () => {
    const world = await openWorld(make, 80);
    expect(statSync(socketFile(world)).mode & 0o777).toBe(0o600);
    expect(statSync(shortFolder(world.home.root)).mode & 0o777).toBe(0o700);
    expect(statSync(configFile(world)).mode & 0o777).toBe(0o600);
    expect((await call(world.port, '/')).headers['keep-alive']).toBeUndefined();
  });

  it('is reloaded under load and a stream, again and again, and loses nothing', async () => {
    const { front, port, config, keys, core } = await openWorld(make, 80);
    const second = await startGate(keys.edge, keys.core.pin);
    const load = steadyLoad(port);
    const stream = await openStream(port);
    const pids = new Set([front.pid()]);
    for (const [to, edge] of [[second.port, 80], [config.edge?.port ?? 0, 50], [second.port, 80]] as const) {
      const sent = load.sent();
      expect(await front.reconfigure(withEdge(config, { port: to }), { core: 100 - edge, edge })).toEqual(
        good(undefined),
      );
      expect(await front.read()).toEqual(good({ core: 100 - edge, edge }));
      pids.add(front.pid());
      await until(() => load.sent() > sent + 50);
    }
    expect(pids.size).toBe(4);
    expect((await load.stop()).lost).toEqual([]);
    const bytes = stream.bytes();
    await until(() => stream.bytes() > bytes);
    expect([stream.ended(), core.heard.length > 0]).toEqual([false, true]);
  });

  it('is back within a moment when it is killed', async () => {
    const { front, port } = await openWorld(make, 80);
    const began = performance.now();
    process.kill(front.pid() ?? 0, 'SIGKILL');
    await until(() => call(port, '/').then(() => true, () => false));
    // About 0.1 s; a machine that does much else at the time gets more.
    expect(performance.now() - began).toBeLessThan(1500);
    expect(await front.read()).toEqual(good(usual));
  });

  it('takes the edge out of one that is just being replaced, too', async () => {
    const { front, port, config, keys } = await openWorld(make, 80);
    const second = await startGate(keys.edge, keys.core.pin);
    const replaced = front.reconfigure(withEdge(config, { port: second.port }), usual);
    expect(await front.dead()).toMatchObject({ ok: true });
    await replaced;
    expect(await front.set(allOnCore)).toEqual(good(allOnCore));
    expect(await front.read()).toEqual(good(allOnCore));
    expect(await front.set(usual)).toMatchObject(refused('frontRefused'));
    expect(await dealt(port, 10)).toEqual({ core: 10, edge: 0 });
    expect(second.heard).toEqual([]);
  });

  it('sends a POST elsewhere whose gate says that it was too early, and never one that may have been executed', async () => {
    const { front, port, config, keys } = await openWorld(make, 80);
    const heard: string[] = [];
    const early = createTlsServer(
      { key: keys.edge.keyPem, cert: keys.edge.certificatePem, minVersion: 'TLSv1.3' },
      (request, response) => {
        if (request.url === '/broken') request.socket.destroy();
        else response.writeHead(request.method === 'GET' ? 200 : 425).end();
        heard.push(`${request.method} ${request.url}`);
      },
    );
    await new Promise<void>((resolve) => early.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void early.close());
    const { port: to } = early.address() as AddressInfo;
    const edgeOnly = { core: 1, edge: 99 };
    expect(await front.reconfigure(withEdge(config, { port: to }), edgeOnly)).toEqual(good(undefined));
    for (let sent = 0; sent < 10; sent += 1)
      expect(await call(port, '/', { method: 'POST', body: 'x' })).toMatchObject({ status: 200, backend: 'core' });
    const before = heard.filter((line) => line === 'POST /broken').length;
    const broken = await call(port, '/broken', { method: 'POST', body: 'x' }).then(
      ({ status }) => status,
      () => 0,
    );
    expect(heard.filter((line) => line === 'POST /broken')).toHaveLength(before + 1);
    expect(broken).not.toBe(200);
  });

  it('is adopted with the weights that it has, and reloaded with them where it served by another configuration', async () => {
    const { front, config, keys, adapter } = await openWorld(make, 80);
    const second = await startGate(keys.edge, keys.core.pin);
    await front.set({ core: 60, edge: 40 });
    const pid = front.pid();
    await front.dispose('keep');
    const next = adapter();
    expect(await next.open(withEdge(config, { port: second.port }), usual)).toEqual(good('adopted'));
    expect(next.pid()).not.toBe(pid);
    expect(await next.read()).toEqual(good({ core: 60, edge: 40 }));
  });

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
    expect(said).toEqual([{ up: true, problem }, { up: true, problem: null }]);
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

  it('gives nothing to a gate that is not ready, and says so', async () => {
    const { front, port, gate } = await openWorld(make, 80);
    gate.ready = false;
    await until(async () => (await sideOf(front, 'edge')).up === false);
    const heard = gate.heard.length;
    expect(await dealt(port, 10)).toEqual({ core: 10, edge: 0 });
    expect([gate.heard.length, await front.read()]).toEqual([heard, good(usual)]);
  });

  it('goes on as it was when a configuration is refused', async () => {
    const { front, config, home } = await openWorld(make, 80);
    const pid = front.pid();
    if (config.edge === null) throw new Error('no edge');
    const tls = { ...config.edge.tls, ownPemFile: join(home.root, 'none.pem') };
    const answer = await front.reconfigure(withEdge(config, { tls }), allOnCore);
    expect(answer).toMatchObject(refused('frontRefused'));
    expect(answer.ok ? '' : answer.error.params['line']).toContain('none.pem');
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
});
