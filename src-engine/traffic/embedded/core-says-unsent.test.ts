import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { builtFront } from '../../../test/doubles/built-front.ts';
import { call, openWorld } from '../../../test/doubles/front-world.ts';
import { systemClock, systemScheduler } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import { UNSENT_HEADER } from '../ports.ts';
import { embeddedFront } from './embedded-front.ts';

let program = '';
beforeAll(async () => void (program = await builtFront()), 60_000);

/** A workload of the core that says of what it has done that it did not. */
async function liar(): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    if (request.url !== '/healthz') asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { [UNSENT_HEADER]: '1' }).end('done');
  });
  server.on('upgrade', (request, socket: Socket) => {
    asked.push(`upgrade ${request.url}`);
    socket.end(`HTTP/1.1 403 Forbidden\r\n${UNSENT_HEADER}: 1\r\nContent-Length: 0\r\n\r\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, asked };
}

test('that a request was not executed is believed of the gate alone', { timeout: 30_000 }, async () => {
  const { front, port, gate, config } = await openWorld(
    (home) =>
      embeddedFront({ home, clock: systemClock, scheduler: systemScheduler, log: silentLog, program }),
    10,
  );
  const core = await liar();
  await front.reconfigure({ ...config, core: { ...config.core, port: core.port } }, { core: 90, edge: 10 });
  const heard = gate.heard.length;
  const by: (string | undefined)[] = [];
  // In turn: one of ten is the edge's, and what comes behind it is the core's.
  while (by.length < 10 || by.at(-1) !== 'edge')
    by.push((await call(port, '/order', { method: 'POST', body: 'x' })).backend);
  expect(core.asked).toHaveLength(by.filter((side) => side === 'core').length);
  expect(core.asked.length + gate.heard.length - heard).toBe(by.length);
  const ws = await call(port, '/chat', { headers: { connection: 'Upgrade', upgrade: 'websocket' } });
  expect([ws.status, ws.backend]).toEqual([403, 'core']);
  expect(await front.counters()).toMatchObject({ value: { core: { retried: 0 } } });
});
