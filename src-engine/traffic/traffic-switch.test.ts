import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { fail } from '../../src-shared/errors/result.ts';
import { oneKey } from '../../test/doubles/pair-keys.ts';
import { trafficBench } from '../../test/doubles/traffic-bench.ts';
import { recall } from './front-memory.ts';
import { peerPemFile } from './pair-files.ts';
import { BACKEND_HEADER, GATE_READY_PATH, PROBE_HEADER } from './ports.ts';
import { openTraffic } from './traffic-room.ts';

const shares = (edge: number) => ({ core: 100 - edge, edge });

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A core whose front, workload and edge's gate are small servers of this test. */
async function bench(front: RequestListener = (_request, response) => void response.end()) {
  const all = trafficBench('core');
  const frontPort = await portOf(createServer(front));
  const gate = { requests: 7, status: 200, notReady: null as string | null, seen: [] as string[] };
  const { keyPem, certificatePem } = all.keys.edge;
  const gatePort = await portOf(
    createTls(
      { key: keyPem, cert: certificatePem, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        gate.seen.push(request.url ?? '');
        const { requests, status, notReady } = gate;
        response.writeHead(status).end(JSON.stringify({ ready: status === 200, notReady, requests }));
      },
    ),
  );
  all.world.settings = { ...all.world.settings, listen: `127.0.0.1:${frontPort}`, healthPath: '/healthy' };
  const room = await openTraffic(all.ports);
  onTestFinished(() => room.dispose('keep'));
  const address = { address: '127.0.0.1', port: gatePort, certificatePem };
  return { ...all, room, gate, address };
}
type Bench = Awaited<ReturnType<typeof bench>>;

async function withGate(front?: RequestListener): Promise<Bench> {
  const all = await bench(front);
  expect(await all.room.switch.useGate(all.address)).toMatchObject({ ok: true });
  return all;
}

test('a share for an edge whose gate nobody knows is refused', async () => {
  const { room } = await bench();
  expect(await room.switch.set(shares(80), shares(0))).toMatchObject({ error: { code: 'gateDown' } });
});

test('a write is read back; the same again is no conflict; what somebody else wrote is', async () => {
  const { room, fronts } = await withGate();
  expect(await room.switch.set(shares(80), shares(0))).toEqual({ ok: true, value: shares(80) });
  expect(fronts.process?.shares).toEqual(shares(80));
  expect(await room.switch.set(shares(80), shares(0))).toMatchObject({ ok: true });
  await fronts.make('haproxy').set(shares(30));
  expect(await room.switch.set(shares(40), shares(80))).toEqual(
    fail('weightConflict', { expected: 80, found: 30, who: 'unknown' }),
  );
  expect(fronts.process?.shares).toEqual(shares(30));
  expect(room.view()?.weights).toEqual(shares(30));
});

test('a share falls on the disk before it falls in the front, and rises after it', async () => {
  const { room, fronts, ports } = await withGate();
  fronts.fails.set('set', { code: 'frontRefused', params: { line: 'no' } });
  expect(await room.switch.set(shares(80), shares(0))).toMatchObject({ error: { code: 'frontRefused' } });
  expect((await recall(ports.runFolder)).shares).toEqual(shares(0));
  fronts.fails.clear();
  await room.switch.set(shares(80), shares(0));
  expect((await recall(ports.runFolder)).shares).toEqual(shares(80));
  fronts.fails.set('set', { code: 'frontRefused', params: { line: 'no' } });
  await room.switch.set(shares(0), shares(80));
  expect((await recall(ports.runFolder)).shares).toEqual(shares(0));
});

test('without a front every act says so, and nothing is decided', async () => {
  const { room, world } = await bench();
  world.role = 'single';
  room.roleChanged();
  await expect.poll(() => room.view()).toBeNull();
  await expect.poll(async () => (await room.switch.read()).ok).toBe(false);
  expect(await room.switch.counters()).toMatchObject({ error: { code: 'frontDown' } });
  expect(await room.switch.dead()).toMatchObject({ error: { code: 'frontDown' } });
});

