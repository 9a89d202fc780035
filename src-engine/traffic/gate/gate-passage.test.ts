import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { expect, test, vi } from 'vitest';
import { openBench, openWorkload, textOf, until } from '../../../test/doubles/gate-bench.ts';
import { UNSENT_HEADER } from '../ports.ts';

vi.setConfig({ testTimeout: 30_000 });

const MIB = 1024 * 1024;
/** What lies in kernel and stream buffers on the way, several times over. */
const BUFFERED_BYTES = 16 * MIB;
const LARGE_BYTES = 48 * MIB;

test('heads, bodies and trailers pass whole, both ways', async () => {
  const workload = await openWorkload((request, response) => {
    void textOf(request).then((text) => {
      const raw = request.rawHeaders.map((line) => line.toLowerCase());
      response.writeHead(201, 'Made', { trailer: 'x-sum', 'set-cookie': ['a', 'b'], [UNSENT_HEADER]: '1' });
      response.write(JSON.stringify({ raw, text, trailers: request.trailers, url: request.url }));
      response.addTrailers({ 'x-sum': 'down' });
      response.end();
    });
  });
  const bench = await openBench(workload.port);
  const answer = await bench.ask({
    method: 'PUT',
    path: '/a%20b?c=d',
    headers: { 'x-own': '1', trailer: 'x-up', 'transfer-encoding': 'chunked' },
    body: 'payload',
    trailers: { 'x-up': 'up' },
  });
  const seen = JSON.parse(answer.text) as { raw: string[]; text: string; trailers: unknown; url: string };
  expect(seen).toMatchObject({ text: 'payload', trailers: { 'x-up': 'up' }, url: '/a%20b?c=d' });
  expect(seen.raw).toContain('x-own');
  expect(answer.status).toBe(201);
  expect(answer.headers['set-cookie']).toEqual(['a', 'b']);
  // The gate's own word, which no workload may say.
  expect(answer.headers[UNSENT_HEADER]).toBeUndefined();
  expect(answer.headers['keep-alive']).toBeUndefined();
  expect(answer.trailers).toEqual({ 'x-sum': 'down' });
});

