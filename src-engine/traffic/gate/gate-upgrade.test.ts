import { expect, test, vi } from 'vitest';
import {
  endOf,
  openBench,
  openWorkload,
  textOf,
  until,
  type Workload,
} from '../../../test/doubles/gate-bench.ts';
import { UNSENT_HEADER } from '../ports.ts';

vi.setConfig({ testTimeout: 30_000 });

/** Speaks a protocol of its own after the upgrade: every piece comes back with a mark. */
async function echo(): Promise<Workload> {
  const workload = await openWorkload((request, response) => {
    void textOf(request).then((text) => response.end(`plain ${text}`));
  });
  workload.server.on('upgrade', (request, socket) => {
    workload.asked.push(`upgrade ${request.url}`);
    if (request.url === '/no')
      return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno');
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nfirst ',
    );
    socket.on('data', (piece) => socket.write(`<${String(piece)}>`));
    socket.on('end', () => socket.end());
    socket.on('error', () => undefined);
  });
  return workload;
}

const upgrade = (path: string, to = 'websocket'): string =>
  `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: ${to}\r\n\r\n`;

/** A connection and all that came over it so far. */
async function talk(bench: Awaited<ReturnType<typeof openBench>>, text: string) {
  const socket = await bench.dial();
  const talk = { socket, heard: '', ended: false };
  socket.on('data', (piece: Buffer) => (talk.heard += piece.toString()));
  socket.on('close', () => (talk.ended = true));
  socket.write(text);
  return talk;
}

test('a WebSocket is a tunnel, and under way until it ends', async () => {
  const workload = await echo();
  const bench = await openBench(workload.port);
  const ws = await talk(bench, upgrade('/chat?token=1'));
  await until(() => ws.heard.includes('first'));
  expect(ws.heard).toMatch(/^HTTP\/1\.1 101 .*\r\nUpgrade: websocket\r\n/s);
  ws.socket.write('hello');
  await until(() => ws.heard.includes('<hello>'));
  expect(bench.gate.open()).toMatchObject([{ method: 'GET', path: '/chat' }]);
  ws.socket.end();
  await until(() => ws.ended && bench.gate.inFlight() === 0);
});

test('a WebSocket that the workload refuses is answered, and not under way afterwards', async () => {
  const bench = await openBench((await echo()).port);
  const ws = await talk(bench, upgrade('/no'));
  await until(() => ws.ended && bench.gate.inFlight() === 0);
  expect(ws.heard).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n.*\r\n\r\nno$/s);
});

test('an offer of another protocol with a POST is a POST', async () => {
  const workload = await echo();
  workload.server.removeAllListeners('upgrade');
  const bench = await openBench(workload.port);
  const head = 'POST /h2c HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n';
  const call = await talk(bench, `${head}HTTP2-Settings: AAM\r\nContent-Length: 6\r\n\r\nfirst`);
  await until(() => workload.asked.length === 1);
  call.socket.write('!');
  await until(() => call.ended);
  expect(call.heard).toContain('plain first!');
  expect(call.heard.toLowerCase()).toContain('connection: close');
  expect(workload.asked).toEqual(['POST /h2c']);
  await until(() => bench.gate.inFlight() === 0);
});

test('a workload that is not there, or a gate that stays out: unsent', async () => {
  const workload = await echo();
  const bench = await openBench(workload.port);
  await workload.close();
  for (const to of ['websocket', 'h2c']) {
    const refused = await talk(bench, upgrade('/chat', to));
    await until(() => refused.ended);
    expect(refused.heard).toMatch(new RegExp(`^HTTP/1\\.1 425 .*${UNSENT_HEADER}: 1`, 's'));
  }
  bench.gate.tell('stayOut');
  const out = await talk(bench, upgrade('/chat'));
  await until(() => out.ended);
  expect(out.heard).toMatch(new RegExp(`^HTTP/1\\.1 425 .*${UNSENT_HEADER}: 1`, 's'));
});

test('a cut lists what is open and resets it: RST, not FIN', async () => {
  const workload = await openWorkload(() => undefined);
  workload.server.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  });
  const bench = await openBench(workload.port);
  const idle = await bench.dialQuiet();
  const [order, chat] = await Promise.all([bench.dialQuiet(), bench.dialQuiet()]);
  let heard = '';
  chat.on('data', (piece: Buffer) => (heard += piece.toString()));
  const ends = Promise.all([endOf(order), endOf(chat)]);
  order.write('POST /order HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nx');
  chat.write(upgrade('/chat'));
  await until(() => heard.includes('101'));
  await until(() => bench.gate.inFlight() === 2);
  const cut = bench.gate.cut();
  expect(cut.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(['GET /chat', 'POST /order']);
  expect(await ends).toEqual(['ECONNRESET', 'ECONNRESET']);
  await until(() => bench.gate.inFlight() === 0);
  expect(idle.destroyed).toBe(false);
  expect(bench.gate.cut()).toEqual([]);
});

test('what Node reads but does not write is refused, and costs the gate nothing', async () => {
  const workload = await echo();
  const bench = await openBench(workload.port);
  // A tab is let in by the parsers of some Nodes; a trailer without chunks by all of them.
  for (const head of [upgrade('/a\tb'), upgrade('/a').replace('Host: a', 'Host: a\r\nTrailer: x')]) {
    const bad = await talk(bench, head);
    await until(() => bad.ended && bench.gate.inFlight() === 0);
    expect(bad.heard).toMatch(/^HTTP\/1\.1 400 /);
  }
  expect(workload.asked).toEqual([]);
  expect((await bench.ask({ method: 'POST', body: 'x' })).text).toBe('plain x');
});
