import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openBench, openWorkload, until } from '../../../test/doubles/gate-bench.ts';
import { MOST_STRANGERS } from './connections.ts';

vi.setConfig({ testTimeout: 30_000 });

/** Says nothing, and so never shows a key. */
function stranger(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

test('of those who show no key the oldest goes when there are too many; the core stays, and comes in', async () => {
  const workload = await openWorkload((_request, response) => void response.end('hello'));
  const bench = await openBench(workload.port);
  const agent = bench.agent();
  await bench.ask({ agent });
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
  // Over the connection of before, and over a new one among all the others.
  expect((await bench.ask({ agent })).text).toBe('hello');
  expect((await bench.ask({ method: 'POST', body: 'x' })).text).toBe('hello');
  expect(bench.gate.facts().connections).toBeGreaterThan(0);
});
