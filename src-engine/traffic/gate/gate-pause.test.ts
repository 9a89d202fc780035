import type { ServerResponse } from 'node:http';
import { expect, test, vi } from 'vitest';
import { endOf, openBench, openWorkload, textOf, until } from '../../../test/doubles/gate-bench.ts';
import { ENGINE_PROBE, GATE_READY_PATH, PROBE_HEADER, UNSENT_HEADER } from '../ports.ts';
import { PAUSE_LIMIT_MS } from './pause-guard.ts';

vi.setConfig({ testTimeout: 30_000 });

const post = (path: string, body = 'x', length = body.length): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n${body}`;

/** Answers `/slow` never; what it has executed is what it read whole. */
async function patient() {
  const executed: string[] = [];
  const open: ServerResponse[] = [];
  const workload = await openWorkload((request, response) => {
    textOf(request).then(
      () => {
        executed.push(request.url ?? '');
        if (request.url === '/slow') open.push(response);
        else response.end('done');
      },
      () => undefined,
    );
  });
  return { workload, executed, bench: await openBench(workload.port) };
}

test('what comes first after a pause is not executed, and everything that is held is reset', async () => {
  const { executed, bench } = await patient();
  const [running, idle, idleToo] = await Promise.all([
    bench.dialQuiet(),
    bench.dialQuiet(),
    bench.dialQuiet(),
  ]);
  running.write(post('/slow'));
  await until(() => executed.length === 1);
  const ends = Promise.all([running, idle, idleToo].map(endOf));
  bench.time.ms += PAUSE_LIMIT_MS + 1;
  idle.write(post('/zombie'));
  expect(await ends).toEqual(['ECONNRESET', 'ECONNRESET', 'ECONNRESET']);
  expect(executed).toEqual(['/slow']);
  expect(bench.trips).toEqual(['paused']);
  expect(bench.gate.readiness()).toEqual({ ready: false, notReady: 'paused' });
  await until(() => bench.gate.inFlight() === 0);
  const refused = await bench.ask({ method: 'POST', body: 'x' });
  expect([refused.status, refused.headers[UNSENT_HEADER]]).toEqual([425, '1']);
  bench.gate.tell(null);
  expect((await bench.ask({ method: 'POST', path: '/new', body: 'x' })).text).toBe('done');
  expect(executed).toEqual(['/slow', '/new']);
});

test.each(['stayOut', 'leaving'] as const)(
  "%s: the silence of an engine that asked once and keeps its connection is nobody's pause",
  async (told) => {
    const { bench } = await patient();
    bench.gate.tell(told);
    const headers = { [PROBE_HEADER]: ENGINE_PROBE };
    await bench.ask({ path: GATE_READY_PATH, headers, agent: bench.agent() });
    for (let looks = 0; looks < 12; looks += 1) {
      bench.time.ms += 250;
      bench.gate.tick();
    }
    expect([bench.trips, bench.gate.facts().connections]).toEqual([[], 1]);
    // One that carries more than questions is held, and its silence counts.
    await bench.dialQuiet();
    for (let looks = 0; looks < 12; looks += 1) {
      bench.time.ms += 250;
      bench.gate.tick();
    }
    expect(bench.gate.facts().trips).toBe(1);
  },
);

test('the rest of a request that came before the pause is not passed on after it', async () => {
  const { executed, workload, bench } = await patient();
  const socket = await bench.dialQuiet();
  socket.write(post('/half', 'x'.repeat(1000), 2000));
  await until(() => workload.asked.length === 1);
  const end = endOf(socket);
  bench.time.ms += PAUSE_LIMIT_MS + 1;
  socket.write('x'.repeat(1000));
  expect(await end).toBe('ECONNRESET');
  expect(executed).toEqual([]);
  expect(bench.trips).toEqual(['paused']);
});

test('the second of two requests in one piece does not slip through behind the first', async () => {
  const { executed, bench } = await patient();
  const socket = await bench.dialQuiet();
  const end = endOf(socket);
  bench.time.ms += PAUSE_LIMIT_MS + 1;
  socket.write(post('/one') + post('/two'));
  expect(await end).toBe('ECONNRESET');
  expect(executed).toEqual([]);
});

test('a new connection after a pause trips the guard before it is served', async () => {
  const { bench, executed } = await patient();
  bench.time.ms += PAUSE_LIMIT_MS + 1;
  const first = await bench
    .ask({ method: 'POST', body: 'x' })
    .catch((error: NodeJS.ErrnoException) => error.code);
  expect(first).toBe('ECONNRESET');
  expect(bench.trips).toEqual(['paused']);
  const { status, text } = await bench.ask({ path: GATE_READY_PATH });
  expect(status).toBe(503);
  expect(JSON.parse(text)).toMatchObject({ ready: false, notReady: 'paused' });
  expect(executed).toEqual([]);
});

test('a core that is silent for too long loses what it holds; its checks are words enough', async () => {
  const { bench } = await patient();
  const socket = await bench.dialQuiet();
  const end = endOf(socket);
  for (let round = 0; round < 20; round += 1) {
    bench.time.ms += 500;
    await bench.ask({ path: GATE_READY_PATH });
  }
  expect(bench.trips).toEqual([]);
  for (let tick = 0; tick < 8; tick += 1) {
    bench.time.ms += 250;
    bench.gate.tick();
  }
  expect(bench.trips).toEqual([]);
  bench.time.ms += 250;
  bench.gate.tick();
  expect(bench.trips).toEqual(['paused']);
  expect(await end).toBe('ECONNRESET');
});

test('nothing held, nothing missed: a gate without a core stays ready', async () => {
  const { bench } = await patient();
  for (let tick = 0; tick < 100; tick += 1) {
    bench.time.ms += 250;
    bench.gate.tick();
  }
  expect(bench.trips).toEqual([]);
});
