import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openBench, openWorkload, until } from '../../../test/doubles/gate-bench.ts';
import { MOST_STRANGERS } from './connections.ts';

vi.setConfig({ testTimeout: 30_000 });

/** Says nothing, and so never shows a key. */
function stranger(port: number, localAddress = '127.0.0.1'): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

test('of those who show no key the oldest goes when there are too many; the core comes in among them', async () => {
  const workload = await openWorkload((_request, response) => void response.end('hello'));
  const bench = await openBench(workload.port);
  const all: Socket[] = [];
  for (let count = 0; count < MOST_STRANGERS + 5; count += 1) {
    const next = stranger(bench.port);
    all.push(next);
    await until(() => !next.connecting);
  }
  // Sooner than the time that a handshake may take.
  await expect
    .poll(() => all.filter((socket) => socket.destroyed).length, { timeout: 3000 })
    .toBeGreaterThanOrEqual(5);
  expect(all.slice(0, 5).every((socket) => socket.destroyed)).toBe(true);
  // Over a new connection among all the others, and over the same one again.
  const agent = bench.agent();
  for (let time = 0; time < 2; time += 1) expect((await bench.ask({ agent })).text).toBe('hello');
  expect((await bench.ask({ method: 'POST', body: 'x' })).text).toBe('hello');
  expect(bench.gate.facts().connections).toBeGreaterThan(0);
});

test.runIf(process.platform === 'linux')(
  'a flood from another address costs the core nothing, whether its connection stands or is being made',
  async () => {
    const workload = await openWorkload((_request, response) => void response.end('hello'));
    const bench = await openBench(workload.port);
    const agent = bench.agent();
    await bench.ask({ agent });
    // Of the core, and its key is not shown yet.
    const slow = stranger(bench.port);
    await until(() => !slow.connecting);
    const flood: Socket[] = [];
    for (let count = 0; count < 2 * MOST_STRANGERS; count += 1) {
      const next = stranger(bench.port, '127.0.0.2');
      flood.push(next);
      await until(() => !next.connecting);
    }
    await expect
      .poll(() => flood.filter((socket) => socket.destroyed).length, { timeout: 3000 })
      .toBe(MOST_STRANGERS);
    expect(slow.destroyed).toBe(false);
    expect((await bench.ask({ agent })).text).toBe('hello');
  },
);