test('a reader that does not read holds the workload up, and gets everything when it does', async () => {
  const sent = { bytes: 0 };
  const piece = randomBytes(MIB);
  const write = (response: ServerResponse): void => {
    while (sent.bytes < LARGE_BYTES) {
      sent.bytes += MIB;
      if (!response.write(piece)) return void response.once('drain', () => write(response));
    }
    response.end();
  };
  const workload = await openWorkload((_request, response) => write(response));
  const bench = await openBench(workload.port);
  const socket = await bench.dial();
  socket.pause();
  socket.write('GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  let before = -1;
  await until(async () => {
    const same = sent.bytes === before && sent.bytes > 0;
    before = sent.bytes;
    await new Promise((resolve) => setTimeout(resolve, 300));
    return same;
  });
  expect(sent.bytes).toBeLessThan(BUFFERED_BYTES);
  let got = 0;
  socket.on('data', (bytes: Buffer) => (got += bytes.length));
  socket.resume();
  await until(() => got >= LARGE_BYTES);
  expect(bench.gate.inFlight()).toBeLessThanOrEqual(1);
});

test('a workload that does not read holds the sender up', async () => {
  let begin = (): void => undefined;
  let got = 0;
  const workload = await openWorkload((request, response) => {
    request.pause();
    begin = () => {
      request.on('data', (bytes: Buffer) => (got += bytes.length));
      request.on('end', () => response.end('all'));
      request.resume();
    };
  });
  const bench = await openBench(workload.port);
  const socket = await bench.dial();
  socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${LARGE_BYTES}\r\n\r\n`);
  const piece = randomBytes(MIB);
  let sent = 0;
  const send = (): void => {
    while (sent < LARGE_BYTES) {
      sent += MIB;
      if (!socket.write(piece)) return void socket.once('drain', send);
    }
  };
  send();
  let before = -1;
  await until(async () => {
    const same = sent === before && workload.asked.length === 1;
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 300));
    return same;
  });
  expect(sent).toBeLessThan(BUFFERED_BYTES);
  begin();
  await until(() => got === LARGE_BYTES);
});

test('GETs share connections to the workload, a POST has its own', async () => {
  const workload = await openWorkload((_request, response) => void response.end('x'));
  const bench = await openBench(workload.port);
  for (let round = 0; round < 5; round += 1) await bench.ask({});
  expect(workload.connections).toBe(1);
  await bench.ask({ method: 'POST', body: 'x' });
  await bench.ask({ method: 'POST', body: 'x' });
  expect(workload.connections).toBe(3);
});

test('a kept connection that the workload closes costs no GET', async () => {
  // Answers once, and hangs up on whatever else comes over that connection.
  const used = new WeakSet<object>();
  const workload = await openWorkload((request, response) => {
    if (used.has(request.socket)) return void request.socket.destroy();
    used.add(request.socket);
    response.end('x');
  });
  const bench = await openBench(workload.port);
  for (let round = 0; round < 3; round += 1) expect((await bench.ask({})).text).toBe('x');
  expect(workload.asked.length).toBeGreaterThan(3);
});

test('unsent is said when nothing was given to the workload, and only then', async () => {
  const workload = await openWorkload((request) => void request.socket.destroy());
  const bench = await openBench(workload.port);
  const broken = await bench.ask({ method: 'POST', body: 'x' });
  expect(broken.status).toBe(502);
  expect(broken.headers[UNSENT_HEADER]).toBeUndefined();
  await expect(bench.ask({})).rejects.toMatchObject({ code: 'ECONNRESET' });
  await workload.close();
  const refused = await bench.ask({ method: 'POST', body: 'x'.repeat(3_000_000) });
  expect(refused.status).toBe(425);
  expect(refused.headers[UNSENT_HEADER]).toBe('1');
  await expect(bench.ask({})).rejects.toMatchObject({ code: 'ECONNRESET' });
  await until(() => bench.gate.inFlight() === 0);
});

test('an answer that breaks off in the middle never looks whole', async () => {
  const workload = await openWorkload((request, response) => {
    response.writeHead(200, request.url === '/long' ? { 'content-length': '100' } : {});
    response.write('half');
    setTimeout(() => request.socket.destroy(), 20);
  });
  const bench = await openBench(workload.port);
  await expect(bench.ask({ path: '/long' })).rejects.toThrow();
  await expect(bench.ask({ path: '/chunks' })).rejects.toThrow();
});

test('the head of a stream does not wait for its first event', async () => {
  let say = (): void => undefined;
  const workload = await openWorkload((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    say = () => void response.end('data: 1\n\n');
  });
  const bench = await openBench(workload.port);
  const socket = await bench.dial();
  let heard = '';
  socket.on('data', (bytes: Buffer) => (heard += bytes.toString()));
  socket.write('GET /stream HTTP/1.1\r\nHost: a\r\n\r\n');
  await until(() => heard.includes('text/event-stream'));
  expect(bench.gate.open()).toMatchObject([{ method: 'GET', path: '/stream' }]);
  say();
  await until(() => heard.includes('data: 1'));
  await until(() => bench.gate.inFlight() === 0);
});

test('a client that gives up ends its request at the workload', async () => {
  let gone = false;
  const workload = await openWorkload((request) => void request.socket.once('close', () => (gone = true)));
  const bench = await openBench(workload.port);
  const socket = await bench.dial();
  socket.write('POST /slow?secret=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx');
  await until(() => workload.asked.length === 1);
  // Its query is nobody's business.
  expect(bench.gate.open()).toMatchObject([{ method: 'POST', path: '/slow' }]);
  socket.destroy();
  await until(() => gone && bench.gate.inFlight() === 0);
});

test('junk is refused and costs nobody else anything', async () => {
  const workload = await openWorkload((_request, response) => void response.end('x'));
  const bench = await openBench(workload.port);
  for (const junk of [
    '\0\0\0',
    'GET\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: a\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`,
  ]) {
    const socket = await bench.dial();
    socket.resume();
    socket.write(junk);
    await until(() => socket.destroyed);
  }
  expect((await bench.ask({})).text).toBe('x');
  expect(workload.asked).toHaveLength(1);
});
