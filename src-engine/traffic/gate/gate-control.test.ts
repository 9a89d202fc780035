import { statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openBench, openWorkload, until } from '../../../test/doubles/gate-bench.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { askOverSocket } from '../../platform/socket-http.ts';
import { gateClient } from './gate-client.ts';
import type { GateWish, Told } from './gate-config.ts';
import { openGateControl } from './gate-control.ts';

async function opened() {
  const workload = await openWorkload((_request, response) => void response.end('x'));
  const bench = await openBench(workload.port, 'stayOut');
  const socketPath = join(temporaryFolder('control'), 'gate.sock');
  const seen = { told: [] as Told[], wishes: [] as GateWish[], stopped: 0 };
  const server = await openGateControl(
    {
      gate: bench.gate,
      async tell(told) {
        bench.gate.tell(told);
        seen.told.push(told);
      },
      async use(wish) {
        seen.wishes.push(wish);
        return wish.listen.port === 1 ? { code: 'gatePortTaken', params: { address: 'a', port: 1 } } : null;
      },
      stop: () => void (seen.stopped += 1),
    },
    socketPath,
  );
  onTestFinished(() => void server.close());
  const ask = (method: 'GET' | 'POST', path: string, body?: unknown) =>
    askOverSocket({ socketPath, method, path, body, limitMs: 2000 });
  return {
    bench,
    seen,
    socketPath,
    ask,
    client: gateClient(
      () => socketPath,
      () => null,
    ),
  };
}

test('the engine tells it, sees it and ends it', async () => {
  const { bench, seen, client, ask, socketPath } = await opened();
  expect(statSync(socketPath).mode & 0o777).toBe(0o600);
  await client.setReady(true, null);
  await until(async () => {
    const state = await client.state();
    return state.ok && state.value.ready;
  });
  await bench.ask({ method: 'POST', body: 'x' });
  const state = await client.state();
  expect(state.ok && state.value).toMatchObject({
    pid: process.pid,
    listen: `127.0.0.1:${bench.port}`,
    notReady: null,
    requests: 1,
    inFlight: 0,
    open: [],
  });
  await client.setReady(false, 'leaving');
  await client.setReady(false, null);
  expect(seen.told).toEqual([null, 'leaving', 'stayOut']);
  expect(await client.cut()).toEqual({ ok: true, value: [] });
  await ask('POST', '/stop');
  await until(() => seen.stopped === 1);
});

test('another configuration, or why it is not taken', async () => {
  const { bench, seen, client } = await opened();
  expect(await client.use(bench.wish)).toEqual({ ok: true, value: undefined });
  expect(seen.wishes).toEqual([bench.wish]);
  expect(await client.use({ ...bench.wish, listen: { host: 'a', port: 1 } })).toEqual({
    ok: false,
    error: { code: 'gatePortTaken', params: { address: 'a', port: 1 } },
  });
});

test('junk changes nothing and breaks nothing', async () => {
  const { seen, ask, socketPath, client } = await opened();
  const { wishes, told } = seen;
  expect((await ask('POST', '/ready', { ready: 'yes', why: null }))?.status).toBe(400);
  expect((await ask('POST', '/ready', { ready: true, why: 'paused' }))?.status).toBe(400);
  expect((await ask('POST', '/ready'))?.status).toBe(400);
  expect((await ask('POST', '/config', { listen: {} }))?.status).toBe(400);
  expect((await ask('GET', '/nothing'))?.status).toBe(404);
  expect((await ask('POST', '/state'))?.status).toBe(404);
  expect((await ask('POST', '/config', { x: 'y'.repeat(100_000) }))?.status).toBe(413);
  for (const junk of [
    '\0\0',
    'POST /ready HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n{{{{',
    'x'.repeat(99_999),
  ]) {
    const socket = connect(socketPath);
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(junk);
    await until(() => socket.closed);
  }
  expect([wishes, told]).toEqual([[], []]);
  expect((await client.state()).ok).toBe(true);
});

test('a word that waited in the socket while it was paused is not obeyed', async () => {
  const { bench, seen, client } = await opened();
  await client.setReady(true, null);
  bench.time.ms += 60_000;
  expect(await client.setReady(true, null)).toEqual({
    ok: false,
    error: { code: 'gateDown', params: { detail: 'paused' } },
  });
  expect(seen.told).toEqual([null]);
  const state = await client.state();
  expect(state.ok && state.value.notReady).toBe('paused');
  // Said again by who has seen it, it counts.
  await client.setReady(true, null);
  expect(bench.gate.told()).toBeNull();
});

test('a gate that does not answer is down, with what is known of it', async () => {
  const socket = () => join(temporaryFolder('control'), 'nobody.sock');
  const unknown = await gateClient(socket, () => null).state();
  expect(unknown).toMatchObject({ ok: false, error: { code: 'gateDown' } });
  const taken = { code: 'gatePortTaken' as const, params: { port: 5 } };
  expect(await gateClient(socket, () => taken).state()).toEqual({ ok: false, error: taken });
});
