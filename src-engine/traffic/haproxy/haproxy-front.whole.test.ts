import { statSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Shares } from '../../../src-shared/world/traffic.ts';
import { call, dealt, openWorld, steadyLoad, until } from '../../../test/doubles/front-world.ts';
import {
  configFile,
  haproxyHere,
  makeHaproxy as make,
  openStream,
  sideOf,
  socketFile,
  withEdge,
} from '../../../test/doubles/haproxy-scene.ts';
import { startGate } from '../../../test/doubles/test-gate.ts';
import { pause, systemScheduler } from '../../platform/clock.ts';
import { shortFolder } from '../../platform/home.ts';

/** What HAProxy alone has; what it has in common with every front is in front-contract.test.ts. */
const usual: Shares = { core: 20, edge: 80 };
const allOnCore: Shares = { core: 100, edge: 0 };
const good = <T>(value: T) => ({ ok: true, value });
const refused = (code: string) => ({ ok: false, error: { code } });

describe.skipIf(!haproxyHere.isHere)(`HAProxy (${haproxyHere.version})`, { timeout: 60_000 }, () => {
  it('keeps its files to itself, and a time-out that a server advertises from its clients', async () => {
    const world = await openWorld(make, 80);
    expect(statSync(socketFile(world)).mode & 0o777).toBe(0o600);
    expect(statSync(shortFolder(world.home.root)).mode & 0o777).toBe(0o700);
    expect(statSync(configFile(world)).mode & 0o777).toBe(0o600);
    expect((await call(world.port, '/')).headers['keep-alive']).toBeUndefined();
  });

  it('passes on bodies that are larger than what it keeps for a second try', async () => {
    const { port } = await openWorld(make, 80);
    const body = Buffer.alloc(1024 * 1024, 'x');
    for (let sent = 0; sent < 5; sent += 1) {
      const { status, text } = await call(port, '/echo', { method: 'POST', body });
      expect([status, (JSON.parse(text) as { bytes: number }).bytes]).toEqual([200, body.length]);
    }
  });

  it('is reloaded under load and a stream, again and again, and loses nothing', async () => {
    const { front, port, config, keys, core } = await openWorld(make, 80);
    const second = await startGate(keys.edge, keys.core.pin);
    const load = steadyLoad(port);
    const stream = await openStream(port);
    const pids = new Set([front.pid()]);
    for (const [to, edge] of [
      [second.port, 80],
      [config.edge?.port ?? 0, 50],
      [second.port, 80],
    ] as const) {
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

  it('shows who reads beside a write the shares before or after it, none that stand between', async () => {
    const { front } = await openWorld(make, 80);
    for (const edge of [0, 10, 50, 80, 20, 80]) {
      const writing = front.set({ core: 100 - edge, edge });
      const reads = await Promise.all(Array.from({ length: 5 }, () => front.read()));
      expect((await writing).ok).toBe(true);
      for (const read of reads) expect(read).toEqual(good({ core: 100 - edge, edge }));
    }
  });

  it('gives the core what is too much for the edge, but for a core that is down', async () => {
    const { front, port, core } = await openWorld(make, 100);
    const ask = async (): Promise<Record<string, number>> => {
      const asked: ReturnType<typeof call>[] = [];
      for (let sent = 0; sent < 160; sent += 1) {
        asked.push(call(port, '/?delayMs=4000', { method: 'POST' }));
        // Handshakes all at once would fail by the connect limit, and move as well.
        await pause(systemScheduler, 10);
      }
      const replies = await Promise.all(asked);
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
      return {
        core: replies.filter(({ backend }) => backend === 'core').length,
        edge: replies.filter(({ backend }) => backend === 'edge').length,
      };
    };
    const dealtBoth = await ask();
    expect(dealtBoth['edge']).toBeGreaterThan(110);
    expect(dealtBoth['edge']).toBeLessThanOrEqual(128);
    const before = await sideOf(front, 'core');
    expect(before.requests).toBeGreaterThanOrEqual(dealtBoth['core'] ?? Infinity);
    core.ready = false;
    await until(async () => (await sideOf(front, 'core')).up === false);
    expect(await ask()).toEqual({ core: 0, edge: 160 });
  });

  it('is back within a moment when it is killed', async () => {
    const { front, port } = await openWorld(make, 80);
    const began = performance.now();
    process.kill(front.pid() ?? 0, 'SIGKILL');
    await until(() =>
      call(port, '/').then(
        () => true,
        () => false,
      ),
    );
    // About 0.1 s on a quiet machine; the limit only tells a first death from a repeated one, which waits.
    expect(performance.now() - began).toBeLessThan(5000);
    expect(await front.read()).toEqual(good(usual));
  });

  it('takes the edge out, too, when it is killed at that moment', async () => {
    const { front, port, gate } = await openWorld(make, 80);
    process.kill(front.pid() ?? 0, 'SIGKILL');
    expect(await Promise.all([front.dead(), front.read()])).toMatchObject([{ ok: true }, { ok: false }]);
    expect(await front.read()).toEqual(good(allOnCore));
    const heard = gate.heard.length;
    expect(await dealt(port, 10)).toEqual({ core: 10, edge: 0 });
    expect(gate.heard).toHaveLength(heard);
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

  it('cuts the streams of a dead edge, and counts them', async () => {
    const { front, port } = await openWorld(make, 100);
    const streams = await Promise.all([openStream(port), openStream(port)]);
    expect(await front.dead()).toEqual(good({ resent: 0, cut: [], cutCount: 2 }));
    await until(() => streams.every((stream) => stream.ended()));
    expect((await sideOf(front, 'edge')).inFlight).toBe(0);
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
      expect(await call(port, '/', { method: 'POST', body: 'x' })).toMatchObject({
        status: 200,
        backend: 'core',
      });
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

  it('moves requests to the core from an edge that refuses, also where everything was dealt to the edge', async () => {
    const { front, port, gate } = await openWorld(make, 100);
    expect(await front.read()).toEqual(good({ core: 0, edge: 100 }));
    expect(await dealt(port, 20)).toEqual({ core: 0, edge: 20 });
    gate.kill();
    const posts = await Promise.all(
      Array.from({ length: 20 }, () => call(port, '/', { method: 'POST', body: 'x' })),
    );
    expect(posts.map(({ status, backend }) => `${status} ${backend}`)).toEqual(posts.map(() => '200 core'));
    expect((await sideOf(front, 'edge')).retried).toBeGreaterThan(0);
  });

  it('gives nothing to a gate that is not ready, and says so', async () => {
    const { front, port, gate } = await openWorld(make, 80);
    gate.ready = false;
    await until(async () => (await sideOf(front, 'edge')).up === false);
    const heard = gate.heard.length;
    expect(await dealt(port, 10)).toEqual({ core: 10, edge: 0 });
    expect([gate.heard.length, await front.read()]).toEqual([heard, good(usual)]);
  });
});
