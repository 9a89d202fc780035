import type { TLSSocket } from 'node:tls';
import { expect, test, vi } from 'vitest';
import {
  macIdentity,
  openBench,
  openWorkload,
  until,
  type GateBench,
} from '../../../test/doubles/gate-bench.ts';
import { ENGINE_PROBE, GATE_READY_PATH, PROBE_HEADER, UNSENT_HEADER } from '../ports.ts';

vi.setConfig({ testTimeout: 30_000 });

const hello = () => openWorkload((_request, response) => void response.end('hello'));
const ready = async (bench: GateBench) => {
  const { status, headers, text } = await bench.ask({ path: GATE_READY_PATH });
  return { status, connection: headers.connection, ...(JSON.parse(text) as { generation: string }) };
};

/** Says a request and hears whatever comes until the other end is gone. */
function hearAll(socket: TLSSocket, text: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    socket.on('data', (piece: Buffer) => (heard += piece.toString()));
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(heard));
    socket.write(text);
  });
}
const EXPECTING = 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n';
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

test('another key, or none, gets no answer and reaches nobody', async () => {
  const workload = await hello();
  const bench = await openBench(workload.port);
  const { key, cert } = macIdentity();
  for (const stranger of [
    { key, cert },
    { key: undefined, cert: undefined },
  ]) {
    // What is wrong with a request is nobody's business either: no host, an expectation, junk.
    for (const text of [GET, 'GET / HTTP/1.1\r\n\r\n', EXPECTING, '\0\0\0'])
      expect(await hearAll(await bench.dial(stranger), text)).toBe('');
  }
  expect(workload.asked).toEqual([]);
  expect(bench.gate.requests()).toBe(0);
  expect((await bench.ask({})).text).toBe('hello');
});

test('TLS 1.2 is not spoken', async () => {
  const bench = await openBench((await hello()).port);
  await expect(bench.dial({ maxVersion: 'TLSv1.2' })).rejects.toThrow();
});

test('a resumed session is judged by the key of its first handshake, against the pin of now', async () => {
  const workload = await hello();
  const bench = await openBench(workload.port);
  const first = await bench.dial();
  const tickets: Buffer[] = [];
  first.on('session', (ticket) => tickets.push(ticket));
  first.resume();
  first.write(GET);
  await until(() => tickets.length > 0);
  const session = tickets.at(-1) as Buffer;
  const resumed = await bench.dial({ session });
  expect(resumed.isSessionReused()).toBe(true);
  resumed.resume();
  resumed.write(GET);
  await until(() => workload.asked.length === 2);
  const next = macIdentity();
  const { wish } = bench;
  await bench.gate.use({ ...wish, tls: { ...wish.tls, peerPin: next.pin } }, bench.edgePem);
  // What the old key held is gone, and its ticket opens nothing.
  await until(() => first.destroyed && resumed.destroyed);
  const late = await bench.dial({ session }).catch(() => null);
  expect(late === null ? '' : await hearAll(late, GET)).toBe('');
  expect(workload.asked).toHaveLength(2);
  const welcome = await bench.dial({ key: next.key, cert: next.cert });
  welcome.write(GET);
  await until(() => workload.asked.length === 3);
});

test('ready is: told so, and the workload healthy; checks and probes are not counted as requests', async () => {
  const workload = await hello();
  const bench = await openBench(workload.port);
  expect(bench.gate.readiness()).toEqual({ ready: false, notReady: 'starting' });
  expect(await ready(bench)).toMatchObject({
    status: 200,
    ready: true,
    notReady: null,
    requests: 0,
    inFlight: 0,
  });
  await bench.ask({ headers: { [PROBE_HEADER]: 'engine' } });
  await bench.ask({ method: 'POST', body: 'x' });
  workload.healthy = false;
  await until(async () => (await ready(bench)).status === 503);
  expect(await ready(bench)).toMatchObject({ ready: false, notReady: 'upstreamDown', requests: 1 });
  expect(bench.gate.facts()).toMatchObject({ probes: 1, trips: 0, upstreamUp: false });
  expect((await ready(bench)).generation).toBe(bench.gate.generation);
  // A workload that is not well is still given what comes: it is the front that decides.
  expect((await bench.ask({})).text).toBe('hello');
});