test("the gate's certificate must carry the paired key; it is the only one that the front believes", async () => {
  const { room, address, fronts, ports } = await bench();
  const stranger = oneKey().certificatePem;
  expect(await room.switch.useGate({ ...address, certificatePem: stranger })).toMatchObject({
    error: { code: 'backendWrong' },
  });
  expect(await room.switch.useGate({ ...address, certificatePem: 'nonsense' })).toMatchObject({
    error: { code: 'backendWrong' },
  });
  expect(await room.switch.useGate({ ...address, address: 'no host' })).toMatchObject({
    error: { code: 'backendInvalid' },
  });
  expect(fronts.process?.config.edge).toBeNull();
  const both = `${address.certificatePem}${stranger}`;
  expect(await room.switch.useGate({ ...address, certificatePem: both })).toMatchObject({ ok: true });
  const believed = await readFile(peerPemFile(ports.identityFolder), 'utf8');
  expect(believed.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
  expect(fronts.process?.config.edge).toMatchObject({ port: address.port });
});

test('dead: told at once, weight 0, and what became of the requests', async () => {
  const { room, fronts, ports } = await withGate();
  await room.switch.set(shares(80), shares(0));
  fronts.asked.length = 0;
  const outcome = await room.switch.dead();
  expect(fronts.asked[0]).toBe('haproxy dead');
  expect(outcome).toMatchObject({ ok: true, value: { resent: 2, cutCount: 1, cut: [{ method: 'POST' }] } });
  expect(fronts.process?.shares).toEqual(shares(0));
  expect(room.view()?.weights).toEqual(shares(0));
  await expect.poll(async () => (await recall(ports.runFolder)).shares).toEqual(shares(0));
  expect(await room.switch.revive()).toMatchObject({ ok: true });
  expect(fronts.process?.dead).toBe(false);
});

test('counters go on over a front that was started anew', async () => {
  const { room, fronts } = await withGate();
  fronts.serve(10);
  expect(await room.switch.counters()).toMatchObject({ value: { core: { requests: 10 } } });
  if (fronts.process !== null) Object.assign(fronts.process, { pid: 1, counters: { core: 2, edge: 0 } });
  expect(await room.switch.counters()).toMatchObject({ value: { core: { requests: 12 } } });
});

test('live: the core answers every probe, marked as such, and both counters stand still', async () => {
  const marked: boolean[] = [];
  const { room, gate } = await withGate((request, response) => {
    if (request.url === '/healthy') marked.push(PROBE_HEADER in request.headers);
    response.setHeader(BACKEND_HEADER, 'core').end();
  });
  const proof = await room.switch.verifyLive(shares(80), 10_000);
  expect(proof).toMatchObject({ ok: true, value: { probes: 40, rounds: 2, onEdge: 0, newOnEdge: 0 } });
  expect(marked).toHaveLength(40);
  expect(marked.every(Boolean)).toBe(true);
  expect(gate.seen).toContain(GATE_READY_PATH);
});

test('not live: one in five is answered by the edge, or by a server that is no front of ours', async () => {
  for (const by of ['edge', null]) {
    let turn = 0;
    const { room } = await withGate((_request, response) => {
      const other = (turn += 1) % 5 === 0;
      if (!other) response.setHeader(BACKEND_HEADER, 'core');
      else if (by !== null) response.setHeader(BACKEND_HEADER, by);
      response.end();
    });
    const proof = await room.switch.verifyLive(shares(80), 600);
    expect(proof).toMatchObject({ ok: false, error: { code: 'weightNotLive' } });
  }
});

test('the gate counts a request that came by another way: no proof while it goes on', async () => {
  const { room, gate } = await withGate((_request, response) => {
    gate.requests += 1;
    response.setHeader(BACKEND_HEADER, 'core').end();
  });
  expect(await room.switch.verifyLive(shares(80), 600)).toMatchObject({
    error: { code: 'weightNotLive', params: { doubt: 'gateCounted' } },
  });
});

test('a top-up goes through the front as traffic', async () => {
  const marked: boolean[] = [];
  const { room } = await bench((request, response) => {
    marked.push(PROBE_HEADER in request.headers);
    response.end();
  });
  await room.switch.topUp(10, 50);
  expect(marked).toEqual(Array.from({ length: 10 }, () => false));
});

test('each side is probed straight on its health path; a side that is not there fails', async () => {
  const { room, gate } = await withGate();
  const [core, edge] = await Promise.all([room.switch.probe('core', 4), room.switch.probe('edge', 4)]);
  expect(core).toMatchObject({ ok: 0 });
  expect(edge).toMatchObject({ sent: 4, ok: 4, wrong: 0 });
  expect(gate.seen.filter((path) => path === '/healthy')).toHaveLength(1 + 4);
});

test('the gate is watched by its own word: 503 twice is not alive, and why is handed over', async () => {
  const { room, gate } = await withGate();
  const told: unknown[] = [];
  room.switch.hurry(true);
  const watch = room.switch.watchEdge((alive, notReady) => told.push([alive, notReady]));
  onTestFinished(() => watch.dispose());
  await expect.poll(() => told.at(-1), { timeout: 10_000 }).toEqual([true, null]);
  Object.assign(gate, { status: 503, notReady: 'leaving' });
  await expect.poll(() => told.at(-1), { timeout: 10_000 }).toEqual([false, 'leaving']);
  gate.notReady = 'stayOut';
  await expect.poll(() => told.at(-1), { timeout: 10_000 }).toEqual([false, 'stayOut']);
  expect(told).toHaveLength(3);
  await expect.poll(() => room.view()?.backends.edge.healthy).toBe(false);
});