test('a gate that leaves says so, serves what comes and closes its connections behind it', async () => {
  const workload = await hello();
  const bench = await openBench(workload.port);
  const agent = bench.agent();
  expect((await bench.ask({ agent })).headers.connection).toBe('keep-alive');
  bench.gate.tell('leaving');
  expect(await ready(bench)).toMatchObject({ status: 503, notReady: 'leaving', connection: 'close' });
  const { text, headers } = await bench.ask({ agent });
  expect(text).toBe('hello');
  expect(headers.connection).toBe('close');
  expect((await bench.ask({ method: 'POST', body: 'x' })).status).toBe(200);
  bench.gate.tell(null);
  expect(await ready(bench)).toMatchObject({ status: 200, ready: true });
});

test.each(['leaving', 'stayOut', 'paused'] as const)(
  "%s: a front's connection ends with the word, the engine's stays",
  async (told) => {
    const bench = await openBench((await hello()).port, told);
    const asked = async (by: string) => {
      const headers = { [PROBE_HEADER]: by };
      return (await bench.ask({ path: GATE_READY_PATH, headers, agent: bench.agent() })).headers.connection;
    };
    expect([await asked('check'), await asked(ENGINE_PROBE)]).toEqual(['close', 'keep-alive']);
  },
);

test('a workload that hangs does not hold up the word of a gate that stays out', async () => {
  const bench = await openBench((await openWorkload(() => undefined)).port, 'stayOut');
  const begunMs = performance.now();
  expect(await ready(bench)).toMatchObject({ status: 503, notReady: 'stayOut' });
  // Its health is given up after 1 s.
  expect(performance.now() - begunMs).toBeLessThan(900);
});

test.each(['stayOut', 'paused'] as const)('%s: nothing is executed, and fronts are told so', async (told) => {
  const workload = await hello();
  const bench = await openBench(workload.port, told);
  expect(await ready(bench)).toMatchObject({ status: 503, notReady: told });
  const { status, headers } = await bench.ask({ method: 'POST', body: 'x'.repeat(2_000_000) });
  expect(status).toBe(425);
  expect(headers[UNSENT_HEADER]).toBe('1');
  expect(headers.connection).toBe('close');
  // Both fronts repeat a GET whose connection breaks.
  await expect(bench.ask({})).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(workload.asked).toEqual([]);
  expect(bench.gate.requests()).toBe(0);
  // The keeper looks through the gate before it admits the edge.
  const probe = await bench.ask({ path: '/look', headers: { [PROBE_HEADER]: 'engine' } });
  expect(probe.text).toBe('hello');
  const post = await bench.ask({ method: 'POST', headers: { [PROBE_HEADER]: 'engine' } });
  expect(post.status).toBe(425);
  expect(workload.asked).toEqual(['GET /look']);
});

test('another address is moved to; one that cannot be had leaves everything as it is', async () => {
  const workload = await hello();
  const bench = await openBench(workload.port);
  const { wish, gate, edgePem } = bench;
  const taken = { ...wish, listen: { host: '127.0.0.1', port: workload.port } };
  await expect(gate.use(taken, edgePem)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect((await bench.ask({})).text).toBe('hello');
  const free = await hello();
  await free.close();
  await gate.use({ ...wish, listen: { host: '127.0.0.1', port: free.port } }, edgePem);
  expect(gate.address()).toEqual({ host: '127.0.0.1', port: free.port });
  await expect(bench.ask({})).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  const moved = await bench.dial({ port: free.port });
  moved.write(GET);
  await until(() => workload.asked.length === 2);
});

test('another pin counts at once, also when the address that comes with it cannot be had', async () => {
  const workload = await hello();
  const bench = await openBench(workload.port);
  const old = await bench.dialQuiet();
  const next = macIdentity();
  const { wish } = bench;
  const taken = { host: '127.0.0.1', port: workload.port };
  const other = { ...wish, listen: taken, tls: { ...wish.tls, peerPin: next.pin } };
  await expect(bench.gate.use(other, bench.edgePem)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await until(() => old.destroyed);
  await expect(bench.ask({ method: 'POST' })).rejects.toThrow();
  const welcome = await bench.dial({ key: next.key, cert: next.cert });
  welcome.write(GET);
  await until(() => workload.asked.length === 1);
});

test('another upstream gets what comes next', async () => {
  const [one, two] = [await hello(), await openWorkload((_request, response) => void response.end('two'))];
  const bench = await openBench(one.port);
  const agent = bench.agent();
  expect((await bench.ask({ agent })).text).toBe('hello');
  const { wish } = bench;
  await bench.gate.use({ ...wish, upstream: { ...wish.upstream, port: two.port } }, bench.edgePem);
  expect((await bench.ask({ agent })).text).toBe('two');
});
